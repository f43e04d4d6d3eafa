//! How exactly a number is meant, by the words around it.

use super::Slack;

/// Before a number in words: no number at all (数百, 上千, 成百). Before digits they belong to the word
/// in front (参数4860亿, 完成9.2亿元).
const VAGUE: &[&str] = &["数", "好几", "几", "上", "成"];
/// Words that end like a vague one and are not.
const NOT_VAGUE: &[&str] =
    &["人数", "总数", "次数", "以上", "指数", "点数", "户数", "系数", "加上", "达成"];
const ABOUT: &[&str] = &[
    "约",
    "大约",
    "大概",
    "估计",
    "左右",
    "about",
    "around",
    "approximately",
    "roughly",
    "some",
    "circa",
    "estimated",
];
const OVER: &[&str] = &[
    "逾",
    "超",
    "超过",
    "多于",
    "高于",
    "突破",
    "至少",
    "不少于",
    "以上",
    "过",
    "over",
    "more than",
    "at least",
    "above",
    "exceeding",
    "exceeded",
    "exceeds",
    "surpassed",
    "greater than",
    "upwards of",
];
const UNDER: &[&str] = &[
    "近",
    "将近",
    "接近",
    "不足",
    "不到",
    "低于",
    "少于",
    "至多",
    "多达",
    "高达",
    "最多",
    "nearly",
    "almost",
    "close to",
    "up to",
    "less than",
    "fewer than",
    "under",
    "below",
    "as many as",
    "as much as",
];

/// How exactly a number between `at` and `end` is meant.
pub(super) fn slack(chars: &[char], at: usize, end: usize) -> Slack {
    let before: String = chars[at.saturating_sub(16)..at].iter().collect();
    let tilde = before.trim_end().ends_with('~');
    let before = before.trim_end_matches([' ', '$', '€', '£', '¥', '~']);
    let after: String = chars[end..chars.len().min(end + 8)].iter().collect();
    let after = after.trim_start();
    let ends = |words: &[&str]| words.iter().any(|w| before.ends_with(w));
    let starts = |words: &[&str]| words.iter().any(|w| after.starts_with(w));
    let spelled = chars.get(at).is_some_and(|c| !c.is_ascii_digit());
    if spelled && ends(VAGUE) && !ends(NOT_VAGUE) {
        Slack::Vague
    } else if ends(ABOUT) || tilde || starts(&["左右", "上下", "或"]) {
        Slack::About
    } else if ends(OVER) || starts(&["以上", "or more", "多"]) {
        Slack::Over
    } else if ends(UNDER) {
        Slack::Under
    } else {
        Slack::Exact
    }
}
