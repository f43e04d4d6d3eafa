//! Numbers that belong to a name: `微光-3`, `Kestrel 4.1`, `0.9.2`.
//!
//! A version is no quantity: it is not rounded, and the same digit elsewhere in the source does not
//! bear it out. It is checked where the source numbers the same name itself.

use std::ops::Range;

use super::said::Figures;
use crate::text::name;
use crate::text::quantity::{Fact, Found, Unit};
use crate::text::quotation::{fold_char, is_cjk};

/// How far behind a name another of its numbers may stand (`Kestrel 4.0 and 4.1`).
const NEAR: usize = 24;

/// A number with the name it belongs to, both as they are looked for: folded, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    span: Range<usize>,
    name: Vec<char>,
    number: String,
}

/// The versions of a claim that the sources do not have, with a note for people.
pub(super) fn wrong(
    chars: &[char],
    text: &str,
    found: &[Found],
    figures: &Figures,
) -> Vec<(Range<usize>, String)> {
    let names = name::latin(text);
    versions(chars, found, &names)
        .into_iter()
        .filter_map(|version| problem(&version, figures).map(|note| (version.span, note)))
        .collect()
}

fn versions(chars: &[char], found: &[Found], names: &[Range<usize>]) -> Vec<Version> {
    let folded: Vec<char> = chars.iter().copied().map(fold).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        let Some((number, end)) = number(&folded, at) else {
            at += 1;
            continue;
        };
        let dated = found
            .iter()
            .any(|f| f.span.start <= at && at < f.span.end && !matches!(f.fact, Fact::Quantity(_)));
        if number.matches('.').count() > 1 && !dated && !is_day(&number) {
            out.push(Version { span: at..end, name: Vec::new(), number });
        } else if let Some(start) = han_name(&folded, at).or_else(|| latin_name(at, names, found)) {
            let from = start.max(at.saturating_sub(3)).min(at - 1);
            let name = match is_cjk(folded[from]) {
                true => folded[from..at - 1].to_vec(),
                false => folded[start..at - 1].to_vec(),
            };
            out.push(Version { span: start..end, name, number });
        }
        at = end;
    }
    out
}

/// Whether a number with dots is a day: 2026.3.10.
fn is_day(number: &str) -> bool {
    let year = number.split('.').next().unwrap_or("");
    year.len() == 4 && year.starts_with(['1', '2'])
}

/// Where a name in Chinese characters starts that ends right before `-3`.
fn han_name(folded: &[char], at: usize) -> Option<usize> {
    let han = |i: usize| is_cjk(folded[i]) && folded[i].is_alphabetic();
    let joined = at >= 3 && folded[at - 1] == '-' && han(at - 2) && han(at - 3);
    joined.then(|| at - 3)
}

/// Where a Latin name starts that stands right before the number at `at`, which counts nothing.
fn latin_name(at: usize, names: &[Range<usize>], found: &[Found]) -> Option<usize> {
    let counts_nothing = found.iter().any(|f| {
        f.span.start == at
            && matches!(f.fact, Fact::Quantity(q)
                if q.unit == Unit::Plain && !q.counted && !q.ordinal && q.other.is_none())
    });
    let name = names.iter().find(|n| n.end + 1 == at && n.len() >= 3);
    name.filter(|_| counts_nothing).map(|n| n.start)
}

/// The number at `at`, with all its dots, and where it ends; none within a longer token.
fn number(folded: &[char], at: usize) -> Option<(String, usize)> {
    let digit = |i: usize| folded.get(i).is_some_and(char::is_ascii_digit);
    let inside = at > 0 && (folded[at - 1].is_ascii_alphanumeric() || folded[at - 1] == '.');
    if !digit(at) || inside {
        return None;
    }
    let mut end = at;
    while digit(end) || folded.get(end) == Some(&'.') && digit(end + 1) {
        end += 1;
    }
    let grouped = folded.get(end) == Some(&',') && digit(end + 1);
    let longer = folded.get(end).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '%');
    (!grouped && !longer).then(|| (folded[at..end].iter().collect(), end))
}

/// Why the sources do not bear `version` out; `None` where they do, or do not number its name.
fn problem(version: &Version, figures: &Figures) -> Option<String> {
    let mut bound: Vec<String> = Vec::new();
    for text in &figures.texts {
        if version.name.is_empty() {
            let all = (0..text.len()).filter_map(|at| number(text, at));
            bound.extend(all.map(|(number, _)| number).filter(|n| n.matches('.').count() > 1));
            continue;
        }
        for end in ends(text, &version.name) {
            if is_near(text, end, &version.number) {
                return None;
            }
            let gap = text[end..].iter().take_while(|c| " -_\"'".contains(**c)).count();
            bound.extend((gap < 3).then(|| number(text, end + gap)).flatten().map(|(n, _)| n));
        }
    }
    let said = bound.iter().any(|n| is_part(&version.number, n));
    if said || bound.is_empty() {
        return None;
    }
    bound.sort();
    bound.dedup();
    bound.truncate(4);
    let name: String = version.name.iter().collect();
    Some(format!("the source has {} {}", name, bound.join(", ")).replace("  ", " "))
}

/// Where `name` ends in `text`, as a whole word.
fn ends(text: &[char], name: &[char]) -> Vec<usize> {
    let whole = |start: usize| {
        start == 0 || !name[0].is_ascii_alphanumeric() || !text[start - 1].is_ascii_alphanumeric()
    };
    let windows = text.windows(name.len()).enumerate();
    windows.filter(|(at, w)| *w == name && whole(*at)).map(|(at, _)| at + name.len()).collect()
}

/// Whether `wanted` stands shortly behind a name, in its own sentence.
fn is_near(text: &[char], end: usize, wanted: &str) -> bool {
    let most = text.len().min(end + NEAR);
    let stop = (end..most).find(|i| {
        "。；！？\n".contains(text[*i]) || text[*i] == '.' && text.get(i + 1) == Some(&' ')
    });
    (end..stop.unwrap_or(most)).filter_map(|at| number(text, at)).any(|(n, after)| {
        // What is counted (4 位量化) is no version.
        let free = text.get(after).is_none_or(|c| !is_cjk(*c) || "版和与及、".contains(*c));
        let spaced = text.get(after) != Some(&' ')
            || text.get(after + 1).is_none_or(|c| !is_cjk(*c) || "版和与及、".contains(*c));
        free && spaced && is_part(wanted, &n)
    })
}

/// Whether `claimed` is `said` or its beginning: 4 for 4.1.
fn is_part(claimed: &str, said: &str) -> bool {
    said.strip_prefix(claimed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// One character as names are compared.
pub(super) fn fold(c: char) -> char {
    // A full-width comma or stop parts; it groups no digits.
    match c {
        '。' | '，' | '、' => c,
        c => fold_char(c).to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;
    use crate::text::quantity::scan;
    use crate::verify::SourceText;

    fn notes(source: &str, claim: &str) -> Vec<String> {
        let document = Document::from_text(source);
        let source = SourceText::new("a", &document);
        let chars: Vec<char> = claim.chars().collect();
        let found = scan(claim);
        let wrong = wrong(&chars, claim, &found, &Figures::read(&[source]));
        wrong.into_iter().map(|(span, _)| chars[span].iter().collect()).collect()
    }

    #[test]
    fn a_number_is_matched_with_its_name() {
        let source = "澄溪智能开源微光-3，4位量化后约占71GB，得分比微光-2高12.5分。";
        assert_eq!(notes(source, "微光-4开源"), ["微光-4"]);
        assert_eq!(notes(source, "微光-3和微光-2"), [""; 0]);
        let source = "Kestrel 4.1 solved more than Kestrel 4.0, which runs on CUDA 11 and 12.";
        assert_eq!(notes(source, "编程模型 Kestrel 4.2 发布，需要 CUDA 12"), ["Kestrel 4.2"]);
        assert_eq!(notes(source, "Kestrel 4 比 Kestrel 4.0 强，Marrow 5 也一样"), [""; 0]);
        let source = "Tarn 0.9.2 closes a hole in versions 0.7.0 through 0.9.1.";
        assert_eq!(notes(source, "Tarn 0.9.2 修复了 0.7.0 至 0.8.1 的漏洞"), ["0.8.1"]);
        assert_eq!(notes(source, "2026.3.10 发布 Tarn 0.9"), [""; 0]);
    }

    #[test]
    fn a_count_behind_a_name_is_no_version() {
        let source = "Team Nova sold Orbit 3 in 40 countries.";
        assert_eq!(notes(source, "Orbit 40 个国家有售，Nova 7 月上市"), [""; 0]);
    }
}
