//! Takes off what both extractors leave around an article: source and editor lines, datelines,
//! teasers for other articles, newsletter boxes, paging. Rules are lists of words, never of sites.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::blocks::Piece;
use super::meta::fold;
use super::tails;
use crate::text::BlockKind;

/// Short lines that start like this are no text of the article, wherever they stand.
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^[\s（(\[【〔|·]*(?:",
        // Chinese
        r"原标题\s*[:：]|原文标题\s*[:：]|责任编辑|责编|本文来源|文章来源\s*[:：]|信息来源\s*[:：]|来源\s*[:：]|稿源\s*[:：]|",
        r"编辑\s*[:：/]|值班编辑|审核\s*[:：]|校对\s*[:：]|监制\s*[:：]|免责声明|特别声明|版权声明|风险提示\s*[:：]|声明\s*[:：]|",
        r"点击进入|点击查看|点击下载|点此|扫码|扫描(?:下方|上方)?二维码|长按(?:识别)?|关注(?:我们|公众号)|更多精彩|欢迎关注|",
        r"文章关键词|关键词?字?\s*[:：].{0,40}$|标签\s*[:：]|分享到|打印本页|关闭窗口|返回首页|返回顶部|返目录|返回目录|当前位置|您的位置|您现在的位置|首页\s*(?:>>|->|>|»)|",
        r"上一[篇页章条]|下一[篇页章条]|第\d+页/共\d+页|发表评论|我要评论|网友评论|查看评论|阅读原文|展开全文|加载中|",
        r"知道了\s*$|相关专题\s*[:：]|延伸阅读\s*[:：]|相关(?:阅读|新闻|报道|链接|文章)\s*[:：]|推荐阅读\s*[:：]|本文(?:为|系).{0,12}(?:原创|转载)|未经.{0,8}授权|觉得.{0,8}(?:不错|有用|有帮助)|(?:[-—=\s]*)(?:the )?end[-—=\s]*$|举报\s*/?\s*反馈|举报\s*$|投稿邮箱|商务合作|友情链接|本文首发于|转载请注明|",
        r"(?:发布|发表|更新)?时间\s*[:：]\s*\d|发表于\s*\d{4}|发布于\s*\d{4}|trackback|",
        // English and other Western
        r"read (?:more|also|next)\b|see (?:more|also)\s*:|see also:|more on this|related\s*:|\[?related\b.{0,3}:|related (?:articles?|stories|posts?|content|coverage)\b|",
        r"also (?:on|read)\b.{0,20}[:.]|don['’]t miss\s*:?$|you (?:may|might) also (?:like|be interested)|continue reading(?: below)?|story continues|advertisement\s*$|",
        r"article continues|like this story\?|share this|share on|follow us\b|follow .{2,30} on (?:twitter|facebook|instagram)|sign up (?:for|to)\b|subscribe (?:to|for|now)\b|(?:subscribe|sign up|log in|sign in)\s*$|",
        r"get the (?:latest|day['’]s|best) .{0,60}(?:inbox|newsletter)|join our newsletter|filed under|tags?\s*:|topics?\s*:|categories\s*:|",
        r"copyright\b|©|\(c\)\s*20\d\d|all rights reserved|click here (?:to|for)\b|image (?:credit|source)s?\s*:|photo(?:graph)?(?: by|\s*:| credit)|",
        r"\(?(?:additional )?reporting by\b|\(?editing by\b|\(?writing by\b|have a tip\?|reach the reporters?\b|write to .{2,40} at \S+@|email .{2,40} at \S+@|",
        r"tempo de leitura|leggi anche|lire aussi|lesen sie auch|lea también|leia também|reading time|\d+ min(?:ute)?s? read|",
        r"join the (?:conversation|discussion)|leave a comment|\d+ comments?\s*$|print this|more (?:stories|great .{2,20} stories|from)\b.{0,30}$",
        r")",
    ))
    .ok()
});

/// A caption with the credit of its picture at the end: `(AP Photo/Somebody)`, `/Getty Images`.
static CREDIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\((?:[^()]{0,40}\b)?(?:ap|afp|file|reuters|getty|epa)?\s*(?:photo|image credit|photograph)s?\b[^()]{0,80}\)|\((?:image|photo|picture) ?(?:credit|source|by)?\s*[:：][^()]{0,80}\)|(?:/|via |© ?|credit: )\s*(?:getty images|reuters|afp|ap photo|associated press|shutterstock)[^.]{0,30}\)?)\s*$|^(?:图|图片|图源|照片|摄影)(?:来源|自)?\s*[:：/／|]\s*.{0,30}$",
    )
    .ok()
});

/// Short headings after which only other articles, comments or the like follow.
static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^[\s【\[（(|·]*(?:",
        r"相关(?:新闻|阅读|报道|文章|链接|推荐|专题)|延伸阅读|推荐阅读|猜你喜欢|热门(?:推荐|文章|新闻|评论)|热点专题|精彩推荐|更多(?:新闻|推荐|精彩)|",
        r"最新评论|网友评论|网友跟帖|全部评论|评论区|精彩评论|观察员|免责声明|特别声明|大家都在看|今日焦点|",
        r"related (?:articles?|stories|posts?|content|coverage|topics)|more (?:great .{2,20} )?stories|you (?:may|might) also like|",
        r"recommended(?: for you| stories)?|most (?:read|popular)|trending(?: now)?|popular (?:posts|stories)|about the authors?|comments?|leave a (?:reply|comment)|",
        r"share this(?: article| story| post)?|sign up for .{0,40}newsletter|subscribe to .{0,40}newsletter",
        r")\s*[】\])）:：.…!]*\s*$",
    ))
    .ok()
});

/// Headings of the readers' own words: nothing of the article follows them.
static REPLIES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^[\s|·【\[]*(?:回复线索|(?:网友|最新|全部|热门|精彩)?(?:评论|跟帖)(?:区|列表)?|\d+\s*条评论|(?:\d+ )?(?:comments|responses|replies)(?: \(\d+\))?)\s*[】\]:：]*\s*$",
    )
    .ok()
});

/// A line of a date and a source under the title, of paging numbers, or of rules.
static META_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^[\s|·]*(?:(?:20|19)\d\d[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?.{0,40}$|",
        r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2},? (?:20|19)\d\d.{0,30}$|by (?:reuters|afp|(?:the )?associated press|ap)$|",
        r"(?:\[\d+\]\s*){2,}$|[_\-=*—\s]{3,}$|(?:\d{1,2}|close|by|staff reports?|review|latest)$|",
        r"(?:(?:updated|published|posted)\b.{0,60}\d{1,4})|",
        r"[\w.+-]+@[\w.-]+\.\w+$|(?:https?://)?(?:www\.)?(?:twitter|facebook|x)\.com/\S+$|@\w+$)",
    ))
    .ok()
});

/// A line longer than this, in characters, is text whatever it starts with.
const LONG: usize = 160;

/// How many blocks apart a repetition is one of layout, and not of the text.
const NEAR: usize = 8;

/// The blocks of the article itself. `title` and `byline` are the page's: a copy of the title at
/// the head goes, and what is said of its author at the end.
pub(crate) fn trim(pieces: Vec<Piece>, title: &str, byline: Option<&str>) -> Vec<Piece> {
    let mut pieces = cut_tail(pieces);
    tails::cut_author(&mut pieces, byline);
    let count = pieces.len();
    let title = fold(title);
    let mut kept: Vec<Piece> = Vec::with_capacity(count);
    // A paragraph that stands twice close by is a caption or a pull quote the second time.
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let head = index < 4 || kept.is_empty();
        let edge = head || index + 4 >= count;
        let long = piece.kind == BlockKind::Paragraph && piece.text.chars().count() > 40;
        let again = long
            && seen.insert(piece.text.clone(), index).is_some_and(|before| index - before <= NEAR);
        let noise = again || tails::is_box(&piece, index * 2 >= count);
        if !noise && !is_noise(&piece, &title, head, edge, count) {
            kept.push(piece);
        }
    }
    // A heading that nothing follows announced what was taken off.
    while kept.len() > 1 && kept.last().is_some_and(|p| p.kind == BlockKind::Heading) {
        kept.pop();
    }
    kept
}

fn is_noise(piece: &Piece, title: &str, head: bool, edge: bool, count: usize) -> bool {
    if matches!(piece.kind, BlockKind::Code) {
        return false;
    }
    if piece.caption {
        return true;
    }
    let text = piece.text.as_str();
    let length = text.chars().count();
    let matches = |re: &LazyLock<Option<Regex>>| re.as_ref().is_some_and(|r| r.is_match(text));
    if head && !title.is_empty() && length <= 300 && fold(text) == title {
        return true;
    }
    if length <= 2 * LONG && matches(&CREDIT) {
        return count > 2;
    }
    if length <= LONG
        && matches(&LINE)
        && !(piece.kind == BlockKind::Heading && !edge && piece.link_share() < 0.5)
    {
        // In a very short text such a line may be all that there is.
        return count > 1;
    }
    if edge && length <= LONG && count > 2 && matches(&META_LINE) {
        return true;
    }
    // A line that is one link as a whole leads to another article.
    let wide = text.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9fff}')).count();
    let words = text.split_whitespace().count().max(wide / 2);
    piece.kind != BlockKind::TableRow
        && piece.link_share() > 0.8
        && words >= 5
        && (piece.kind != BlockKind::ListItem || edge)
        && count > 3
}

/// Cuts what follows a heading such as 相关阅读 where little or nothing of the article can follow.
fn cut_tail(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let total: usize = pieces.iter().map(|p| p.text.len()).sum();
    let mut before = 0;
    let mut cut = None;
    for (i, piece) in pieces.iter().enumerate() {
        let is_tail = i > 0
            && piece.text.chars().count() <= 40
            && TAIL.as_ref().is_some_and(|r| r.is_match(&piece.text));
        let replies =
            i > 0 && before >= 200 && REPLIES.as_ref().is_some_and(|r| r.is_match(&piece.text));
        if replies {
            cut = Some(i);
            break;
        }
        if is_tail {
            let rest = &pieces[i + 1..];
            let prose: usize = rest
                .iter()
                .filter(|p| p.link_share() < 0.3 && p.text.chars().count() > 80)
                .map(|p| p.text.len())
                .sum();
            if before * 10 >= total * 4 && prose * 5 <= total {
                cut = Some(i);
                break;
            }
        }
        before += piece.text.len();
    }
    if let Some(i) = cut {
        pieces.truncate(i);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trimmed(lines: &[&str]) -> Vec<String> {
        let pieces = lines
            .iter()
            .map(|l| Piece {
                kind: BlockKind::Paragraph,
                text: (*l).to_owned(),
                links: Vec::new(),
                caption: false,
            })
            .collect();
        trim(pieces, "观澜发布新模型", Some("Ann Lee")).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn chinese_heads_and_tails_go() {
        let body = "观澜实验室周六发布了新的模型，参数规模达到三千亿，训练用时四周，团队称推理成本下降一半。";
        let more = "团队在论文里说，新的模型在六项测试里都超过了上一代，并且在中文任务上领先。";
        let got = trimmed(&[
            "观澜发布新模型",
            "2026-01-03 09:30 来源：灯塔网",
            body,
            more,
            "责任编辑：王岚",
            "相关阅读",
            "另一篇文章的标题",
        ]);
        assert_eq!(got, [body, more]);
    }

    #[test]
    fn authors_and_boxes_go() {
        let body = "The laboratory said on Saturday that its model had passed every test, and that \
            it would publish the weights and the code in the spring, with a report on how it was made.";
        let end =
            "Guanlan is a laboratory that likes to surprise, and it did so again on Saturday.";
        for tail in [
            &["Ann Lee is a senior reporter who covers laboratories and their models."][..],
            &["Ann Lee", "Ann covers laboratories and has written for the Beacon since 2020."],
            &["Bo Chen is a staff writer at the Beacon."],
            &["Thank you for subscribing! Please check your inbox."],
            &["By signing up, you agree to our privacy policy."],
            &["新品免费试用，还有众多达人分享经验，快来灯塔众测，下载客户端还能获得专享福利哦！"],
            &["觉得不错就点个赞，再点个在看吧"],
        ] {
            let lines: Vec<&str> = [body, end].iter().chain(tail).copied().collect();
            assert_eq!(trimmed(&lines), [body, end], "{tail:?}");
        }
    }

    #[test]
    fn sentences_that_only_begin_alike_stay() {
        let long = "Read more than a few pages of the report and one thing becomes clear: the authors \
            did not expect the numbers to hold, and they say so in every chapter, at length and with care.";
        let body = "The laboratory said on Saturday that its model had passed every test.";
        let end = "It will be published in the spring, the laboratory said in a statement.";
        assert_eq!(trimmed(&[body, long, end]).len(), 3);
        assert_eq!(trimmed(&[body, "Read more: another model", end]).len(), 2);
    }
}
