//! What of a draft no editor is likely to have meant, told before an approval: it blocks nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::provenance::{carry, entry_key};
use crate::compose::{Issue, IssueEntry, built_in};
use crate::format::{self, FormatError};

/// A sentence for each loose end of `markdown`: highlights of entries that are gone, one page in two
/// entries, a source link that no entry begins with. `machine` is what the program wrote.
///
/// # Errors
/// A file that is not in the format.
pub fn loose_ends(markdown: &str, machine: &[Issue]) -> Result<Vec<String>, FormatError> {
    let issue = carry(format::parse(markdown)?.issue, machine);
    let entries: Vec<&IssueEntry> = issue.sections.iter().flat_map(|s| &s.entries).collect();
    let mut out = highlights(&issue, &entries);
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for entry in &entries {
        if let Some(first) = seen.insert(entry_key(entry), &entry.title) {
            out.push(format!("“{first}” and “{}” link the same page", entry.title));
        }
    }
    out.extend(hidden(&issue));
    Ok(out)
}

fn highlights(issue: &Issue, entries: &[&IssueEntry]) -> Vec<String> {
    let there: BTreeSet<&String> = entries.iter().filter_map(|e| e.story.as_ref()).collect();
    let gone =
        issue.highlights.iter().filter(|h| h.story.as_ref().is_some_and(|s| !there.contains(s)));
    let mut out: Vec<String> = gone
        .map(|h| {
            let headline = &h.headline;
            format!("the highlight “{headline}” is of an entry that is no longer there; delete its line too")
        })
        .collect();
    let (lines, count) = (issue.highlights.len(), entries.len());
    if out.is_empty() && lines > count {
        out.push(format!("the highlights have {lines} lines for {count} entries"));
    }
    out
}

/// Source links in free text: an entry begins with its title, `### **TITLE**`.
fn hidden(issue: &Issue) -> Vec<String> {
    let words = ["zh", "en"].map(|language| format!("[{}](", built_in(language)["read_original"]));
    let lines = issue.free.iter().flat_map(|free| free.text.lines());
    let links = lines.filter(|line| words.iter().any(|word| line.trim_start().starts_with(word)));
    links
        .map(|line| {
            format!("no entry begins before `{}`: its title must be `### **TITLE**`", line.trim())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_meant_is_told() {
        let entry = |title: &str, n: u8| {
            format!(
                "### **{title}**\n\n[阅读原文](https://a.example/{n})  `[2026-01-03]`\n\n> **概要**：一句话{n}。\n\n"
            )
        };
        let issue = |lines: &str, entries: &str| {
            format!(
                "# T (2026-01-03 至 2026-01-04)\n\n## ⚡ 本期速览\n\n{lines}\n---\n\n## 1. S\n\n{entries}---\n"
            )
        };
        let (one, two) = ("- **[甲]** **一**：一句。\n", "- **[乙]** **二**：两句。\n");
        let both = [entry("甲事", 1), entry("乙事", 2)].concat();
        let whole = issue(&[one, two].concat(), &both);
        let mut machine = format::parse(&whole).unwrap().issue;
        for (n, (entry, line)) in
            machine.sections[0].entries.iter_mut().zip(&mut machine.highlights).enumerate()
        {
            entry.story = Some(n.to_string());
            line.story = Some(n.to_string());
        }
        let told = |text: &str, machine: &[Issue]| loose_ends(text, machine).unwrap();
        assert_eq!(told(&whole, &[machine.clone()]), Vec::<String>::new());
        let less = issue(&[one, two].concat(), &entry("甲事", 1));
        assert!(told(&less, &[machine.clone()])[0].contains("“二” is of an entry"));
        assert_eq!(told(&less, &[]), ["the highlights have 2 lines for 1 entries"]);
        let twice = issue(one, &[entry("甲事", 1), entry("也是甲事", 1)].concat());
        assert_eq!(told(&twice, &[]), ["“甲事” and “也是甲事” link the same page"]);
        let level = issue(&[one, two].concat(), &both.replacen("### ", "#### ", 1));
        assert!(told(&level, &[]).iter().any(|t| t.starts_with("no entry begins before")));
        assert!(loose_ends("nothing", &[]).is_err());
    }
}
