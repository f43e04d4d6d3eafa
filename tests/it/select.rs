//! Stories and selection: the fixture folders, and that the order of arrival changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use digestgen::collect::{Authority, Candidate};
use digestgen::compose::{Edition, Plan, PlannedEntry, Window, arrange, words_for};
use digestgen::extract::{Article, Link, TextOrigin, Verdict};
use digestgen::select::cluster::{Item, Told, cluster, cluster_told, pair_of};
use digestgen::select::rules::{Judgement, Merit, Reason};
use digestgen::select::{DecidedBy, LinkTo, Options, Readable, Section, Selection, select, stage};
use digestgen::summarize::extractive;
use digestgen::text::{Document, Language, Moment, hash, language};
use serde::Deserialize;
use serde_json::{Value, json};

/// One line of `articles.jsonl`; `expect` is the story in `stories/`.
#[derive(Clone, Deserialize)]
struct Row {
    id: String,
    title: String,
    text: String,
    published: Option<Moment>,
    url: String,
    #[serde(default)]
    authority: Authority,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    undated: bool,
    #[serde(default)]
    expect: String,
}

fn cases(kind: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/select").join(kind);
    let mut out: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    out.sort();
    assert!(!out.is_empty());
    out
}

fn rows(case: &Path) -> Vec<Row> {
    let text = fs::read_to_string(case.join("articles.jsonl")).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn stories(rows: &[Row]) -> BTreeMap<String, String> {
    let items: Vec<Item<'_>> = rows
        .iter()
        .map(|r| Item {
            id: &r.id,
            title: &r.title,
            text: &r.text,
            published: r.published,
            url: &r.url,
            links: &[],
        })
        .collect();
    rows.iter().map(|r| r.id.clone()).zip(cluster(&items)).collect()
}

/// A shuffle that is the same at every run: a linear congruential generator picks places.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for i in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        items.swap(i, (state >> 33) as usize % (i + 1));
    }
}

#[test]
fn each_case_has_its_stories() {
    for case in cases("stories") {
        let rows = rows(&case);
        let want: BTreeMap<String, String> =
            rows.iter().map(|r| (r.id.clone(), r.expect.clone())).collect();
        assert_eq!(stories(&rows), want, "{}", case.display());
    }
}

#[test]
fn the_cases_together_have_the_same_stories() {
    let rows: Vec<Row> = cases("stories").iter().flat_map(|c| rows(c)).collect();
    let want: BTreeMap<String, String> =
        rows.iter().map(|r| (r.id.clone(), r.expect.clone())).collect();
    assert_eq!(stories(&rows), want);
}

#[test]
fn twenty_shuffles_give_the_same_stories() {
    let mut rows: Vec<Row> = cases("stories").iter().flat_map(|c| rows(c)).collect();
    let first = stories(&rows);
    for seed in 0..20 {
        shuffle(&mut rows, seed);
        assert_eq!(stories(&rows), first, "shuffle {seed}");
    }
}

#[test]
fn the_stage_answers_in_the_order_asked() {
    let rows = rows(&cases("stories")[0]);
    let lines: Vec<Value> = rows
        .iter()
        .map(|r| json!({"id": r.id, "title": r.title, "text": r.text, "published": r.published}))
        .collect();
    let want: Vec<Result<Value, String>> =
        rows.iter().map(|r| Ok(json!({ "story": r.expect }))).collect();
    assert_eq!(stage(lines), want);
}

fn options(case: &Path) -> Options {
    #[derive(Deserialize)]
    struct File {
        language: Language,
        keep: Vec<String>,
        reject: Vec<String>,
        labels: Vec<String>,
        sections: Vec<Section>,
        link_to: LinkTo,
    }
    let text = fs::read_to_string(case.join("options.json")).unwrap();
    let file: File = serde_json::from_str(&text).unwrap();
    Options {
        keep: file.keep,
        reject: file.reject,
        labels: file.labels,
        sections: file.sections,
        link_to: file.link_to,
        ..Options::new(file.language)
    }
}

fn read(row: &Row) -> (Candidate, Article) {
    let candidate = Candidate {
        id: row.id.clone(),
        url: row.url.clone(),
        canonical: row.url.clone(),
        title: row.title.clone(),
        published: row.published,
        changed: None,
        whole: false,
        first_seen: "2026-01-05T00:00:00Z".parse().unwrap(),
        sources: vec!["a source".to_owned()],
        authority: row.authority,
        author: None,
        snippet: String::new(),
        content: None,
    };
    let article = Article {
        id: hash::short_id(&row.text),
        url: row.url.clone(),
        verdict: Verdict::Article,
        title: row.title.clone(),
        byline: None,
        site: None,
        published: row.published,
        language: language::detect(&row.text),
        document: Document::from_text(&row.text),
        links: row.links.clone(),
        origin: TextOrigin::Page,
        way: "general".to_owned(),
    };
    (candidate, article)
}

fn selected(
    rows: &[Row],
    options: &Options,
    judgements: &BTreeMap<String, Judgement>,
) -> Selection {
    let read: Vec<(Candidate, Article)> = rows.iter().map(read).collect();
    let articles: Vec<Readable<'_>> = read
        .iter()
        .zip(rows)
        .map(|((candidate, article), row)| Readable {
            candidate,
            article,
            late: false,
            undated: row.undated,
        })
        .collect();
    select(&articles, options, judgements)
}

fn shown(selection: &Selection) -> Value {
    let stories: Vec<Value> = selection
        .stories
        .iter()
        .map(|s| {
            let members: Vec<&str> = s.members.iter().map(|m| m.candidate.as_str()).collect();
            json!({"id": s.id, "members": members, "section": s.section, "label": s.label,
                "link": s.link.url})
        })
        .collect();
    let outcomes: BTreeMap<&String, Value> = selection
        .outcomes
        .iter()
        .map(|(id, o)| (id, json!([serde_json::to_value(o.kind).unwrap(), o.reason])))
        .collect();
    json!({"stories": stories, "outcomes": outcomes})
}

#[test]
fn each_case_is_selected_as_expected() {
    for case in cases("selection") {
        let got = shown(&selected(&rows(&case), &options(&case), &BTreeMap::new()));
        let want: Value =
            serde_json::from_str(&fs::read_to_string(case.join("expect.json")).unwrap()).unwrap();
        assert_eq!(got, want, "{}: {got:#}", case.display());
    }
}

#[test]
fn every_candidate_is_in_one_place_in_any_order() {
    for case in cases("selection") {
        let (mut rows, options) = (rows(&case), options(&case));
        let first = selected(&rows, &options, &BTreeMap::new());
        let mut places: Vec<&String> = first
            .stories
            .iter()
            .flat_map(|s| s.members.iter().map(|m| &m.candidate))
            .chain(first.outcomes.keys())
            .collect();
        places.sort();
        let mut ids: Vec<&String> = rows.iter().map(|r| &r.id).collect();
        ids.sort();
        assert_eq!(places, ids, "{}", case.display());
        for seed in 0..20 {
            shuffle(&mut rows, seed);
            assert_eq!(selected(&rows, &options, &BTreeMap::new()), first, "shuffle {seed}");
        }
    }
}

#[test]
fn a_models_judgement_stands_before_the_rules() {
    let case = cases("selection").into_iter().find(|c| c.ends_with("rules-report-link")).unwrap();
    let (rows, options) = (rows(&case), options(&case));
    let judgement = |keep: bool, impact: u8| Judgement {
        keep,
        reason: if keep { Reason::ModelKeep } else { Reason::ModelReject },
        terms: Vec::new(),
        section: "infra".to_owned(),
        label: "芯片".to_owned(),
        merit: Merit::Model { impact, scope: 3 },
        decided_by: DecidedBy::Model,
    };
    let given = BTreeMap::from([
        ("a2".to_owned(), judgement(true, 5)),
        ("b1".to_owned(), judgement(false, 1)),
        ("c1".to_owned(), judgement(true, 2)),
    ]);
    let selection = selected(&rows, &options, &given);
    let of = |id: &str| selection.stories.iter().find(|s| s.id == id).unwrap();
    assert_eq!((of("a1").decided_by, of("a1").section.as_str()), (DecidedBy::Model, "infra"));
    // 0.6 * 5 + 0.3 * 3 + 0.1 * 2: three outlets
    assert_eq!(of("a1").score, 4.1);
    assert_eq!(of("c1").label, "芯片");
    assert_eq!(selection.outcomes["b1"].reason, "model_reject");
}

fn items(rows: &[Row]) -> Vec<Item<'_>> {
    rows.iter()
        .map(|r| Item {
            id: &r.id,
            title: &r.title,
            text: &r.text,
            published: r.published,
            url: "",
            links: &[],
        })
        .collect()
}

#[test]
fn what_is_told_of_a_pair_stands_before_the_rules() {
    let rows: Vec<Row> = cases("stories").iter().flat_map(|c| rows(c)).collect();
    let items = items(&rows);
    let alone = cluster_told(&items, &Told::new());
    let place = |id: &str| rows.iter().position(|r| r.id == id).unwrap();
    let story = |id: &str| alone.stories[place(id)].as_str();
    // A bond for each article that is not alone, to another one of its story.
    for bond in &alone.bonds {
        assert_eq!(story(&bond.id), story(&bond.with), "{bond:?}");
        assert!(!bond.by.is_empty(), "{bond:?}");
    }
    let size = |s: &String| alone.stories.iter().filter(|o| *o == s).count();
    assert_eq!(alone.bonds.len(), alone.stories.iter().filter(|s| size(s) > 1).count());
    assert!(!alone.doubtful.is_empty(), "the cases hold hard pairs");
    for (a, b) in alone.doubtful.iter().filter(|(a, b)| story(a) != story(b)) {
        let after = cluster_told(&items, &Told::from([(pair_of(b, a), true)]));
        assert_eq!(after.stories[place(a)], after.stories[place(b)], "{a} and {b}");
        assert!(!after.doubtful.contains(&(a.clone(), b.clone())), "what is told is not doubtful");
    }
    let bond = &alone.bonds[0];
    let told = Told::from([(pair_of(&bond.id, &bond.with), false)]);
    let after = cluster_told(&items, &told);
    assert_ne!(after.stories[place(&bond.id)], after.stories[place(&bond.with)], "{bond:?}");
}

/// The Markdown of an issue of what is selected among `rows`, written by the extractive writer.
fn issue(rows: &[Row], options: &Options) -> String {
    let selection = selected(rows, options, &BTreeMap::new());
    let articles: BTreeMap<String, Article> =
        rows.iter().map(read).map(|(candidate, article)| (candidate.id, article)).collect();
    let planned = |story: &digestgen::select::Story| {
        let lead = &articles[&story.members[0].candidate];
        let entry =
            extractive::write(&story.id, lead, &options.language, &extractive::Options::default());
        Some(PlannedEntry {
            entry: entry.ok()?,
            section: story.section.clone(),
            label: story.label.clone(),
            url: story.link.url.clone(),
            date: String::new(),
            papers: Vec::new(),
            marks: Vec::new(),
            findings: Vec::new(),
            sources: Vec::new(),
        })
    };
    let plan = Plan {
        edition: Edition {
            id: "t".into(),
            title: "T".into(),
            language: options.language.0.clone(),
        },
        words: words_for(&options.language.0, &BTreeMap::new()).unwrap(),
        window: Window { from: "2026-01-03".into(), to: "2026-01-04".into() },
        sections: options.sections.iter().map(|s| (s.id.clone(), s.title.clone())).collect(),
        entries: selection.stories.iter().filter_map(planned).collect(),
        further_reading: Vec::new(),
    };
    digestgen::format::render(&arrange(plan).unwrap()).unwrap()
}

#[test]
fn twenty_shuffles_give_the_same_issue() {
    for case in cases("selection") {
        let (mut rows, options) = (rows(&case), options(&case));
        let first = issue(&rows, &options);
        assert!(first.contains("### **"), "{first}");
        for seed in 0..20 {
            shuffle(&mut rows, seed);
            assert_eq!(issue(&rows, &options), first, "shuffle {seed} of {}", case.display());
        }
    }
}
