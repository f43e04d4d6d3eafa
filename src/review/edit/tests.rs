use proptest::prelude::*;

use super::*;
use crate::format::parse;
use crate::review::edit::page::Page;

/// A draft with all the format has; `eol` ends its lines.
pub(super) fn draft(eol: &str) -> String {
    let text = "\
# 周报 (2026-01-03 至 2026-01-04)

给读者的话

## ⚡ 本期速览

- **[模型]** **头条甲**：甲的一句。
- **[芯片]** **头条乙**：乙的一句。

---

## 1. 模型

<!-- digestgen: late -->

### **甲发布微光-3**

[阅读原文](https://a.example/1)  `[2026-01-03]`

> **概要**：参数量320亿。成本下降38%！权重*开放*。

**💡内容详解**

 - **分层路由**
    - **机制**：简单词元只走4层。
    - **成本**：查询成本下降38%。

 - **限制**
    - **长度**：不支持超过6.4万词元。

[相关论文](https://arxiv.org/abs/2601.00001)

一条赞助

### **乙推出芯片**

[阅读原文](https://b.example/2)  `[2026-01-04]`

> **概要**：乙推出新芯片。

---

## 2. 应用

*(本期无相关内容)*

---

## 🆕 待安排

### **丙的新产品**

[阅读原文](https://c.example/3)

> **概要**：丙推出产品。

---

## 拓展阅读

### [论文]
* [一篇论文](https://arxiv.org/abs/2601.00002) - arXiv
* [另一篇](https://arxiv.org/abs/2601.00003) - arXiv
";
    text.replace('\n', eol)
}

pub(super) const A: &str = "https://a.example/1";
const B: &str = "https://b.example/2";
const C: &str = "https://c.example/3";

pub(super) fn text_of(file: &str, entry: Option<&str>, field: Field) -> String {
    let piece = pieces(file)
        .unwrap()
        .into_iter()
        .find(|p| p.at.entry.as_deref() == entry && p.at.field == field);
    piece.unwrap_or_else(|| panic!("{entry:?} {field:?} in {file}")).text
}

pub(super) fn at(entry: Option<&str>, field: Field) -> Target {
    Target { entry: entry.map(str::to_owned), field }
}

fn replace(file: &str, entry: Option<&str>, field: Field, text: &str) -> Result<String, EditError> {
    let base = text_of(file, entry, field);
    apply(file, &Edit::Replace { at: at(entry, field), base, text: text.to_owned() })
}

fn drop(file: &str, entry: Option<&str>, field: Field) -> Result<String, EditError> {
    let all = pieces(file).unwrap();
    let edit = drop_of(&all, &at(entry, field))
        .unwrap_or_else(|| Edit::Drop { at: at(entry, field), base: text_of(file, entry, field) });
    apply(file, &edit)
}

/// The lines that differ, `-` and `+`.
fn changes(before: &str, after: &str) -> Vec<String> {
    let diff = similar_lines(before, after);
    diff.into_iter().map(|(sign, line)| format!("{sign}{}", line.trim_end())).collect()
}

/// Lines after the common start and before the common end.
fn similar_lines<'a>(before: &'a str, after: &'a str) -> Vec<(char, &'a str)> {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail =
        a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let gone = a[head..a.len() - tail].iter().map(|l| ('-', *l));
    gone.chain(b[head..b.len() - tail].iter().map(|l| ('+', *l))).collect()
}

#[test]
fn a_text_is_replaced_and_nothing_else() {
    for eol in ["\n", "\r\n"] {
        let file = draft(eol);
        let edited =
            |entry, field, text| changes(&file, &replace(&file, entry, field, text).unwrap());
        assert_eq!(
            edited(Some(A), Field::Title, "甲 [x](y) *3*"),
            ["-### **甲发布微光-3**", "+### **甲 \\[x\\](y) \\*3\\***"]
        );
        assert_eq!(
            edited(Some(A), Field::Sentence { sentence: 2 }, "成本降38%。\n依据官方。"),
            [
                "-> **概要**：参数量320亿。成本下降38%！权重*开放*。",
                "+> **概要**：参数量320亿。成本降38%。依据官方。权重*开放*。"
            ]
        );
        assert_eq!(
            edited(Some(A), Field::Lead { point: 1, detail: 1 }, ""),
            ["-    - **机制**：简单词元只走4层。", "+    - 简单词元只走4层。"]
        );
        assert_eq!(
            edited(Some(C), Field::Date, "2026-01-04"),
            [
                "-[阅读原文](https://c.example/3)",
                "+[阅读原文](https://c.example/3)  `[2026-01-04]`"
            ]
        );
        assert_eq!(
            edited(Some(A), Field::Link, "https://a.example/x y"),
            [
                "-[阅读原文](https://a.example/1)  `[2026-01-03]`",
                "+[阅读原文](https://a.example/x%20y)  `[2026-01-03]`"
            ]
        );
        assert_eq!(
            edited(None, Field::HighlightLabel { line: 1 }, ""),
            ["-- **[模型]** **头条甲**：甲的一句。", "+- **头条甲**：甲的一句。"]
        );
        assert_eq!(edited(None, Field::Free { block: 1 }, "一\n二"), ["-给读者的话", "+一", "+二"]);
    }
}

#[test]
fn what_would_break_the_format_is_escaped_or_refused() {
    let file = draft("\n");
    let summary = "## 1. 标题 <!-- x --> ``` --- [a](b) <b>";
    let out = replace(&file, Some(B), Field::Summary, summary).unwrap();
    assert_eq!(text_of(&out, Some(B), Field::Summary), summary);
    let detail = Field::Detail { point: 1, detail: 1 };
    let bare = replace(&file, Some(A), Field::Lead { point: 1, detail: 1 }, "").unwrap();
    for text in ["- 条", "1. 条", "# 题", "> 引", "---", "**粗** 文"] {
        let out = replace(&bare, Some(A), detail, text).unwrap();
        assert_eq!(text_of(&out, Some(A), detail), text);
    }
    let refused = |entry, field, text: &str| match replace(&file, entry, field, text) {
        Err(EditError::Refused { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(Some(A), Field::Title, "一\n二"), RefusalCode::Lines);
    assert_eq!(refused(Some(A), Field::Title, ""), RefusalCode::Empty);
    assert_eq!(refused(Some(A), Field::Link, B), RefusalCode::Present);
    assert_eq!(refused(Some(A), Field::Entry, "x"), RefusalCode::Field);
    for text in ["## 一", "```", "<!-- x", "### 假\n\n[阅读原文](https://x.example/)"] {
        assert_eq!(refused(None, Field::Free { block: 2 }, text), RefusalCode::Meaning, "{text}");
    }
}

#[test]
fn claims_are_dropped_with_what_they_leave_empty() {
    let file = draft("\n");
    let out = drop(&file, Some(A), Field::Sentence { sentence: 1 }).unwrap();
    assert_eq!(text_of(&out, Some(A), Field::Summary), "成本下降38%！权重*开放*。");
    let out = drop(&file, Some(A), Field::Sentence { sentence: 3 }).unwrap();
    assert_eq!(text_of(&out, Some(A), Field::Summary), "参数量320亿。成本下降38%！");
    let one = drop(&file, Some(A), Field::DetailLine { point: 1, detail: 2 }).unwrap();
    assert_eq!(changes(&file, &one), ["-    - **成本**：查询成本下降38%。"]);
    let point = drop(&file, Some(A), Field::DetailLine { point: 2, detail: 1 }).unwrap();
    assert_eq!(changes(&file, &point).len(), 3);
    let none = drop(&point, Some(A), Field::Point { point: 1 }).unwrap();
    assert!(!none.contains("内容详解"));
    let line = Field::DetailLine { point: 2, detail: 1 };
    let only = Edit::Drop { at: at(Some(A), line), base: text_of(&file, Some(A), line) };
    assert!(matches!(apply(&file, &only), Err(EditError::Conflict(_))));
    assert!(matches!(
        drop(&file, Some(B), Field::Sentence { sentence: 1 }),
        Err(EditError::Refused { code: RefusalCode::Last, .. })
    ));
    let lines = drop(&file, None, Field::HighlightLine { line: 2 }).unwrap();
    let without = drop(&lines, None, Field::HighlightLine { line: 1 }).unwrap();
    assert!(!without.contains("本期速览") && parse(&without).unwrap().issue.highlights.is_empty());
    let one = drop(&file, None, Field::ReadingItem { group: 1, item: 1 }).unwrap();
    let none = drop(&one, None, Field::ReadingItem { group: 1, item: 1 }).unwrap();
    assert!(none.ends_with("丙推出产品。\n\n---\n"));
    let paper = drop(&file, Some(A), Field::Paper { paper: 1 }).unwrap();
    assert!(parse(&paper).unwrap().issue.sections[0].entries[0].papers.is_empty());
}

fn spot(section: &str, after: Option<&str>) -> Spot {
    Spot { section: section.to_owned(), after: after.map(str::to_owned) }
}

#[test]
fn entries_go_move_and_come_back() {
    for eol in ["\n", "\r\n"] {
        let file = draft(eol);
        let text = text_of(&file, Some(A), Field::Entry);
        let highlight = text_of(&file, None, Field::HighlightLine { line: 1 });
        let delete = Edit::Delete {
            entry: A.into(),
            base: text.clone(),
            highlight: Some(highlight.clone()),
        };
        let without = apply(&file, &delete).unwrap();
        assert!(!without.contains("微光") && !without.contains("头条甲"));
        assert!(without.contains("一条赞助"));
        let restore = Edit::Restore {
            text,
            to: spot("模型", None),
            highlight: Some(LineSpot { text: highlight, after: None }),
        };
        let back = apply(&without, &restore).unwrap();
        let said = |f: &str| Page::read(f).unwrap().shape();
        assert_eq!(said(&back), said(&file));
        assert!(matches!(
            apply(&back, &restore),
            Err(EditError::Refused { code: RefusalCode::Present, .. })
        ));
        let to_empty =
            Edit::Move { entry: B.into(), from: spot("模型", Some(A)), to: spot("应用", None) };
        let moved = apply(&file, &to_empty).unwrap();
        assert_eq!(parse(&moved).unwrap().issue.sections[1].entries[0].title, "乙推出芯片");
        let home =
            Edit::Move { entry: B.into(), from: spot("应用", None), to: spot("模型", Some(A)) };
        let home = apply(&moved, &home).unwrap();
        assert_eq!(said(&home), said(&file));
        let placed =
            Edit::Move {
                entry: C.into(), from: spot("待安排", None), to: spot("模型", Some(A))
            };
        let placed = apply(&file, &placed).unwrap();
        assert_eq!(crate::format::waiting_entries(&placed), 0);
        let titles: Vec<String> = parse(&placed).unwrap().issue.sections[0]
            .entries
            .iter()
            .map(|e| e.title.clone())
            .collect();
        assert_eq!(titles, ["甲发布微光-3", "丙的新产品", "乙推出芯片"]);
        let last = Edit::MoveHighlight {
            base: text_of(&file, None, Field::HighlightLine { line: 2 }),
            after: None,
        };
        let swapped = apply(&file, &last).unwrap();
        assert_eq!(parse(&swapped).unwrap().issue.highlights[0].headline, "头条乙");
    }
}

#[test]
fn an_old_base_is_a_conflict_with_both_texts() {
    let file = draft("\n");
    let edit = |base: &str, text: &str| Edit::Replace {
        at: at(Some(A), Field::Title),
        base: base.into(),
        text: text.into(),
    };
    let theirs = apply(&file, &edit("甲发布微光-3", "他们的")).unwrap();
    let Err(EditError::Conflict(conflict)) = apply(&theirs, &edit("甲发布微光-3", "我的"))
    else {
        panic!()
    };
    assert_eq!(conflict.theirs.as_deref(), Some("他们的"));
    assert_eq!(conflict.mine.as_deref(), Some("我的"));
    // the same text twice is no conflict
    assert_eq!(apply(&theirs, &edit("甲发布微光-3", "他们的")).unwrap(), theirs);
    let base = text_of(&file, Some(A), Field::Entry);
    let delete = Edit::Delete { entry: A.into(), base, highlight: None };
    assert!(matches!(apply(&theirs, &delete), Err(EditError::Conflict(_))));
    let away =
        Edit::Move { entry: B.into(), from: spot("模型", Some(A)), to: spot("应用", None) };
    let moved = apply(&file, &away).unwrap();
    let first =
        Edit::Move { entry: B.into(), from: spot("模型", Some(A)), to: spot("模型", None) };
    assert!(matches!(apply(&moved, &first), Err(EditError::Conflict(_))));
}

/// The texts that can be replaced by plain text.
pub(super) fn replaceable(file: &str) -> Vec<Piece> {
    plain(&pieces(file).unwrap())
}

/// Those of `pieces` that can be replaced by plain text.
pub(super) fn plain(pieces: &[Piece]) -> Vec<Piece> {
    let is_plain = |p: &&Piece| {
        matches!(
            p.at.field,
            Field::Title
                | Field::IssueTitle
                | Field::SectionTitle { .. }
                | Field::Summary
                | Field::Sentence { .. }
                | Field::Heading { .. }
                | Field::Lead { .. }
                | Field::Detail { .. }
                | Field::HighlightLabel { .. }
                | Field::HighlightHeadline { .. }
                | Field::HighlightText { .. }
                | Field::ReadingTitle { .. }
        )
    };
    pieces.iter().filter(is_plain).cloned().collect()
}

const TEXT: &str = "[-*_\\[\\]()`<>|#\\\\&;~!:./+=0-9a-c .。（）“”：中文\n\t@\"'x$^{}]{0,24}";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_says_what_was_meant_or_is_refused(
        which in any::<prop::sample::Index>(), text in TEXT, crlf in any::<bool>()
    ) {
        let file = draft(if crlf { "\r\n" } else { "\n" });
        let all = replaceable(&file);
        let piece = which.get(&all);
        let edit = Edit::Replace {
            at: piece.at.clone(), base: piece.text.clone(), text: text.clone(),
        };
        match apply(&file, &edit) {
            Ok(out) => {
                let place = crate::format::locate(&file).unwrap().1;
                let keys = Page::read(&file).unwrap().keys;
                let own = place.iter().find(|f| f.field == piece.at.field
                    && f.entry.map(|n| keys[n].clone()) == piece.at.entry).unwrap();
                // beside a lead's own line all bytes stay
                let line_start = file[..own.whole.start].rfind('\n').map_or(0, |n| n + 1);
                let line_end = own.whole.end + file[own.whole.end..].find('\n').unwrap();
                prop_assert!(out.starts_with(&file[..line_start]));
                prop_assert!(out.ends_with(&file[line_end..]));
                if !matches!(piece.at.field, Field::Sentence { .. }) {
                    let wanted = write::tidy(piece.at.field, &text).unwrap();
                    prop_assert_eq!(text_of(&out, piece.at.entry.as_deref(), piece.at.field), wanted);
                }
            }
            Err(EditError::Refused { .. }) => {}
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn edits_on_different_fields_commute(
        one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>(),
        a in "[中文a-c*]{1,8}", b in "[中文a-c_]{1,8}"
    ) {
        let file = draft("\n");
        let all = replaceable(&file);
        let (p, q) = (one.get(&all), two.get(&all));
        let nested = p.at.entry == q.at.entry
            && [p, q].iter().all(|x| matches!(x.at.field, Field::Summary | Field::Sentence { .. }));
        prop_assume!(p.at != q.at && !nested);
        let edit = |p: &Piece, t: &str| Edit::Replace {
            at: p.at.clone(), base: p.text.clone(), text: t.to_owned(),
        };
        let (first, second) = (edit(p, &a), edit(q, &b));
        let there = apply(&file, &first).and_then(|f| apply(&f, &second));
        let back = apply(&file, &second).and_then(|f| apply(&f, &first));
        prop_assert!(there.is_ok(), "{there:?}");
        prop_assert_eq!(there.unwrap(), back.unwrap());
    }
}
