use super::*;
use crate::compose::{Issue, IssueEntry};
use crate::format::{join_claims, locate, parse};

fn fields(markdown: &str) -> Vec<FieldPlace> {
    locate(markdown).unwrap().1
}

const FILE: &str = "\u{feff}# T\\*1 (2026-01-03 至 2026-01-04)\r\n\r\n## ⚡ 本期速览\r\n\r\n\
- **[模\\]型]** **头条**：第一。\r\n- 只有文字\r\n  续行。\r\n\r\n---\r\n\r\n## 1. 甲\r\n\r\nmine\r\n\r\n\
<!-- digestgen: late -->\r\n\r\n### **A\\_b**\r\n\r\n[阅读原文](https://a.example/x_(y))  `[2026-01-03]`\r\n\r\n\
> **概要**：一\\*句。二句！\r\n> 三句。\r\n\r\n**💡内容详解**\r\n\r\n - **点**\r\n    - **引**：文字。\r\n    - 无引文字\r\n      续。\r\n\r\n\
 - **点二**\r\n    - **只有引**\r\n\r\n[论文](https://p.example/1)\r\n\r\n### B\r\n\r\n[阅读原文](https://a.example/b)\r\n\r\nown\r\n\r\n---\r\n\r\n\
## 拓展阅读\r\n\r\n### [组]\r\n* [标\\[题](https://r.example/1) - arXiv\r\n";

/// The texts of an issue in the order of its fields.
fn texts(issue: &Issue) -> Vec<String> {
    let mut out = vec![issue.edition.title.clone()];
    for line in &issue.highlights {
        out.extend([line.label.clone(), line.headline.clone(), line.text.clone()]);
    }
    for section in &issue.sections {
        out.extend((!section.waiting).then(|| section.title.clone()));
        section.entries.iter().for_each(|e| texts_of(e, &mut out));
    }
    out.extend(issue.further_reading.iter().flat_map(|g| &g.items).map(|i| i.title.clone()));
    out
}

fn texts_of(entry: &IssueEntry, out: &mut Vec<String>) {
    out.extend([entry.title.clone(), entry.link.url.clone(), entry.date.clone()]);
    out.push(join_claims(&entry.summary));
    out.extend(entry.summary.iter().map(|c| c.text.clone()));
    for point in &entry.key_points {
        out.push(point.heading.clone());
        out.extend(point.details.iter().flat_map(|d| [d.lead.clone(), d.claim.text.clone()]));
    }
}

fn agree(markdown: &str) {
    let found = fields(markdown);
    let shown: Vec<String> =
        found.iter().filter(|f| !f.field.is_whole()).map(|f| f.text.clone()).collect();
    assert_eq!(shown, texts(&parse(markdown).unwrap().issue));
    for field in found {
        assert!(field.whole.start <= field.bytes.start && field.bytes.end <= field.whole.end);
        let written = &markdown[field.bytes.clone()];
        if field.field.is_whole() {
            assert_eq!(written, field.text);
        } else if !written.contains('\n') && field.field != Field::Link {
            assert_eq!(unescape(written), field.text, "{:?}", field.field);
        }
    }
}

#[test]
fn fields_are_what_parse_reads() {
    agree(FILE);
    agree(&FILE.replace("\r\n", "\n"));
}

#[test]
fn wholes_and_absent_texts() {
    let found = fields(FILE);
    let of = |field: Field| found.iter().find(|f| f.field == field).unwrap();
    let written = |f: &FieldPlace| FILE[f.whole.clone()].to_owned();
    assert!(of(Field::Entry).text.starts_with("<!-- digestgen: late -->"));
    assert!(of(Field::Entry).text.ends_with("(https://p.example/1)"));
    assert_eq!(written(of(Field::Lead { point: 1, detail: 1 })), "**引**：");
    assert_eq!(written(of(Field::Lead { point: 1, detail: 2 })), "");
    assert_eq!(written(of(Field::Lead { point: 2, detail: 1 })), "**只有引**");
    assert_eq!(written(of(Field::HighlightLabel { line: 1 })), "**[模\\]型]** ");
    assert_eq!(written(of(Field::Date)), "  `[2026-01-03]`");
    let line = of(Field::DetailLine { point: 1, detail: 2 });
    assert_eq!(line.text, "    - 无引文字\r\n      续。");
    let last = found.iter().rfind(|f| f.field == Field::Entry).unwrap();
    assert_eq!(last.text, "### B\r\n\r\n[阅读原文](https://a.example/b)");
    let own: Vec<&str> = found
        .iter()
        .filter(|f| matches!(f.field, Field::Free { .. }))
        .map(|f| f.text.as_str())
        .collect();
    assert_eq!(own, ["mine", "own"]);
}

#[test]
fn fixtures_agree() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/format");
    let mut seen = 0;
    for case in std::fs::read_dir(root).unwrap() {
        for file in std::fs::read_dir(case.unwrap().path()).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|e| e == "md") {
                let text = std::fs::read_to_string(&path).unwrap();
                if parse(&text).is_ok() {
                    agree(&text);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 3, "{seen} files");
}
