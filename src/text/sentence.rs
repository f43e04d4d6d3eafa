//! Splitting running text into sentences, Chinese and English alike.
//!
//! A full stop ends a sentence only where nothing says that it does not: abbreviations, initials,
//! decimals, versions, URLs, list numbers and ellipses are not ends. When in doubt two sentences
//! stay one, as a quote from a joined sentence can still be found.

use std::ops::Range;

/// The sentences of one paragraph as byte ranges into `text`, in order, trimmed of white space.
/// Together they hold every character of `text` that is not white space between them, and each
/// sentence split again gives itself.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        if let Some(end) = end_at(text, start, at, c) {
            push(text, start..end, &mut out);
            start = end;
            at = end;
        } else {
            at = next;
        }
    }
    push(text, start..text.len(), &mut out);
    out
}

/// Where the sentence that began at `start` ends, if the character `c` at `at` ends it.
fn end_at(text: &str, start: usize, at: usize, c: char) -> Option<usize> {
    let next = at + c.len_utf8();
    match c {
        '\n' | '\u{2028}' | '\u{2029}' => Some(next),
        '。' | '！' | '？' | '｡' => Some(past_closers(text, next)),
        '!' | '?' | '.' | '…' => {
            let end = past_closers(text, next);
            let run = &text[at..end];
            let after = text[end..].chars().next();
            let chinese_follows = after.is_some_and(is_wide) && !run.starts_with('.');
            let stands_apart = after.is_none_or(char::is_whitespace);
            if !stands_apart && !chinese_follows {
                return None;
            }
            // In the middle of a sentence dots and exclamations go on in lower case.
            let following =
                text[end..].trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
            if !chinese_follows && continues(following) {
                return None;
            }
            let is_dots = c == '…' || run.starts_with("..");
            let is_stop = c == '.' && !is_dots && is_abbreviation(text, start, at, following);
            let is_name = run == "!" && is_shouted_name(&text[start..at]) && !following.is_empty();
            (!is_stop && !is_name).then_some(end)
        }
        _ => None,
    }
}

/// Whether what stands before an exclamation mark is a name that has one: `E!`, `Yahoo!`.
fn is_shouted_name(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let single = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    single || matches!(word, "Yahoo" | "Jeopardy" | "Yum" | "Joomla")
}

/// The index after further marks, closing quotes and brackets that belong to the same end.
fn past_closers(text: &str, from: usize) -> usize {
    let mut end = from;
    for (i, c) in text[from..].char_indices() {
        if !"。！？…!?.｡”’」』】）》〉)]\"'".contains(c) {
            break;
        }
        // An opening quote right after a Chinese stop begins the next sentence.
        let straight = c == '"' || c == '\'';
        if straight && opens(text, from + i) {
            break;
        }
        end = from + i + c.len_utf8();
    }
    end
}

/// Whether the straight quote at `at` opens a quotation: text follows it directly.
fn opens(text: &str, at: usize) -> bool {
    text[at + 1..].chars().next().is_some_and(char::is_alphanumeric)
}

/// Whether what follows shows that the sentence is not over.
fn continues(following: &str) -> bool {
    let Some(c) = following.chars().next() else {
        return false;
    };
    c.is_lowercase() || matches!(c, ',' | ';' | ':' | '，' | '；' | '：' | '、')
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '“' | '‘' | '（')
}

/// Never the end of a sentence.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "col", "lt", "sgt", "capt",
    "cmdr", "adm", "maj", "rev", "hon", "st", "mt", "ft", "messrs", "mme", "pres", "supt", "vs",
    "v", "cf", "eg", "ie", "viz", "al", "approx", "ca", "esp", "e.g", "i.e", "a.k.a", "p.s",
    "w.r.t",
];
/// Not the end where a number follows.
const BEFORE_NUMBERS: &[&str] = &[
    "no", "nos", "fig", "figs", "eq", "eqs", "sec", "sect", "ch", "chap", "vol", "p", "pp", "par",
    "ref", "refs", "tab", "art", "app", "ver", "approx", "est", "jan", "feb", "mar", "apr", "jun",
    "jul", "aug", "sep", "sept", "oct", "nov", "dec",
];
/// The end only where what follows begins a sentence clearly.
const MAYBE: &[&str] = &[
    "inc", "corp", "ltd", "co", "llc", "jr", "sr", "etc", "dept", "univ", "assn", "bros", "est",
    "ave", "blvd", "rd", "mass", "calif", "conn", "fla", "u.s", "u.k", "u.n", "e.u", "d.c", "a.m",
    "p.m", "ph.d", "m.d", "b.a", "m.a", "b.sc", "m.sc", "n.y", "l.a", "a.i", "u.s.a",
];
/// Words that begin sentences far more often than they stand inside a name.
const OPENERS: &[&str] = &[
    "The",
    "This",
    "That",
    "These",
    "Those",
    "It",
    "He",
    "She",
    "They",
    "We",
    "In",
    "On",
    "At",
    "But",
    "And",
    "However",
    "Its",
    "His",
    "Her",
    "Their",
    "There",
    "A",
    "An",
    "For",
    "As",
    "If",
    "When",
    "While",
    "After",
    "Before",
    "According",
    "You",
    "I",
    "Our",
    "To",
    "By",
    "With",
    "From",
    "What",
    "Now",
    "So",
    "Not",
    "No",
    "Last",
    "Earlier",
    "Since",
    "Some",
    "Many",
    "Most",
    "Both",
    "Such",
    "Still",
    "Yet",
];

/// Whether the full stop at `at` belongs to a shortened word, an initial or the number of a list.
fn is_abbreviation(text: &str, start: usize, at: usize, following: &str) -> bool {
    let before = &text[start..at];
    let word_start = before
        .rfind(|c: char| c.is_whitespace() || "([（“\"‘'—–/".contains(c) || is_wide(c))
        .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let word = &before[word_start..];
    let lower = word.to_lowercase();
    let first = word_start == 0 || before[..word_start].trim().is_empty();
    // `1.` or `2.1.` at the beginning of a sentence numbers it.
    if first
        && !word.is_empty()
        && word.chars().all(|c| c.is_ascii_digit() || c == '.')
        && word.len() <= 5
    {
        return !following.is_empty();
    }
    if TITLES.contains(&lower.as_str()) {
        return true;
    }
    let number_follows = following.starts_with(|c: char| c.is_ascii_digit() || c == '#');
    if BEFORE_NUMBERS.contains(&lower.as_str()) && number_follows {
        return true;
    }
    let opener = following
        .trim_start_matches(['“', '"', '‘', '\''])
        .split(|c: char| !c.is_alphabetic())
        .next()
        .is_some_and(|w| OPENERS.contains(&w));
    // `J. Smith`, `J.R. Smith`; a letter that ends a sentence (`plan B. The`) goes before an opener.
    let initials =
        word.split('.').all(|p| p.chars().count() == 1 && p.chars().all(char::is_uppercase));
    if !word.is_empty() && initials {
        return !opener && following.starts_with(char::is_alphabetic);
    }
    if MAYBE.contains(&lower.as_str()) {
        return !opener && !following.is_empty();
    }
    false
}

fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        let from = range.start + (part.len() - part.trim_start().len());
        out.push(from..from + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sentences(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn both_languages() {
        let text = "第一句。第二句“引文。”第三句 First one. Second one!";
        assert_eq!(
            sentences(text),
            ["第一句。", "第二句“引文。”", "第三句 First one.", "Second one!"]
        );
        assert_eq!(
            sentences("他说：“走吧！”然后离开。真的？！是的……她答。"),
            ["他说：“走吧！”", "然后离开。", "真的？！", "是的……", "她答。"]
        );
        assert_eq!(sentences("提升3.5倍。GPT-4.1发布了。"), ["提升3.5倍。", "GPT-4.1发布了。"]);
    }

    #[test]
    fn what_is_no_end() {
        for one in [
            "Mr. Lee met Dr. J. R. Smith in the U.S. Senate on Friday.",
            "Tools, e.g. parsers, i.e. readers, gain 3.5 percent over v1.2 at example.com/a.b today.",
            "See Fig. 3 and No. 5 in Sec. 2 of the paper.",
            "1. Install the package and run it.",
            "He paused ... and went on.",
            "“Is it real?” she asked.",
            "It is a new report by E! News and Yahoo! Finance on Friday.",
            "Beacon Inc. Chief Executive Ann Lee spoke at 9 a.m. Eastern time.",
            "It cost $1.5 billion, said J.P. Morgan.",
            "It opened on Jan. 3 in Washington, D.C., last year.",
        ] {
            assert_eq!(sentences(one), [one]);
        }
    }

    #[test]
    fn what_is_one() {
        assert_eq!(
            sentences("It left the U.S. The team stayed."),
            ["It left the U.S.", "The team stayed."]
        );
        assert_eq!(
            sentences("She said “no.” He left. \"Why?\" Nobody knew."),
            ["She said “no.”", "He left.", "\"Why?\"", "Nobody knew."]
        );
        assert_eq!(sentences("One line\nanother line"), ["One line", "another line"]);
        assert_eq!(sentences("The end (of it.) Next part."), ["The end (of it.)", "Next part."]);
    }

    proptest! {
        #[test]
        fn ranges_cover_the_text_and_are_stable(
            text in "([a-zA-Z0-9 .!?…。！？“”\"'()\n,，:：]|Mr\\. |U\\.S\\. |No\\. 3|e\\.g\\. |1\\. |v1\\.2|中|文|The ){0,60}"
        ) {
            let ranges = split(&text);
            let mut last = 0;
            let mut kept = String::new();
            for r in &ranges {
                prop_assert!(r.start >= last && r.end > r.start);
                prop_assert!(text[last..r.start].trim().is_empty());
                last = r.end;
                kept.push_str(&text[r.clone()]);
            }
            prop_assert!(text[last..].trim().is_empty());
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&kept), bare(&text));
            for r in ranges {
                let sentence = &text[r];
                prop_assert_eq!(split(sentence), vec![0..sentence.len()], "{}", sentence);
            }
        }
    }
}
