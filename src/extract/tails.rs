//! What stands around an article and speaks of somebody else: its author, the newsletter and the
//! app that want the reader. What a press release says of the company that sent it out stays: it
//! is part of what was sent.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::Piece;
use crate::text::BlockKind;

/// Blocks at the end among which an author is introduced.
const LAST: usize = 4;
/// A paragraph about an author is no longer than this, in characters.
const BIO: usize = 420;
/// A box is no longer than this, in characters.
const BOX: usize = 220;

/// An introduction of somebody who works for a paper, whoever it is.
static STAFF: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:\p{Lu}[\p{L}.’'-]+ ){2,4}(?:is|was|has been|works as) (?:an? |the )?(?:[\w’'-]+ ){0,5}(?:reporter|writer|editor|correspondent|journalist|columnist|contributor|blogger|producer|freelancer)\b",
    )
    .ok()
});

/// What is said of those who write.
const ROLE: &[&str] = &[
    " covers ",
    " covering ",
    " writes ",
    " reports ",
    " reporter",
    " writer",
    " editor",
    " author",
    " journalist",
    " columnist",
    " correspondent",
    " contributor",
    " freelance",
    " contributed ",
    " is based in ",
    " professor ",
    " lives in ",
    "记者",
    "作者",
    "专栏",
];

/// What only forms, boxes and pop-ups say, whatever their length.
static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:thank(?:s| you) for (?:subscribing|signing up|registering)|by (?:signing up|subscribing|submitting|clicking|registering|entering your email)\b.{0,60}(?:agree|accept|consent|acknowledge)|",
        r"(?:please )?enter (?:your|a valid) e-?mail|please check your (?:inbox|e-?mail)|check your inbox\b|you can unsubscribe|unsubscribe at any time|you have successfully|you are (?:now )?subscribed|",
        r"we use cookies|this (?:site|website) uses cookies|something went wrong|an error (?:has )?occurred|turn on (?:desktop )?notifications|(?:your|this) browser (?:does not|doesn['’]t) support|",
        r"javascript (?:is|must be)|please (?:enable|turn on) javascript|sponsored (?:content|by)|support (?:our|independent) journalism|already a (?:subscriber|member)|create (?:a|your) free account|",
        r"get .{0,60}\b(?:alerts|news|stories|updates)\b.{0,120}\b(?:delivered|inbox|weekday)\b|get (?:our|the) .{0,40}newsletter|subscribe and get|want more .{2,60}\? (?:sign up|subscribe)|listen to (?:this article|the (?:podcast|episode))|download (?:the|our) .{0,30}app\b|",
        r"contact the (?:author|reporter|writer)|follow (?:him|her|them|the author)\b|(?:media|press) contacts?\s*:?$|forward-looking statements?\s*:?$|source:? .{2,40}(?:inc|ltd|corp)\.?$)",
    ))
    .ok()
});

/// Words that ask the reader to come, scan, follow or load something.
const ASKS: &[&str] = &[
    "快来",
    "免费试",
    "下载客户端",
    "客户端下载",
    "下载app",
    "打开app",
    "专享",
    "福利",
    "扫码",
    "扫一扫",
    "二维码",
    "公众号",
    "关注我们",
    "点击关注",
    "点个赞",
    "点赞",
    "在看",
    "转发",
    "收藏",
    "投稿",
    "商务合作",
    "加群",
    "进群",
    "添加微信",
    "微信号",
    "长按",
    "识别",
    "众测",
    "优惠券",
    "领取",
    "立即体验",
    "更多精彩",
    "欢迎留言",
    "加入社群",
];

/// Whether a block is a form, a pop-up or a box that wants something of the reader. `late`: it
/// stands in the second half of the text.
pub(crate) fn is_box(piece: &Piece, late: bool) -> bool {
    let length = piece.text.chars().count();
    if length > BOX
        || matches!(piece.kind, BlockKind::Code | BlockKind::Quote | BlockKind::TableRow)
    {
        return false;
    }
    if FORM.as_ref().is_some_and(|r| r.is_match(&piece.text)) {
        return true;
    }
    // What somebody said about scanning and following is news.
    if !late || piece.text.contains(['“', '「', '"']) {
        return false;
    }
    let lower = piece.text.to_lowercase();
    let asks = ASKS.iter().filter(|w| lower.contains(**w)).count();
    asks >= 3 || (asks == 2 && length <= 100)
}

/// A paragraph at the end that introduces the author, and their name as a line of its own.
pub(crate) fn cut_author(pieces: &mut Vec<Piece>, byline: Option<&str>) {
    let from = pieces.len().saturating_sub(LAST).max(1);
    let Some(tail) = pieces.get(from..) else { return };
    let name = byline.map(str::trim).filter(|n| n.contains(' ') || !n.is_ascii());
    let first = name.and_then(|n| n.split_whitespace().next()).unwrap_or("");
    let at = tail.iter().enumerate().position(|(i, piece)| {
        let text = piece.text.trim();
        if text.chars().count() > BIO {
            return false;
        }
        let alone = name.is_some_and(|n| text == n)
            && tail.get(i + 1).is_some_and(|next| next.text.starts_with(first));
        let of_author =
            name.is_some_and(|n| text.starts_with(n)) && ROLE.iter().any(|r| text.contains(r));
        alone || of_author || STAFF.as_ref().is_some_and(|r| r.is_match(text))
    });
    if let Some(at) = at {
        pieces.truncate(from + at);
    }
}
