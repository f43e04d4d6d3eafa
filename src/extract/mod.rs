//! Page → Article: the readable text of a page as numbered sentences. Pure.

use serde::{Deserialize, Serialize};

use crate::text::{Document, Language, Moment};

/// What a link in the body of an article leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// arXiv, DOI, OpenReview, conference PDFs.
    Paper,
    /// A code repository, model or data hub.
    Code,
    /// The maker's own announcement or documentation.
    Official,
    /// Another article.
    Media,
    /// Social media, and share buttons.
    Social,
}

/// A link found in the body of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The absolute URL as the page wrote it.
    pub url: String,
    /// The link's text.
    pub text: String,
    /// What it leads to.
    pub kind: LinkKind,
}

/// Whether a page is an article, and if not, what it is. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// An article that can be read.
    Article,
    /// WeChat asks for verification (环境异常), or says that the article was removed.
    WechatVerification,
    /// A bot challenge: Cloudflare, Anubis, AWS WAF and the like.
    Challenge,
    /// A consent wall.
    ConsentWall,
    /// A login wall.
    LoginWall,
    /// Only the teaser of a paid article.
    Paywall,
    /// A shell whose text only a script would load.
    ScriptShell,
    /// An error page that answered with status 200.
    SoftNotFound,
    /// Not HTML and not plain text.
    NotHtml,
    /// A page without enough readable text.
    TooShort,
}

/// Where an article's text came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextOrigin {
    /// The page.
    Page,
    /// The feed's own text of the article.
    Feed,
}

/// The readable text of one page, or the verdict that it is no article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// First 16 hex digits of the SHA-256 of the text.
    pub id: String,
    /// The URL that answered.
    pub url: String,
    /// Whether it is an article.
    pub verdict: Verdict,
    /// Title without the site's name; may be empty.
    pub title: String,
    /// Author as printed.
    pub byline: Option<String>,
    /// The site's name where the page gives it.
    pub site: Option<String>,
    /// Date of publication with the page's own offset.
    pub published: Option<Moment>,
    /// Language of the text.
    pub language: Option<Language>,
    /// The text. Also filled where the verdict is no article.
    pub document: Document,
    /// Links of the body, in order, each URL once.
    pub links: Vec<Link>,
    /// Where the text came from.
    pub origin: TextOrigin,
    /// Which way of extraction gave the text (`general`, a site rule's name, `json_ld` …).
    pub way: String,
}
