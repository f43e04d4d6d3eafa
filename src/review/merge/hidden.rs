//! Entries that stand in the file and cannot be found there: their source link is left, under a
//! heading that the format does not know (another level, a no-break space from a word processor).
//! They are not deleted, and a file with one is not in the format.

use super::{Pairs, Sides};
use crate::format::{self, FormatError};

/// The first entry of the base that is hidden so, as what is wrong with the file.
pub(super) fn hidden(sides: &Sides<'_>, pairs: &Pairs) -> Option<FormatError> {
    let gone = sides.base.seen.iter().enumerate().filter(|(b, _)| pairs.file_of_base(*b).is_none());
    let gone: Vec<(String, &str)> = gone
        .filter_map(|(_, seen)| {
            let link = sides.base.block(&format!("{} link", seen.anchor))?;
            let link = link.split(" `").next().unwrap_or_default().trim_end().to_owned();
            Some((link, seen.title.as_str()))
        })
        .collect();
    if gone.is_empty() {
        return None;
    }
    let lines: Vec<(usize, &str)> =
        format::open_lines(sides.file.text).filter(|(_, text)| !text.trim().is_empty()).collect();
    lines.windows(2).find_map(|pair| {
        let ((at, heading), (_, link)) = (pair[0], pair[1]);
        let is_title =
            |title: &str| heading.trim_start().starts_with('#') || heading.contains(title);
        let of = |(own, title): &&(String, &str)| {
            !own.is_empty() && link.trim_start().starts_with(own) && is_title(title)
        };
        gone.iter().find(of)?;
        Some(FormatError::on(at, "an entry's title `### **TITLE**`", heading))
    })
}
