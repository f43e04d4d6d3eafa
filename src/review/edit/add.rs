//! Adding a detail or a key point, in the form of those that stand there.

use super::page::{Page, Shape};
use super::write::{tidy, written};
use super::{EditError, RefusalCode, Target};
use crate::format::{Field, FieldPlace};

/// What is added.
pub(super) struct New<'a> {
    /// The heading of a new key point.
    pub(super) heading: Option<&'a str>,
    /// The lead of the detail; may be empty.
    pub(super) lead: &'a str,
    /// Its prose.
    pub(super) text: &'a str,
}

/// Indents of a heading and of a detail where none stands there to show them: the template's.
const HEADING: &str = " - ";
const DETAIL: &str = "    - ";

/// Adds a detail or a key point after `after`, which the person saw as `base`.
pub(super) fn add(
    page: &Page<'_>,
    after: &Target,
    base: &str,
    new: &New<'_>,
) -> Result<(String, Shape), EditError> {
    let heading = new.heading.map(|h| tidy(Field::Heading { point: 1 }, h)).transpose()?;
    let lead = tidy(Field::Lead { point: 1, detail: 1 }, new.lead)?;
    let text = tidy(Field::Detail { point: 1, detail: 1 }, new.text)?;
    let place = page.find(after, base, None)?;
    let raw = &page.text[place.bytes.clone()];
    let eol = page.eol();
    let detail = |mark: &str| {
        let shown = written("", "", &text, lead.is_empty());
        match lead.is_empty() {
            true => format!("{mark}{shown}"),
            false => {
                let lead = written("", "", &lead, false);
                format!("{mark}**{lead}**{}{shown}", page.word("colon"))
            }
        }
    };
    let point = |heading: &str, mark: &str| {
        let heading = written("", "", heading, false);
        format!("{eol}{eol}{mark}**{heading}**{eol}{}", detail(DETAIL))
    };
    let block = match (place.field, &heading) {
        (Field::DetailLine { .. }, None) => format!("{eol}{}", detail(mark_of(raw, DETAIL))),
        (Field::Heading { point: own }, None) if !has_details(page, place, own) => {
            format!("{eol}{}", detail(DETAIL))
        }
        (Field::Point { .. }, Some(heading)) => point(heading, mark_of(raw, HEADING)),
        (Field::Summary, Some(heading)) if !raw.is_empty() && !has_points(page, place) => {
            let details = format!("{eol}{eol}**{}**", page.word("details"));
            format!("{details}{}", point(heading, HEADING))
        }
        _ => {
            let message = "nothing can be added there; load the page again";
            return Err(EditError::refused(RefusalCode::Place, message));
        }
    };
    let end = end_of_line(page.text, place.bytes.end);
    let mut out = page.text.to_owned();
    out.insert_str(end, &block);
    let mut leaves = Vec::new();
    leaves.extend(heading.map(|h| format!("{:?} {h}", Field::Heading { point: 0 })));
    leaves.push(format!("{:?} {lead}", Field::Lead { point: 0, detail: 0 }));
    leaves.push(format!("{:?} {text}", Field::Detail { point: 0, detail: 0 }));
    Ok((out, page.shape_with_more(place, leaves)))
}

/// What a list item's line begins with, its mark included.
fn mark_of<'a>(raw: &'a str, or: &'a str) -> &'a str {
    let indent = raw.len() - raw.trim_start_matches([' ', '\t']).len();
    let rest = &raw[indent..];
    let mark = rest.len() - rest.trim_start_matches(['-', '*', '+']).trim_start_matches(' ').len();
    let has_mark = rest.starts_with(['-', '*', '+']) && rest[1..].starts_with(' ');
    if has_mark { &raw[..indent + mark] } else { or }
}

fn has_details(page: &Page<'_>, place: &FieldPlace, point: usize) -> bool {
    page.field(place.entry, Field::DetailLine { point, detail: 1 }).is_some()
}

fn has_points(page: &Page<'_>, place: &FieldPlace) -> bool {
    page.field(place.entry, Field::Point { point: 1 }).is_some()
}

/// The end of the line that `at` lies on, before its line end.
fn end_of_line(text: &str, at: usize) -> usize {
    at + text[at..].find(['\r', '\n']).unwrap_or(text.len() - at)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{A, at, draft, text_of};
    use super::super::{Edit, apply};
    use super::*;

    const B: &str = "https://b.example/2";

    fn added(file: &str, entry: &str, after: Field, heading: Option<&str>) -> String {
        let (after, base) = (at(Some(entry), after), text_of(file, Some(entry), after));
        let heading = heading.map(str::to_owned);
        let (lead, text) = ("新*引语".to_owned(), "新的\n一条。".to_owned());
        apply(file, &Edit::Add { after, base, heading, lead, text }).unwrap()
    }

    #[test]
    fn a_detail_or_a_key_point_takes_the_form_of_its_place() {
        for eol in ["\n", "\r\n"] {
            let file = draft(eol);
            let line = format!("    - **新\\*引语**：新的一条。{eol}");
            let detail = added(&file, A, Field::DetailLine { point: 1, detail: 1 }, None);
            assert_eq!(detail, file.replace("    - **成本**", &format!("{line}    - **成本**")));
            let point = added(&file, A, Field::Point { point: 1 }, Some("新要点"));
            let block = format!("{eol} - **新要点**{eol}{line}");
            let after = format!("查询成本下降38%。{eol}");
            assert_eq!(point, file.replace(&after, &format!("{after}{block}")));
            let first = added(&file, B, Field::Summary, Some("新要点"));
            let after = format!("> **概要**：乙推出新芯片。{eol}");
            let heading = format!("{eol}**💡内容详解**{eol}");
            assert_eq!(first, file.replace(&after, &format!("{after}{heading}{block}")));
        }
    }

    #[test]
    fn nothing_is_added_to_what_was_changed_or_without_words() {
        let file = draft("\n");
        let edit = |base: &str, text: &str| {
            let after = at(Some(A), Field::DetailLine { point: 1, detail: 1 });
            let (base, text) = (base.to_owned(), text.to_owned());
            Edit::Add { after, base, heading: None, lead: String::new(), text }
        };
        let base = text_of(&file, Some(A), Field::DetailLine { point: 1, detail: 1 });
        assert!(matches!(apply(&file, &edit("别的", "甲")), Err(EditError::Conflict(_))));
        assert!(apply(&file, &edit(&base, " ")).is_err());
        assert!(apply(&file, &edit(&base, "甲")).unwrap().contains("    - 甲\n"));
    }
}
