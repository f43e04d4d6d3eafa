//! Every fault of a model on whole runs: whatever it answers, the draft is honest.
//!
//! Honest means: no entry but of a story that an undisturbed run has, under its own link; no
//! sentence that is neither what the model honestly said of this story nor word for word in the
//! recorded pages; no more than three whole answers to one question; what is missing is named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use digestgen::pipeline::{Done, RunError};
use serde_json::{Value, json};

use crate::crash::small;
use crate::harness::{Digest, fixtures};
use crate::model_bench::TestClock;
use crate::stub_model::{Fault, StubModel};
use crate::whole::draft;

/// How a run must end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// As if nothing had happened, byte for byte.
    Same,
    /// With a draft that names what is missing (exit 3).
    Gap,
    /// With an honest draft, whether or not something is missing.
    Honest,
    /// Without a draft, by a refused key or quota (exit 2).
    Refused,
    /// Without a draft, by nothing to draft from (exit 7).
    Nothing,
}

struct Drafted {
    digest: Digest,
    stub: StubModel,
    done: Result<Done, RunError>,
}

fn run(faults: Vec<Fault>) -> Drafted {
    let stub = StubModel::start(faults);
    let digest = small(&stub);
    let path = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text + "\ntimeout = 2.0\n").unwrap();
    let clock = Arc::new(TestClock::default());
    let done = draft(digest.path(), digest.replay(), Some(clock));
    Drafted { digest, stub, done }
}

/// Text without spaces and without the sign it ends in.
fn folded(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    text.trim_end_matches(['。', '.', '！', '!', '？', '?']).to_owned()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The words of all recorded pages.
fn pages(folder: &Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, out);
        } else if path.extension().is_some_and(|e| e == "html" || e == "htm") {
            let html = std::fs::read_to_string(&path).unwrap();
            let mut parts = html.split('<');
            let mut text = parts.next().unwrap().to_owned();
            parts.for_each(|part| text.push_str(part.split_once('>').map_or("", |(_, t)| t)));
            out.push_str(&folded(&text.replace("&nbsp;", " ").replace("&amp;", "&")));
            out.push('\n');
        }
    }
}

/// What an undisturbed run gives.
struct World {
    markdown: String,
    json: String,
    /// By story: its link, and all that was said of it.
    stories: BTreeMap<String, (Value, BTreeSet<String>)>,
    /// The title of the candidate that leads the first entry, and that of a foreign one.
    title: String,
    foreign: String,
    pages: String,
}

fn entries(issue: &Value) -> Vec<&Value> {
    let sections = issue["sections"].as_array().unwrap();
    sections.iter().flat_map(|s| s["entries"].as_array().unwrap()).collect()
}

fn claims(entry: &Value) -> Vec<&Value> {
    let points = entry["key_points"].as_array().unwrap().iter();
    let details = points.flat_map(|p| p["details"].as_array().unwrap()).map(|d| &d["claim"]);
    entry["summary"].as_array().unwrap().iter().chain(details).collect()
}

impl World {
    fn new() -> Self {
        let Drafted { digest, done, .. } = run(Vec::new());
        assert_eq!(done.unwrap().gaps, Vec::<String>::new());
        let (issue, report) = (digest.issue_json(), digest.report());
        let candidates = report["candidates"].as_array().unwrap();
        let led = |story: &Value| {
            let of = |c: &&Value| c["story"] == *story && c["outcome"] == "entry";
            candidates.iter().find(of).unwrap()["title"].as_str().unwrap().to_owned()
        };
        let mut stories: BTreeMap<String, (Value, BTreeSet<String>)> = BTreeMap::new();
        for entry in entries(&issue) {
            let said = claims(entry).into_iter().map(|c| c["text"].as_str().unwrap().to_owned());
            let story = entry["story"].as_str().unwrap().to_owned();
            stories.insert(story, (entry["link"]["url"].clone(), said.collect()));
        }
        for highlight in issue["highlights"].as_array().unwrap() {
            let story = highlight["story"].as_str().unwrap();
            let text = highlight["text"].as_str().unwrap().to_owned();
            stories.get_mut(story).unwrap().1.insert(text);
        }
        let titles: Vec<String> = entries(&issue).iter().map(|e| led(&e["story"])).collect();
        let mut text = String::new();
        pages(&fixtures().join("demo/web"), &mut text);
        Self {
            markdown: digest.issue(),
            json: digest.file("issue.json"),
            stories,
            title: titles.iter().find(|t| is_chinese(t)).unwrap().clone(),
            foreign: titles.iter().find(|t| !is_chinese(t)).unwrap().clone(),
            pages: text,
        }
    }

    /// Runs with `faults` and holds the draft against the undisturbed one.
    fn holds(&self, name: &str, faults: Vec<Fault>, end: End) {
        let Drafted { digest, stub, done } = run(faults);
        asked_at_most_three_times(name, &stub);
        let said = done.as_ref().map(|done| &done.gaps);
        let got = match &done {
            Ok(done) if done.gaps.is_empty() => End::Same,
            Ok(_) => End::Gap,
            Err(RunError::Model(_)) => End::Refused,
            Err(RunError::Nothing(_)) => End::Nothing,
            Err(other) => panic!("{name}: {other}"),
        };
        assert!(end == got || end == End::Honest && done.is_ok(), "{name}: {got:?}, {said:?}");
        assert!(stub.all_played(), "{name}: a fault was not played");
        if done.is_err() {
            assert!(!digest.folder().join("issue.md").exists(), "{name}");
            return;
        }
        if end == End::Same {
            assert_eq!(digest.issue(), self.markdown, "{name}");
            assert_eq!(digest.file("issue.json"), self.json, "{name}");
        }
        self.is_honest(name, &digest);
    }

    fn is_honest(&self, name: &str, digest: &Digest) {
        let issue = digest.issue_json();
        for entry in entries(&issue) {
            let story = entry["story"].as_str().unwrap();
            let (link, said) = self.stories.get(story).unwrap_or_else(|| {
                panic!("{name}: an entry of a story that an undisturbed run does not have")
            });
            assert_eq!(entry["link"]["url"], *link, "{name}");
            for claim in claims(entry) {
                let text = claim["text"].as_str().unwrap();
                let known = match claim["origin"].as_str() {
                    Some("extractive") => self.pages.contains(&folded(text)),
                    _ => said.contains(text),
                };
                assert!(known, "{name}: nobody said “{text}” of {link}");
            }
        }
        for highlight in issue["highlights"].as_array().unwrap() {
            let (link, said) = &self.stories[highlight["story"].as_str().unwrap()];
            let text = highlight["text"].as_str().unwrap();
            let known = said.contains(text) || self.pages.contains(&folded(text));
            assert!(known, "{name}: nobody said “{text}” of {link}");
        }
        let totals = digest.report()["totals"].clone();
        let sum: u64 = totals
            .as_object()
            .unwrap()
            .iter()
            .filter(|(k, _)| *k != "candidates")
            .map(|(_, v)| v.as_u64().unwrap())
            .sum();
        assert_eq!(totals["candidates"], sum, "{name}");
    }
}

/// A question gets three whole answers at most: it was asked, and asked again twice. An article or
/// entry stands in two questions of a kind at most: with the others, and alone.
fn asked_at_most_three_times(name: &str, stub: &StubModel) {
    let mut answered: BTreeMap<String, usize> = BTreeMap::new();
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for seen in stub.seen() {
        let user = seen.message(1).to_owned();
        *sent.entry(seen.body["messages"].to_string()).or_default() += 1;
        if seen.billed.is_some() {
            *answered.entry(user.clone()).or_default() += 1;
        }
        let titles = user.lines().filter(|l| l.starts_with("title: ")).map(str::to_owned);
        titles.for_each(|title| _ = shown.entry(title).or_default().insert(user.clone()));
    }
    assert!(answered.values().all(|n| *n <= 3), "{name}: asked too often");
    // Five tries of one question, at three levels of structured output at most.
    assert!(sent.values().all(|n| *n <= 7), "{name}: {:?}", sent.values().max());
    assert!(shown.values().all(|questions| questions.len() <= 2), "{name}: judged too often");
}

fn throttle(name: &'static str, value: &'static str) -> Fault {
    Fault::Status(429, vec![(name, value)], String::new())
}

#[test]
fn what_passes_leaves_no_trace() {
    let world = World::new();
    let passing = vec![
        ("retry-after in seconds", throttle("retry-after", "7")),
        ("retry-after in fractions", throttle("retry-after", "0.5")),
        ("retry-after as a date", throttle("retry-after", "Mon, 05 Jan 2026 00:00:10 GMT")),
        ("retry-after-ms", throttle("retry-after-ms", "250")),
        ("an absurd retry-after", throttle("retry-after", "86400")),
        ("a retry-after that is none", throttle("retry-after", "soon")),
        ("429 without a word", Fault::status(429)),
        ("408", Fault::status(408)),
        ("500", Fault::status(500)),
        ("502", Fault::Status(502, vec![], "<html>Bad Gateway</html>".into())),
        ("529", Fault::status(529)),
        ("cut", Fault::Cut),
    ];
    // Several of one run's first question: waiting shows nowhere in the draft.
    let first = passing[..4].iter().map(|(_, fault)| fault.clone());
    world.holds("four in turn", first.collect(), End::Same);
    for (name, fault) in passing {
        world.holds(name, vec![fault.on(&["[a1.s1]", &world.title], 3)], End::Same);
    }
    world.holds("silence", vec![Fault::Slow.on(&["[a1.s1]", &world.title], 1)], End::Same);
}

#[test]
fn what_cannot_be_used_is_asked_again_and_then_named() {
    let world = World::new();
    let entry = ["[a1.s1]", world.title.as_str()];
    let foreign = ["[a1.s1]", world.foreign.as_str()];
    let filter = json!({"error": {"code": "content_filter", "message": "filtered"}}).to_string();
    // The first answer, and what becomes of the entry: asked again or not.
    for (name, fault, once) in [
        ("truncated", Fault::Truncated, End::Same),
        ("at its limit", Fault::Length, End::Same),
        ("blank", Fault::Blank, End::Same),
        ("of another shape", Fault::WrongSchema, End::Same),
        ("a page", Fault::Html, End::Gap),
        ("refused", Fault::Refusal, End::Gap),
        ("filtered", Fault::Filtered, End::Gap),
        ("filtered by status", Fault::Status(400, vec![], filter), End::Gap),
        ("503 for good", Fault::status(503), End::Same),
    ] {
        world.holds(name, vec![fault.clone().on(&entry, 1)], once);
        world.holds(name, vec![fault.clone().on(&entry, usize::MAX)], End::Gap);
        world.holds(name, vec![fault.on(&foreign, usize::MAX)], End::Gap);
    }
}

/// A change of an answer by its name, and how a run ends of which each answer is changed so.
type Case<T> = (&'static str, fn(&mut T), End);

#[test]
fn ids_that_are_wrong_swap_and_invent_nothing() {
    let world = World::new();
    let entry = ["[a1.s1]", world.title.as_str()];
    let list = |answer: &mut Value, name: &str, change: fn(&mut Vec<Value>)| {
        if let Some(list) = answer[name].as_array_mut() {
            change(list);
        }
    };
    let swap = |list: &mut Vec<Value>| {
        if list.len() > 1 {
            let first = list[0]["id"].clone();
            list[0]["id"] = list[1]["id"].clone();
            list[1]["id"] = first;
        }
    };
    let changes: [Case<Vec<Value>>; 3] = [
        ("missing", |list| list.retain(|i| i["id"] != "c1" && i["id"] != "e1"), End::Gap),
        ("repeated", |list| list.extend(list.first().cloned()), End::Gap),
        (
            "invented",
            |list| {
                let mut more = list.first().cloned().unwrap_or_default();
                more["id"] = json!("e99");
                list.push(more);
            },
            End::Same,
        ),
    ];
    for (kind, marker) in [("articles", "[c1]"), ("highlights", "[e1.c1]")] {
        for (name, change, always) in changes {
            let twist = || Fault::twist(move |answer| list(answer, kind, change));
            let name = format!("{name} {kind}");
            world.holds(&name, vec![twist().on(&[marker], 1)], End::Same);
            world.holds(&name, vec![twist().on(&[marker], usize::MAX)], always);
        }
    }
    // What stands under another's id is seen: by what a highlight says, by the title that a
    // judgement repeats.
    let twist = |kind| Fault::twist(move |answer| list(answer, kind, swap));
    world.holds("swapped highlights", vec![twist("highlights").on(&["[e1.c1]"], 9)], End::Same);
    world.holds("swapped judgements", vec![twist("articles").on(&["[c1]"], 9)], End::Same);
    let evidence: [Case<Value>; 4] = [
        ("ids of no sentence", |a| a["summary"][0]["sentences"] = json!(["a1.s999"]), End::Honest),
        ("ids of no article", |a| a["summary"][0]["sentences"] = json!(["a7.s1"]), End::Honest),
        ("an invented quote", |a| a["summary"][0]["quote"] = json!("凭空写出的话"), End::Honest),
        (
            "all of another story",
            |answer| {
                for item in answer["summary"].as_array_mut().into_iter().flatten() {
                    item["text"] = json!("港口城市启用自动驾驶公交，首条线路全长十二公里。");
                    item["quote"] = json!("首条线路全长十二公里");
                }
            },
            End::Gap,
        ),
    ];
    for (name, change, always) in evidence {
        world.holds(name, vec![Fault::twist(change).on(&entry, 1)], End::Same);
        world.holds(name, vec![Fault::twist(change).on(&entry, usize::MAX)], always);
    }
}

#[test]
fn a_key_that_is_refused_half_way_ends_the_run_without_a_draft() {
    let world = World::new();
    let quota = json!({"error": {"message": "m", "code": "insufficient_quota"}}).to_string();
    for (name, fault, end) in [
        ("401", Fault::status(401), End::Refused),
        ("403", Fault::status(403), End::Refused),
        ("no quota", Fault::Status(429, vec![], quota), End::Refused),
    ] {
        world.holds(name, vec![fault.clone().on(&["[a1.s1]"], usize::MAX)], end);
        world.holds(name, vec![fault.on(&["[c1]"], usize::MAX)], end);
    }
    world.holds("down", vec![Fault::status(503).on(&["[c1]"], usize::MAX)], End::Nothing);
}
