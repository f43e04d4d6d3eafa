//! What is printed around an article and is no statement of it: datelines, bylines, captions,
//! credits, notes of the editors, calls to subscribe.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use crate::text::promotion::is_promotion;

fn set(patterns: &[&str]) -> RegexSet {
    RegexSet::new(patterns).unwrap_or_else(|_| RegexSet::empty())
}

/// Datelines, in front of the first words of an article.
static DATELINE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // 新华社北京2月2日电（记者某某）· 中新网1月3日电 · 本报讯（记者某某）
        r"^(?:【[^】]{1,24}】\s*)?[^，。！？；、“（(]{0,10}(?:社|网|报|台|客户端)[^，。！？；、“]{0,12}?\d{1,2}\s?日(?:[^，。！？；、“]{0,4}专)?\s?[电讯]\s*(?:[（(][^）)]{1,48}[）)]|[：:，,])?\s*",
        r"^[^，。！？；：“]{0,14}(?:本报|社|网|报|通讯社|电视台)讯\s*(?:[（(][^）)]{1,48}[）)]|[：:，,])?\s*(?:[（(]?(?:记者|通讯员)[^，。）)]{1,24}[）)]\s*)?",
        // 某某之家 1 月 3 日消息，
        r"^[^，。！？；：“]{0,18}\d{1,2}\s?月\s?\d{1,2}\s?日消息(?:\s*[，,：:]|\s)\s*",
        // 【某某网】
        r"^【[^】]{2,12}(?:网|报|社|讯|综合|消息|报道)】\s*",
        // 导读：
        r"^(?:导读|导语|摘要|核心提示|内容提要|核心阅读)\s*[：:丨|]\s*",
        // （记者某某）
        r"^[（(](?:本报)?(?:记者|通讯员|见习记者)[^）)]{1,40}[）)]\s*",
        // (Reuters) -
        r"^\((?:AP|Reuters|AFP|Bloomberg|UPI|CNN|IANS|PTI|Xinhua)\)\s*(?:--?|–|—)\s*",
        // 某某网-某某客户端讯 今（9）日，
        r"^[^，。！？；：“]{0,18}客户端讯\s*(?:[今昨]?[（(]?\d{1,2}[）)]?日[，,]?)?\s*",
        // FIRST ON FOX: · BREAKING:
        r"^[A-Z][A-Z ]{3,30}:\s+",
        // CANBERRA, Australia (AP) — · SAN JOSE, Calif., Jan. 3, 2026 /PRNewswire/ --
        r"^[A-Z][A-Z.'’ -]{2,30}(?:, [A-Za-z.]+){0,2}(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?\s*(?:\([A-Z][^()]{1,30}\)|/[A-Za-z ]+/)?\s*(?:--?|–|—)\s+",
        r"^[A-Z][A-Za-z.'’ -]{2,30}(?:, [A-Za-z. ]+){0,2}\s+\((?:AP|Reuters|AFP|Bloomberg|UPI|CNN|IANS|PTI|Xinhua)[^()]{0,20}\)\s*(?:--?|–|—)\s*",
    ]
    .iter()
    .filter_map(|p| Regex::new(p).ok())
    .collect()
});

/// The length in bytes of the dateline in front of `text`; 0 where there is none.
pub(super) fn dateline(text: &str) -> usize {
    let end = DATELINE.iter().filter_map(|d| d.find(text)).map(|hit| hit.end()).max().unwrap_or(0);
    // What is nothing but a dateline is left for `is_boilerplate` to see.
    if text[end..].trim().chars().count() < 6 { 0 } else { end }
}

static LIST_MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[（(]\d{1,2}[）)]、?|\d{1,2}[）)、]|[①-⑳]|[•·■●◆▶]|第[一二三四五六七八九十百]{1,4}[条款]\s)\s*").ok()
});

/// The length in bytes of the mark of a list item in front of `text`: it means nothing where the
/// item stands alone.
pub(super) fn list_mark(text: &str) -> usize {
    LIST_MARK.as_ref().and_then(|mark| mark.find(text)).map_or(0, |hit| hit.end())
}

static CHINESE: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^[（(]?(?:本报|本刊|新华社|中新社)?(?:特约|见习|实习)?(?:记者|通讯员|作者|编辑|责编|责任编辑|编译|撰文|摄影|策划|校对|审核|监制|来源|原标题|文字|图片|图源|封面|题图|视频|供图|翻译|整理|出品)\s*(?:[:：丨|/／]|[\p{Han}、 ]{2,16}[）)]?$)",
        r"^(?:文|图|撰文|作者|编辑)\s*[/／丨|:：]",
        r"编者按|编者注|【?按语】?：",
        r"(?:图片来源|图源|资料图|示意图|配图|题图|图为|上图|下图|左图|右图|见图|如图)",
        r"^[（(].{0,24}(?:图|摄|完|供图|截图|来源)[）)。]*$",
        r"(?:摄|供图)[）)。]?$",
        r"(?:扫码|扫描二维码|长按|点击(?:此处|阅读|上方|下方|链接|关注|查看)|关注(?:我们|公众号|本|微信)|公众号|订阅|点赞|转发|在看|加群|留言区|评论区|欢迎(?:关注|留言|投稿|分享|转发)|下载APP|更多精彩)",
        r"(?:版权(?:所有|归)|未经授权|转载请|授权转载|禁止转载|不代表本(?:站|网|报|平台)|本文(?:来自|来源|转自|首发|系|经|作者|由)|投资有风险|免责声明|仅供参考)",
        r"^(?:相关(?:阅读|链接|报道|新闻|推荐)|延伸阅读|推荐阅读|往期|参考(?:资料|文献|链接)|更多(?:新闻|内容|阅读)|上一篇|下一篇|热门|标签)",
        r"^\S{0,8}\d{1,2}月\d{1,2}日电题",
        r"（(?:完|未完待续|新华社供本报特稿|更多)）$",
    ])
});

static ENGLISH: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^(?:FILE|FILE PHOTO|File photo|PHOTO|Photo|Image|Images|Picture|Pictured|Video|Credit|Credits|Source|Caption|Graphic)\s*(?:[:\-–—]|by\b|courtesy\b)",
        r"^FILE\s",
        r"\((?:AP )?(?:Photo|Image|Picture|Video|Getty|Reuters|Courtesy|Credit)[^()]*\)?\.?$",
        r"(?:AP Photo|Getty Images|Photo by|Photograph by|Image credit|Image courtesy|Courtesy of|via Getty|via AP|Shutterstock|/AFP|/Reuters)",
        r"^(?:By|Written by|Reported by|Edited by|Reporting by|Editing by|Posted by|Story by|Words by)\s+[A-Z]",
        r"\((?:Reporting|Editing|Writing|Additional reporting) by",
        r"(?i)^(?:send this page|story continues|article continues|continue reading|read more|read also|see also|related|recommended|advertis|sponsored|click here|tap here|watch:|listen:|download|share this|sign up|subscribe|follow (?:us|me|him|her|@)|join (?:us|our)|support (?:us|our)|thank(?:s| you) for|editor.?s note|note:|correction|update[ds]?:|disclaimer|copyright|all rights|trending|tags?:|comments?\b|last updated|published|posted|hide caption|toggle caption|get (?:our|the latest|more)|what to know|more from|most read|in this article)",
        r"(?i)(?:newsletter|subscribe (?:to|now)|sign up (?:for|to|here)|all rights reserved|terms of (?:use|service)|privacy policy|cookie policy|affiliate (?:link|commission)|this (?:article|story|post) (?:was|is|has been) (?:originally|first|updated|published|produced|edited|translated)|contributed to this (?:report|story|article)|may not be published, broadcast|follow (?:him|her|them|us) on|inbox|e-?mail (?:him|her|us|me) at|(?:pic\.)?twitter\.com|©)",
        r"^(?:Get|Explore|Discover|Receive|Find|Join|Enter|Stay|Try|Start|Enjoy|Learn|Unlock)\b.{0,80}\b(?:news|newsletter|inbox|updates?|trial|account|offers?)\b",
        r"^\W*(?:\w+ ){0,4}(?:is|are) (?:a|an|the) (?:\w+ ){0,4}(?:reporter|correspondent|editor|writer|columnist|contributor|journalist)\b",
    ])
});

/// Whether `text` is no statement of the article.
pub(super) fn is_boilerplate(text: &str) -> bool {
    CHINESE.is_match(text)
        || ENGLISH.is_match(text)
        || is_promotion(text)
        || is_parenthesis(text)
        || is_personal(text)
}

/// Whether all of it stands in one pair of brackets: an aside.
fn is_parenthesis(text: &str) -> bool {
    let text = text.trim_end_matches(['.', '。']);
    let inner = text.strip_prefix(['(', '（']).and_then(|t| t.strip_suffix([')', '）']));
    inner.is_some_and(|inner| !inner.contains(['(', '（', ')', '）']))
}

static PERSONAL: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[r"\b(?:I|I(?:'|’)(?:m|ve|d|ll)|my|My|me)\b", r"^我(?:$|[^们国市省县区校院司方军])"])
});

/// Whether a single person speaks of themselves outside a quotation: in a digest nobody could tell
/// who.
fn is_personal(text: &str) -> bool {
    !text.contains(['“', '"', '「', '‘']) && PERSONAL.is_match(text)
}

/// Whether a whole paragraph is no part of the article: a caption that ends in its credit, a note
/// of the editors, a call to subscribe.
pub(super) fn is_aside(paragraph: &str) -> bool {
    CAPTION.is_match(paragraph)
}

static CAPTION: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"[（(][^（）()]*(?:Photo|Image|Picture|Getty|Reuters|AFP|Courtesy|Credit|摄|供图|图源|资料图|图片)[^（）()]*[）)]\s*\.?$",
        r"(?:Getty Images|Shutterstock|/AFP|/Reuters|/AP)\s*\.?$",
        r"^[^.]{3,80}, (?:left|right|center|centre|pictured|seen)\b[^.]*\.$",
        r"^(?:FILE|FILE PHOTO|File photo|Photo|Image|Caption)\s*[:–—-]|^FILE\s",
        r"(?i)^\W*(?:editor.?s note|sign up\b|subscribe\b|编者按|编者注|编辑注)",
        r"^(?:图|▲|△|↑)\s*\d{0,2}\s*[:：丨|]",
    ])
});

static CLOSING: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^[【\[（(#* ]*(?:相关(?:阅读|链接|报道|新闻|推荐|文章)|延伸阅读|推荐阅读|往期(?:回顾|推荐|精彩)|参考(?:资料|文献|链接|来源)|更多(?:新闻|内容|阅读)|作者简介|关于我们|引用|致谢|声明|投稿)",
        r"(?i)^\W*(?:related(?: articles| stories| posts| content| reading| coverage)?|references|further reading|see also|read (?:more|next)|recommended(?: for you)?|about the authors?|more (?:from|on|stories)\b.*|comments|acknowledge?ments|footnotes|notes|you (?:may|might) also like.*|share this.*)\W*$",
    ])
});

/// Whether a heading opens what no longer belongs to the article: references, related articles.
pub(super) fn closes(heading: &str) -> bool {
    CLOSING.is_match(heading)
}

/// Words that lean on the sentence before: pronouns and connectives.
static LEANING: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^[“\x22‘]?(?:他|她|它|我们|我[认觉想的说]|咱|说，|其|该|这|那(?:么|些|个|时|里|种|一|天|年)|此[外时次类举事后案项种番人文处]|但|然而|不过|而|因此|因而|所以|于是|同时|另外|对此|随后|随即|之后|接着|并|且|况且|与此|除此|例如|比如|譬如|也就是|换句话|换言之|尽管如此|相比|相反|反之|当时|为此|可见|总之|上述|前者|后者|双方|两者|二者|当天|当日|同日|当晚|次日|一方面|另一方面|其次|再次|最后|首先|第[二三四五]|同样|类似|正因|由此|从而|至此|也|又|还|再|则|如此|结果|之所以|值得注意|另据|另有|有鉴于|具体来说|具体而言|简单来说|更重要|更关键|进一步|反观|至于|或者|以上|以下|如下|目前，|事实上|实际上|显然|当然|毕竟|即便|否则|不仅如此|此前，)",
        r"^[“\x22'‘]?(?:He|She|It|They|We|I|You|This|That|These|Those|His|Her|Hers|Its|Their|Theirs|Him|Them|But|And|Or|So|Yet|Nor|Then|Also|Still|Instead|However|Moreover|Furthermore|Additionally|Meanwhile|Therefore|Thus|Hence|Consequently|Nevertheless|Nonetheless|Otherwise|Similarly|Likewise|Besides|Finally|Secondly|Thirdly|Second|Third|Indeed|Later|Afterwards?|Both|Neither|Another|Others?|Such|Here|There|Even so|Even then|After that|In addition|In contrast|In turn|In fact|In other words|In response|In that|In this|At the same time|At that|By contrast|As a result|As such|For example|For instance|For that|For this|On the other hand|On top of|Because of (?:this|that)|Despite (?:this|that)|Due to (?:this|that)|With (?:this|that)|According to (?:him|her|them)|Among (?:them|those)|One of (?:them|those)|The (?:two|three|pair|duo|latter|former|same|other)|Of (?:those|these)|What(?:'|’)s more|Unlike (?:that|this)|Not only that|That(?:'|’)s|It(?:'|’)s|He(?:'|’)s|She(?:'|’)s|They(?:'|’)re|There(?:'|’)s)\b",
    ])
});

/// Whether `text` cannot be understood without the sentence before it.
pub(super) fn leans(text: &str) -> bool {
    // 因此 in the middle gives a consequence of what stood before.
    LEANING.is_match(text) || text.contains("因此") || LATE_PRONOUN.is_match(text)
}

/// A pronoun as the first subject, behind an opening phrase: “In a new study, they …”.
static LATE_PRONOUN: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[r"^(?:In|At|On|After|For|With|During|By|From) [^,;:“]{3,60}, (?:he|she|they|it) "])
});
