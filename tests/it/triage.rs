//! Triage by a model, against the stub.

use std::collections::BTreeMap;

use digestgen::model::Prompts;
use digestgen::select::Section;
use digestgen::select::triage::{self, Code, Item, Line};
use serde_json::json;

use crate::model_bench::Bench;
use crate::stub_model::Fault;

fn prompts() -> Prompts {
    Prompts::new(&BTreeMap::new()).unwrap()
}

fn sections() -> Vec<Section> {
    ["infrastructure", "models", "applications"]
        .map(|id| Section { id: id.into(), title: format!("标题 {id}"), ..Section::default() })
        .into()
}

fn items(n: usize) -> Vec<Item> {
    (0..n)
        .map(|i| Item {
            id: format!("candidate-{i:02}"),
            title: format!("第{i}篇：一个模型的进展"),
            lead: vec!["第一句给出事实。".into()],
            source: "示例源".into(),
        })
        .collect()
}

async fn judged(
    bench: &Bench,
    items: &[Item],
) -> BTreeMap<String, Result<triage::Judged, triage::Unjudged>> {
    let labels = ["大模型".to_owned(), "芯片".to_owned()];
    let line = Line {
        title: "前沿速报",
        language: "zh-CN",
        about: "人工智能",
        sections: &sections(),
        labels: &labels,
    };
    triage::judge(&bench.model(), &prompts(), items, &line).await
}

#[tokio::test]
async fn every_article_is_judged_and_remembered() {
    let bench = Bench::new(vec![]);
    let got = judged(&bench, &items(25)).await;
    assert_eq!((got.len(), bench.stub.calls()), (25, 3));
    let one = got["candidate-00"].as_ref().unwrap();
    assert!(one.keep && one.reason == Code::Progress);
    assert_eq!((one.impact, one.scope), (3, 3));
    // Two more articles: only these are asked for, in whatever order they come.
    let mut more = items(27);
    more.reverse();
    let again = judged(&bench, &more).await;
    assert_eq!((again.len(), bench.stub.calls()), (27, 4));
    assert_eq!(again["candidate-00"], got["candidate-00"]);
    let last = bench.stub.seen().pop().unwrap();
    assert!(!last.message(1).contains("[c3]"));
}

#[tokio::test]
async fn what_an_answer_lacks_is_asked_alone_and_never_defaulted() {
    let bench = Bench::new(vec![Fault::twist(|answer| {
        let list = answer["articles"].as_array_mut().unwrap();
        list.remove(0);
        list[0]["impact"] = json!(9);
        list[1]["keep"] = json!(false);
        list[2]["section"] = json!("nowhere");
        let twice = list[3].clone();
        list.push(twice);
        list.push(json!({"id": "c99", "keep": true}));
    })]);
    let got = judged(&bench, &items(8)).await;
    assert!(got.values().all(Result::is_ok), "{got:?}");
    assert_eq!((got.len(), bench.stub.calls()), (8, 1 + 5));
    let never = Bench::new(vec![Fault::LeaveOut(vec!["c1"])]);
    let got = judged(&never, &items(3)).await;
    let missing = got["candidate-00"].as_ref().unwrap_err();
    assert_eq!(missing.reason, "missing");
    assert_eq!(got.values().filter(|j| j.is_ok()).count(), 2);
    assert_eq!(never.stub.calls(), 2);
    // A later run with more articles pays for the new one alone.
    judged(&never, &items(4)).await;
    assert_eq!(never.stub.calls(), 2 + 1);
}

/// What a judgement of the stub hangs on: the length of its title picks section and label.
fn of_different_lengths() -> Vec<Item> {
    let more = |i: usize| "的".repeat(i);
    items(7)
        .into_iter()
        .enumerate()
        .map(|(i, item)| Item { title: item.title + &more(i), ..item })
        .collect()
}

#[tokio::test]
async fn judgements_that_exchange_their_ids_are_asked_alone() {
    let want = judged(&Bench::new(vec![]), &of_different_lengths()).await;
    type Change = fn(&mut Vec<serde_json::Value>);
    let swaps: [(Change, usize); 3] = [
        // Two exchange their ids.
        (
            |list| {
                let first = list[0]["id"].take();
                list[0]["id"] = list[3]["id"].take();
                list[3]["id"] = first;
            },
            2,
        ),
        // Each has the judgement of the one before it, the ids in order.
        (
            |list| {
                list.rotate_right(1);
                let ids = (1..=list.len()).map(|i| json!(format!("c{i}")));
                list.iter_mut().zip(ids).for_each(|(one, id)| one["id"] = id);
            },
            7,
        ),
        // Nothing of the titles is repeated, and the ids are out of order.
        (
            |list| {
                list.iter_mut().for_each(|one| one["title"] = json!("an article"));
                list.reverse();
            },
            7,
        ),
    ];
    for (swap, again) in swaps {
        let twist = move |answer: &mut serde_json::Value| {
            let list = answer["articles"].as_array_mut().unwrap();
            if list.len() > 1 {
                swap(list);
            }
        };
        let bench = Bench::new(vec![Fault::twist(twist).on(&["[c1]"], usize::MAX)]);
        let got = judged(&bench, &of_different_lengths()).await;
        assert_eq!((&got, bench.stub.calls()), (&want, 1 + again));
    }
}

#[tokio::test]
async fn an_honest_model_that_copies_badly_is_not_asked_again() {
    let sloppy: [fn(&str) -> String; 4] = [
        |_| String::new(),
        |_| "Progress of a model".to_owned(),
        |title| title.chars().skip(1).take(9).collect::<String>().replace('：', ": "),
        |title| format!("《{title}》——全文").replace("模型", "模形"),
    ];
    for copy in sloppy {
        let bench = Bench::new(vec![Fault::twist(move |answer| {
            for one in answer["articles"].as_array_mut().unwrap() {
                one["title"] = json!(copy(one["title"].as_str().unwrap()));
            }
        })]);
        let got = judged(&bench, &items(12)).await;
        assert!(got.values().all(Result::is_ok), "{got:?}");
        assert_eq!(bench.stub.calls(), 1);
    }
}

#[tokio::test]
async fn articles_whose_titles_begin_alike_are_not_asked_together() {
    let bench = Bench::new(vec![]);
    let mut twins = items(3);
    twins[2].title = twins[0].title.clone();
    let got = judged(&bench, &twins).await;
    assert!(got.values().all(Result::is_ok), "{got:?}");
    assert_eq!(bench.stub.calls(), 2);
}

#[tokio::test]
async fn a_refused_key_leaves_all_unjudged_with_the_failure() {
    let bench = Bench::new(vec![Fault::status(401)]);
    let got = judged(&bench, &items(5)).await;
    assert_eq!((got.len(), bench.stub.calls()), (5, 1));
    for unjudged in got.values() {
        let failure = unjudged.as_ref().unwrap_err().failure.as_ref().unwrap();
        assert!(failure.is_fatal());
    }
}

#[tokio::test]
async fn the_lower_levels_serve_as_well() {
    let bench = Bench::new(vec![Fault::NoResponseFormat]);
    let got = judged(&bench, &items(3)).await;
    assert!(got.values().all(Result::is_ok), "{got:?}");
}

#[tokio::test]
async fn without_labels_a_model_chooses_its_own() {
    let bench = Bench::new(vec![]);
    let line = Line {
        title: "Frontier",
        language: "en",
        about: "progress of AI",
        sections: &sections(),
        labels: &[],
    };
    let got = triage::judge(&bench.model(), &prompts(), &items(1), &line).await;
    assert_eq!(got["candidate-00"].as_ref().unwrap().label, "news");
    let system = bench.stub.seen()[0].message(0).to_owned();
    assert!(system.contains("that names its field") && system.contains("`models` (标题 models)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_articles_are_twenty_five_calls() {
    let bench = Bench::new(vec![]);
    let model = bench.model();
    // On a task of its own, as a run may have it.
    let task = tokio::spawn(async move {
        let (sections, prompts, items) = (sections(), prompts(), items(300));
        let line = Line {
            title: "前沿速报",
            language: "zh-CN",
            about: "人工智能",
            sections: &sections,
            labels: &[],
        };
        triage::judge(&model, &prompts, &items, &line).await
    });
    let got = task.await.unwrap();
    assert_eq!(got.values().filter(|j| j.is_ok()).count(), 300);
    assert_eq!(bench.stub.calls(), 25);
}
