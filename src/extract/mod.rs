//! Page → Article: the readable text of a page as numbered sentences. Pure.
//!
//! [`extract`] reads whatever a URL answered; [`from_feed`] reads the article text that a feed
//! carried. Both always give an [`Article`], with a [`Verdict`] where the page is none: a page that
//! cannot be read is data. Neither panics on any bytes, and both take time in proportion to the
//! page: nesting and elements are capped before a tree is built.
//!
//! What a reader of the page does not see (hidden elements, comments, invisible characters) does
//! not come out.

mod guard;
pub(crate) mod dom;
mod color;
mod css;
mod sheet;
mod hidden;
mod formula;
mod blocks;
mod meta;
mod title;
pub(crate) mod spelled_date;
mod date;
mod byline;
mod links;
mod sites;
mod agree;
mod witness;
mod general;
mod embedded;
mod standfirst;
mod tails;
mod trim;
mod verdict;
mod code;
mod page;
pub mod stage;

pub use guard::is_guarded;
pub use links::kind_of_url;
pub use stage::stage;

use serde::{Deserialize, Serialize};

use crate::text::{Document, Language, Moment};

/// What a URL answered, as [`extract`] reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSource<'a> {
    /// The URL that answered, after redirects: the base of relative links.
    pub url: &'a str,
    /// The `Content-Type` header as sent, where there was one.
    pub content_type: Option<&'a str>,
    /// The body after content decoding, in whatever charset.
    pub bytes: &'a [u8],
}

/// The text of an article as a feed carries it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedText<'a> {
    /// The item's URL: the base of relative links.
    pub url: &'a str,
    /// The content as HTML (`content:encoded`, Atom content, `content_html`), already decoded.
    pub html: &'a str,
    /// The item's title.
    pub title: &'a str,
    /// The item's author.
    pub byline: Option<&'a str>,
    /// The feed's name.
    pub site: Option<&'a str>,
    /// When the feed says it was published.
    pub published: Option<Moment>,
}

/// Reads a page. Never fails: a page that is no article gets its verdict.
pub fn extract(source: &PageSource<'_>) -> Article {
    page::read(source)
}

/// Reads article text that a feed carries. The title, byline, site and date are the feed's.
pub fn from_feed(source: &FeedText<'_>) -> Article {
    page::read_feed(source)
}

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
    /// Which way of extraction gave the text: `agreement` of two extractors, `readability` or
    /// `trafilatura` alone, `whole_page`, `json_ld`, `script_state`, `noscript`, `plain`, `feed`,
    /// `none`, or the name of a site's rule.
    pub way: String,
}
