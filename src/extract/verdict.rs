//! Whether a page is an article. Each wall is known by its own words, and only where the page
//! yields little text: an article about Cloudflare or about cookies stays an article.

use dom_query::Document as Tree;

use super::Verdict;
use super::blocks::Piece;
use super::dom;
use super::meta::Meta;
use crate::text::charset;
use crate::text::measure::chinese_length;

/// What a page shows to the judge.
pub(crate) struct Evidence<'a> {
    /// The URL that answered.
    pub(crate) url: &'a str,
    /// The markup, tamed.
    pub(crate) html: &'a str,
    /// The title of the page's head and its headings, in lower case.
    pub(crate) title: String,
    /// The whole visible text in lower case.
    pub(crate) page_text: String,
    /// The extracted text.
    pub(crate) text: &'a str,
    /// Whether there is a field for a password.
    pub(crate) password: bool,
    /// Whether the page says that its text is not free.
    pub(crate) paid: bool,
}

impl<'a> Evidence<'a> {
    /// Gathers the evidence of a page that has lost what is hidden: its tree and its blocks.
    pub(crate) fn gather(
        url: &'a str,
        html: &'a str,
        (visible, shown): (&Tree, &[Piece]),
        meta: &Meta,
        text: &'a str,
    ) -> Self {
        let title = dom::all(visible, "title, h1, h2")
            .iter()
            .take(4)
            .map(dom::line)
            .collect::<Vec<_>>()
            .join(" · ");
        let mut page_text = String::new();
        for piece in shown {
            if page_text.len() > REACH {
                break;
            }
            page_text.extend(piece.text.chars().take(REACH));
            page_text.push('\n');
        }
        let paid = meta.articles.iter().any(|a| {
            a.get("isAccessibleForFree")
                .is_some_and(|v| v.to_string().to_ascii_lowercase().contains("false"))
        });
        Self {
            url,
            html,
            title: title.to_lowercase(),
            page_text: page_text.to_lowercase(),
            text,
            password: !dom::all(visible, "input[type=password]").is_empty(),
            paid,
        }
    }
}

/// Below this length (a Chinese character is one, a Latin word two) a text may be a wall's.
const SHORT: usize = 260;
/// Below this length a text is no article.
const LEAST: usize = 24;
/// How much of a page's text is looked at, in bytes: a wall is short.
const REACH: usize = 60_000;

const WECHAT: &[&str] = &[
    "环境异常",
    "去验证",
    "完成验证后即可继续访问",
    "该内容已被发布者删除",
    "此内容因违规无法查看",
    "该公众号已迁移",
    "此帐号已被屏蔽",
    "此账号已被屏蔽",
    "该内容暂时无法查看",
    "此内容发送失败无法查看",
    "内容已被投诉",
    "参数错误",
    "该链接已过期",
];
const CHALLENGE_TITLES: &[&str] = &[
    "just a moment",
    "attention required! | cloudflare",
    "making sure you're not a bot",
    "making sure you&#39;re not a bot",
    "checking your browser",
    "ddos-guard",
    "human verification",
    "are you a robot",
    "verify you are human",
    "verifying you are human",
    "pardon our interruption",
    "security check",
    "access to this page has been denied",
    "robot check",
    "bot verification",
    "人机验证",
    "安全验证",
    "访问验证",
    "滑动验证",
];
const CHALLENGE_TEXTS: &[&str] = &[
    "checking if the site connection is secure",
    "checking your browser before",
    "your browser is being checked",
    "browser is being checked",
    "enable javascript and cookies to continue",
    "needs to review the security of your connection",
    "verify you are human",
    "verify that you're not a robot",
    "protected by anubis",
    "i'm not a robot",
    "i am not a robot",
    "unusual traffic from your",
    "请完成安全验证",
    "请拖动滑块",
    "正在检查您的浏览器",
    "访问过于频繁",
];
const CHALLENGE_MARKS: &[&str] = &[
    "_cf_chl_opt",
    "/cdn-cgi/challenge-platform/h/",
    "id=\"anubis_",
    "anubis_challenge",
    "awswafintegration",
    "awswafcookiedomainlist",
    "gokuprops",
    "challenge.js",
    "geo.captcha-delivery.com",
    "px-captcha",
    "_incapsula_resource",
    "acw_sc__v2",
    "renderdata",
];
const CONSENT: &[&str] = &[
    "before you continue",
    "we value your privacy",
    "we care about your privacy",
    "we and our partners",
    "accept all cookies",
    "accept cookies to continue",
    "your privacy choices",
    "consent to the use of cookies",
    "manage your cookie",
    "cookie-einstellungen",
    "alle akzeptieren",
    "我们使用 cookie",
    "接受所有 cookie",
];
const LOGIN: &[&str] = &[
    "log in to continue",
    "sign in to continue",
    "please log in",
    "please sign in",
    "you must be logged in",
    "log in to view",
    "sign in to view",
    "sign in to read",
    "log in to read",
    "create an account to continue",
    "请先登录",
    "请登录后",
    "登录后查看",
    "登录后阅读",
    "登录后才能",
    "登录后即可",
    "登录查看更多",
];
const PAYWALL: &[&str] = &[
    "subscribe to continue",
    "subscribe to read",
    "subscribe to keep reading",
    "to continue reading",
    "subscribers only",
    "subscriber-only",
    "exclusive to subscribers",
    "only for subscribers",
    "already a subscriber",
    "unlock this article",
    "to read the full article",
    "to read the full story",
    "become a member to read",
    "members-only",
    "start your free trial",
    "this article is for paid",
    "订阅后继续阅读",
    "订阅后阅读",
    "付费阅读",
    "付费后",
    "开通会员",
    "会员专享",
    "剩余内容",
    "购买后继续阅读",
    "试读结束",
    "解锁全文",
];
const NOT_FOUND: &[&str] = &[
    "404",
    "404 not found",
    "error 404",
    "page not found",
    "not found",
    "page doesn't exist",
    "page does not exist",
    "page can't be found",
    "page no longer exists",
    "we can't find",
    "we couldn't find",
    "页面不存在",
    "页面未找到",
    "找不到页面",
    "页面没有找到",
    "您访问的页面",
    "内容不存在",
    "文章不存在",
    "页面已删除",
    "文章已删除",
    "内容已删除",
    "该页面已",
    "出错了",
];
const SCRIPT: &[&str] = &[
    "enable javascript",
    "requires javascript",
    "javascript is disabled",
    "javascript is required",
    "turn on javascript",
    "without javascript",
    "javascript enabled",
    "启用javascript",
    "启用 javascript",
    "开启javascript",
    "loading",
    "加载中",
];
const SHELL_MARKS: &[&str] = &[
    "id=\"root\"",
    "id=\"app\"",
    "id=\"__next\"",
    "id=\"__nuxt\"",
    "id=root",
    "id=app",
    "id=__next",
    "ng-app",
    "<app-root",
    "id=\"___gatsby\"",
];

/// Whether a text is too long to be a wall's, whatever stands around it.
pub(crate) fn is_long(text: &str) -> bool {
    // Enough for the answer in any script.
    let end = text.char_indices().nth(8000).map_or(text.len(), |(i, _)| i);
    chinese_length(&text[..end]) >= SHORT * 2
}

/// The verdict on a page whose text is not [long](is_long).
pub(crate) fn judge(e: &Evidence<'_>) -> Verdict {
    let length = chinese_length(e.text.get(..REACH).unwrap_or(e.text));
    let host = url::Url::parse(e.url)
        .ok()
        .and_then(|u| u.host_str().map(str::to_owned))
        .unwrap_or_default();
    let says = |list: &[&str]| list.iter().any(|w| e.page_text.contains(w));
    let titled = |list: &[&str]| is_title_of(&e.title, list);
    let short_page = length < SHORT && chinese_length(&e.page_text) < SHORT;
    let html = || e.html.to_ascii_lowercase();
    if length < 120 && (host == "mp.weixin.qq.com" || says(&["环境异常"])) && says(WECHAT) {
        return Verdict::WechatVerification;
    }
    if length < SHORT {
        let marked = short_page && length < LEAST * 3 && {
            let html = html();
            CHALLENGE_MARKS.iter().any(|m| html.contains(m))
        };
        if marked || (short_page && (titled(CHALLENGE_TITLES) || says(CHALLENGE_TEXTS))) {
            return Verdict::Challenge;
        }
        if short_page && titled(NOT_FOUND) {
            return Verdict::SoftNotFound;
        }
        if host.starts_with("consent.") || (says(CONSENT) && mentions_consent_only(e, length)) {
            return Verdict::ConsentWall;
        }
    }
    if length < SHORT * 2
        && (says_in_body(e, PAYWALL)
            || (e.paid && length < SHORT && says(&["subscri", "订阅", "会员", "付费"])))
    {
        return Verdict::Paywall;
    }
    if length < SHORT && (asks_to_log_in(e) || (e.password && length < LEAST * 3)) {
        return Verdict::LoginWall;
    }
    if length < LEAST {
        let scripts = e.html.matches("<script").count();
        let html = html();
        let shell = SHELL_MARKS.iter().any(|m| html.contains(m));
        let asks = SCRIPT.iter().any(|w| html.contains(w));
        if ((shell || asks) && scripts > 0) || (scripts > 2 && e.page_text.trim().is_empty()) {
            return Verdict::ScriptShell;
        }
        if titled(NOT_FOUND) || says(NOT_FOUND) {
            return Verdict::SoftNotFound;
        }
        return Verdict::TooShort;
    }
    Verdict::Article
}

/// Whether one part of the title is nearly only one of these phrases: `404 Media wins prize` is
/// no error page.
fn is_title_of(title: &str, list: &[&str]) -> bool {
    title.split(['|', '·', '–', '—', '_', ':', '：']).chain(title.split(" - ")).any(|part| {
        let part = part.trim();
        list.iter().any(|w| part.contains(w) && part.chars().count() <= w.chars().count() + 4)
    }) || list.iter().any(|w| w.contains('|') && title.contains(w))
}

/// Whether the words of a consent wall make up most of what the page shows.
fn mentions_consent_only(e: &Evidence<'_>, length: usize) -> bool {
    let own = e.text.to_lowercase();
    length < LEAST || CONSENT.iter().any(|w| own.contains(w)) || own.matches("cookie").count() >= 3
}

/// Whether a wall's words stand in a line of their own, as a wall sets them, and not in the menu.
fn says_in_body(e: &Evidence<'_>, list: &[&str]) -> bool {
    e.page_text.lines().any(|line| {
        line.chars().count() <= 200
            && line.chars().count() >= 4
            && list.iter().any(|w| line.contains(w))
    })
}

/// Whether reading asks for a login; commenting nearly always does.
fn asks_to_log_in(e: &Evidence<'_>) -> bool {
    const TO_TALK: &[&str] = &["comment", "reply", "post", "评论", "回复", "发言", "留言"];
    e.page_text.lines().any(|line| {
        line.chars().count() <= 200
            && LOGIN.iter().any(|w| line.contains(w))
            && !TO_TALK.iter().any(|w| line.contains(w))
    })
}

/// Whether bytes are no text at all, whatever the header says.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"%PDF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"RIFF",
        b"OggS",
        b"ID3",
        b"\x00\x00\x00",
        b"wOFF",
        b"\xd0\xcf\x11\xe0",
        b"7z\xbc\xaf",
        b"Rar!",
    ];
    let head = &bytes[..bytes.len().min(1024)];
    // Of UTF-16 and UTF-32 every other byte is zero, and more.
    if charset::is_wide(head) {
        return false;
    }
    MAGIC.iter().any(|m| head.starts_with(m))
        || head.iter().filter(|b| **b == 0).count() * 50 > head.len()
}

/// Whether a `Content-Type` names something that is neither HTML nor text.
pub(crate) fn is_other_media(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let readable = kind.is_empty()
        || kind.starts_with("text/html")
        || kind == "text/plain"
        || kind == "text/markdown"
        || kind.contains("xhtml")
        || kind == "application/octet-stream"
        || !kind.contains('/');
    !readable && !matches!(kind.as_str(), "text/xml" | "application/xml")
}
