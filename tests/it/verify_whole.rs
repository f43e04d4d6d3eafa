//! A whole issue in the format with its ten articles, four of them English: what a good editor
//! writes, and one planted error at a time.

use std::collections::BTreeMap;
use std::fs;

use digestgen::compose::{Issue, IssueEntry};
use digestgen::extract::{Article, PageSource, Verdict, extract};
use digestgen::format;
use digestgen::text::Language;
use digestgen::verify::{self, Claim, Figures, Finding, Options, Severity, SourceText};

use crate::harness::fixtures;

fn issue() -> Issue {
    let text = fs::read_to_string(fixtures().join("issue_claims/issue.md")).unwrap();
    assert!(format::check(&text).iter().all(|p| p.severity != format::Severity::Error));
    let issue = format::parse(&text).unwrap().issue;
    assert_eq!(format::render(&issue).unwrap(), text);
    issue
}

/// The article that an entry links to: the page stands in the folder under its address.
fn article(entry: &IssueEntry) -> Article {
    let path = entry.link.url.trim_start_matches("https://");
    let file = fixtures().join("issue_claims/web").join(path);
    let bytes = fs::read(file).unwrap();
    let page = PageSource { url: &entry.link.url, content_type: None, bytes: &bytes };
    let article = extract(&page);
    assert_eq!(article.verdict, Verdict::Article, "{path}");
    let day = article.published.unwrap().own_day().to_string();
    assert_eq!(day, entry.date, "{path}");
    article
}

/// An article, read once for checking.
struct Checked {
    article: Article,
    figures: Figures,
}

impl Checked {
    fn new(article: Article) -> Self {
        let figures = Figures::read(&[source(&article)]);
        Self { article, figures }
    }

    fn check(&self, text: &str, is_claim: bool) -> Vec<Finding> {
        let sources = [source(&self.article)];
        if !is_claim {
            return verify::check_text_with(text, &sources, &self.figures);
        }
        let options = Options { language: Some(Language("zh-CN".to_owned())) };
        let claim = Claim { text: text.to_owned(), ..Claim::default() };
        verify::check_with(&claim, &sources, &self.figures, &options)
    }
}

fn source(article: &Article) -> SourceText<'_> {
    SourceText {
        article: &article.id,
        title: &article.title,
        document: &article.document,
        published: article.published,
        language: article.language.as_ref(),
    }
}

/// Every text of an entry, and whether it is a claim.
fn texts(entry: &IssueEntry) -> Vec<(String, bool)> {
    let mut all = vec![(entry.title.clone(), false)];
    all.extend(entry.summary.iter().map(|c| (c.text.clone(), true)));
    for point in &entry.key_points {
        all.push((point.heading.clone(), false));
        for detail in &point.details {
            all.push((detail.lead.clone(), false));
            all.push((detail.claim.text.clone(), true));
        }
    }
    all
}

fn entries(issue: &Issue) -> Vec<&IssueEntry> {
    issue.sections.iter().flat_map(|s| &s.entries).collect()
}

#[test]
fn a_true_issue_has_one_red_finding_at_most() {
    let issue = issue();
    let entries = entries(&issue);
    assert_eq!((entries.len(), issue.highlights.len()), (10, 10));
    let (mut red, mut amber, mut claims) = (Vec::new(), Vec::new(), 0);
    for (entry, highlight) in entries.iter().zip(&issue.highlights) {
        let source = Checked::new(article(entry));
        let mut all = texts(entry);
        all.push((highlight.headline.clone(), false));
        all.push((highlight.text.clone(), true));
        claims += all.iter().filter(|(_, claim)| *claim).count();
        for (text, is_claim) in all {
            for finding in source.check(&text, is_claim) {
                let line = format!("{text}\n   {}: {}", finding.text, finding.note);
                let list = if finding.severity == Severity::Red { &mut red } else { &mut amber };
                list.push(line);
            }
        }
    }
    assert!(claims >= 95, "{claims} claims");
    assert!(red.len() <= 1, "{} of {claims}:\n{}", red.len(), red.join("\n"));
    assert!(amber.len() <= 10, "{} of {claims}:\n{}", amber.len(), amber.join("\n"));
}

/// Each row of `errors.json` plants one error: entry, true words, false words, and what becomes
/// of it where it is not red (`amber`, `unseen`). What the rules do not see stands there
/// openly, and a rule that comes to see it takes the word away.
#[test]
fn planted_errors_are_found_as_the_list_says() {
    let issue = issue();
    let entries = entries(&issue);
    let articles: Vec<Checked> = entries.iter().map(|e| Checked::new(article(e))).collect();
    let text = fs::read_to_string(fixtures().join("issue_claims/errors.json")).unwrap();
    let rows: BTreeMap<String, Vec<Vec<serde_json::Value>>> = serde_json::from_str(&text).unwrap();
    let (mut wrong, mut tallies) = (Vec::new(), Vec::new());
    for (kind, rows) in &rows {
        let mut tally = [0; 3];
        for row in rows {
            let number = usize::try_from(row[0].as_u64().unwrap()).unwrap() - 1;
            let (holds, false_words) = (row[1].as_str().unwrap(), row[2].as_str().unwrap());
            let said = row.get(3).map_or("red", |v| v.as_str().unwrap());
            let found = outcome(&articles[number], entries[number], holds, false_words);
            tally[["red", "amber", "unseen"].iter().position(|o| *o == found).unwrap()] += 1;
            if found != said {
                wrong.push(format!("{kind} {}: {holds} → {false_words}: {found}", number + 1));
            }
        }
        tallies.push(format!("{kind}: {} red, {} amber, {} unseen", tally[0], tally[1], tally[2]));
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), tallies.join("\n"));
}

/// The gravest new finding that touches the false words.
fn outcome(source: &Checked, entry: &IssueEntry, holds: &str, false_words: &str) -> &'static str {
    let hits: Vec<(String, bool)> =
        texts(entry).into_iter().filter(|(text, _)| text.contains(holds)).collect();
    let [(text, is_claim)] = hits.as_slice() else {
        panic!("`{holds}` stands in {} texts of {}", hits.len(), entry.title);
    };
    let changed = text.replace(holds, false_words);
    let before = source.check(text, *is_claim);
    let start = text[..text.find(holds).unwrap()].chars().count();
    let end = start + false_words.chars().count();
    let touches = |f: &&Finding| f.span[0] < end && start < f.span[1];
    let known = |f: &&Finding| before.iter().any(|b| b.text == f.text && b.kind == f.kind);
    let found = source.check(&changed, *is_claim);
    match found.iter().filter(touches).filter(|f| !known(f)).map(|f| f.severity).max() {
        Some(Severity::Red) => "red",
        Some(Severity::Amber) => "amber",
        None => "unseen",
    }
}
