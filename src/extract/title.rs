//! The article's title, without the site's name.

use dom_query::Document;

use super::dom;
use super::meta::{Meta, decode_entities, fold};

/// Marks that part a title from the names of section and site.
const MARKS: &[&str] =
    &[" | ", " - ", " – ", " — ", " :: ", " » ", " · ", "_", "|", "-", "–", "—", "｜", "－", "丨"];

/// The title of a page; empty where it has none.
pub(crate) fn find(doc: &Document, meta: &Meta, owner: Option<&str>) -> String {
    let head = dom::first(doc, "title").map(|n| dom::line(&n)).unwrap_or_default();
    let named = meta
        .get(&["og:title", "twitter:title", "dc.title", "parsely-title", "title"])
        .map(|t| decode_entities(&dom::squeeze(t)))
        .or_else(|| meta.ld("headline"))
        .unwrap_or_default();
    let names = site_names(meta, owner);
    let said = if named.is_empty() { &head } else { &named };
    if let Some(h1) = matching_heading(doc, said, &head, &names) {
        return h1;
    }
    let stripped = strip_site(said, &names, named.is_empty());
    // A title that is only the site's name is none.
    let bare = fold(&stripped);
    if bare.is_empty() || names.contains(&bare) {
        let single = dom::all(doc, "h1");
        return match single.as_slice() {
            [one] => dom::line(one),
            _ => stripped,
        };
    }
    stripped
}

/// The names by which the page's site may call itself, folded.
fn site_names(meta: &Meta, owner: Option<&str>) -> Vec<String> {
    meta.site()
        .into_iter()
        .chain(
            meta.get(&["og:site_name", "application-name", "publisher", "author"])
                .map(str::to_owned),
        )
        .chain(owner.map(str::to_owned))
        .map(|n| fold(&n))
        .filter(|n| n.chars().count() > 1)
        .collect()
}

/// The `h1` (else `h2`, or an element named as title) that says the same as the title the page
/// declares.
fn matching_heading(doc: &Document, said: &str, head: &str, names: &[String]) -> Option<String> {
    let (said, head) = (fold(said), fold(head));
    let mut best: Option<(usize, String)> = None;
    for selector in ["h1", "h2", "[class*=title], [id*=title]"] {
        for node in dom::all(doc, selector).into_iter().take(60) {
            let text = dom::line(&node);
            let folded = fold(&text);
            let length = folded.chars().count();
            let whole = said.chars().count().max(1);
            if length < 3 || names.contains(&folded) || text.chars().count() > 200 {
                continue;
            }
            let same = folded == said
                || said.starts_with(&folded) && length * 5 >= whole * 2
                || head.starts_with(&folded) && length * 5 >= whole * 2
                || said.contains(&folded) && length * 2 >= whole
                || folded.starts_with(&said) && selector == "h1" && length <= whole * 3 / 2;
            if same && best.as_ref().is_none_or(|(l, _)| *l < length) {
                best = Some((length, text));
            }
        }
        if best.is_some() {
            return best.map(|(_, text)| text);
        }
    }
    None
}

/// Takes the site's name off the end, or the start, of a title. `free` also takes off what stands
/// after the last mark although no name is known, as `<title>` nearly always has one there.
fn strip_site(title: &str, names: &[String], mut free: bool) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some((head, tail)) = split_last(title) else {
            break;
        };
        let folded = fold(tail);
        let named = names.iter().any(|n| {
            folded.contains(n.as_str()) || n.contains(&folded) && folded.chars().count() > 1
        });
        let chinese_site = ["网", "频道", "新闻", "日报", "在线", "中心", "博客", "论坛"]
            .iter()
            .any(|s| tail.trim().ends_with(s))
            && tail.chars().count() <= 12;
        let (left, right) = (fold(head).chars().count(), folded.chars().count());
        let long_enough = left >= 2 * right.min(12) || (chinese_site && left >= right);
        // Sections come before the site: `title_section_site`.
        free |= named;
        if (named && !fold(head).is_empty())
            || ((free || chinese_site) && long_enough && is_name_like(tail))
        {
            title = head.trim();
        } else {
            break;
        }
    }
    if let Some((first, rest)) = split_first(title) {
        let folded = fold(first);
        if names.contains(&folded) && fold(rest).chars().count() > folded.chars().count() {
            return rest.trim().to_owned();
        }
    }
    title.to_owned()
}

/// A name has few words and no sentence mark.
fn is_name_like(text: &str) -> bool {
    text.split_whitespace().count() <= 5
        && text.chars().count() <= 30
        && !text.contains(['?', '!', '？', '！', '。', '，', ','])
}

fn split_last(title: &str) -> Option<(&str, &str)> {
    MARKS
        .iter()
        .filter_map(|m| title.rfind(m).map(|i| (i, m.len())))
        .filter(|(i, n)| *i > 0 && i + n < title.len() && is_a_mark(title, *i, *n))
        .max_by_key(|(i, _)| *i)
        .map(|(i, n)| (&title[..i], &title[i + n..]))
}

fn split_first(title: &str) -> Option<(&str, &str)> {
    MARKS
        .iter()
        .filter_map(|m| title.find(m).map(|i| (i, m.len())))
        .filter(|(i, n)| *i > 0 && i + n < title.len() && is_a_mark(title, *i, *n))
        .min_by_key(|(i, _)| *i)
        .map(|(i, n)| (&title[..i], &title[i + n..]))
}

/// A hyphen inside a word (`GPT-4`, `state-of-the-art`) parts nothing.
fn is_a_mark(title: &str, at: usize, length: usize) -> bool {
    let before = title[..at].chars().next_back();
    let after = title[at + length..].chars().next();
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !(latin(before) && latin(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(html: &str, owner: &str) -> String {
        let doc = Document::from(html);
        find(&doc, &Meta::read(&doc), Some(owner))
    }

    #[test]
    fn the_site_is_taken_off() {
        let cases = [
            (
                "<title>Beacon trains GPT-4 rival - Daily Beacon</title>",
                "Beacon trains GPT-4 rival",
            ),
            ("<title>观澜发布新模型_科技频道_灯塔网</title>", "观澜发布新模型"),
            (
                "<meta property=og:site_name content=Beacon><title>Beacon | A model for all</title>",
                "A model for all",
            ),
            (
                "<title>A model for all | Beacon</title><h1>Beacon</h1><h1>A model for all</h1>",
                "A model for all",
            ),
            (
                "<meta property=og:title content='AI in 2026: what&amp;#39;s next?'><title>x</title>",
                "AI in 2026: what's next?",
            ),
            ("<title>Beacon</title><h1>A model for all</h1>", "A model for all"),
        ];
        for (html, want) in cases {
            assert_eq!(title(html, "beacon"), want);
        }
    }
}
