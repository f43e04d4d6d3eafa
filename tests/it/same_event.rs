//! Doubtful pairs, asked of a stub model.

use std::collections::BTreeMap;

use digestgen::model::Prompts;
use digestgen::select::cluster::pair_of;
use digestgen::select::same_event::{Answered, Side, ask};
use serde_json::json;

use crate::model_bench::Bench;
use crate::stub_model::Fault;

fn side(id: &str, lead: &str) -> Side {
    Side {
        id: id.into(),
        published: "2026-01-03".into(),
        title: format!("标题 {id}"),
        lead: lead.into(),
    }
}

/// Pairs of which the even ones share their figures.
fn pairs(n: usize) -> Vec<(Side, Side)> {
    (0..n)
        .map(|i| {
            let first = format!("观澜实验室的模型有 {} 亿参数，成本降低 {}%。", 100 + i, 30 + i);
            let other = if i % 2 == 0 { first.clone() } else { "没有任何数字。".to_owned() };
            (side(&format!("a{i:02}"), &first), side(&format!("b{i:02}"), &other))
        })
        .collect()
}

async fn asked(bench: &Bench, pairs: &[(Side, Side)], asking: bool) -> Answered {
    let prompts = Prompts::new(&BTreeMap::new()).unwrap();
    ask(&bench.model(), &prompts, "前沿速报", pairs, asking).await
}

#[tokio::test]
async fn each_pair_is_paid_for_once_in_whatever_order() {
    let bench = Bench::new(vec![]);
    let got = asked(&bench, &pairs(23), true).await;
    assert_eq!((got.told.len(), got.unanswered, bench.stub.calls()), (23, 0, 3));
    assert!(got.told[&pair_of("a00", "b00")]);
    assert!(!got.told[&pair_of("a01", "b01")]);
    let mut turned: Vec<(Side, Side)> = pairs(24).into_iter().map(|(a, b)| (b, a)).collect();
    turned.reverse();
    let again = asked(&bench, &turned, true).await;
    assert_eq!((again.told.len(), bench.stub.calls()), (24, 4));
    assert_eq!(again.told[&pair_of("b00", "a00")], got.told[&pair_of("a00", "b00")]);
    // Where nothing shall be asked, what is known serves.
    let known = asked(&bench, &pairs(26), false).await;
    assert_eq!((known.told.len(), known.unanswered, bench.stub.calls()), (24, 2, 4));
}

#[tokio::test]
async fn an_answer_that_leaves_out_repeats_or_invents_ids_decides_nothing_for_them() {
    let bench = Bench::new(vec![Fault::twist(|answer| {
        let list = answer["pairs"].as_array_mut().unwrap();
        list.remove(0);
        let mut twice = list[0].clone();
        twice["same"] = json!(true);
        list.push(twice);
        list.push(json!({"id": "p77", "same": true}));
        list.reverse();
    })]);
    let got = asked(&bench, &pairs(5), true).await;
    assert_eq!((got.told.len(), got.unanswered), (3, 2), "{:?}", got.told);
    assert!(!got.told.contains_key(&pair_of("a00", "b00")));
    assert!(!got.told.contains_key(&pair_of("a01", "b01")));
    assert!(got.told[&pair_of("a02", "b02")] && !got.told[&pair_of("a03", "b03")]);
}

#[tokio::test]
async fn verdicts_that_exchange_their_ids_are_not_taken() {
    // Every second pair is of one event: each verdict stands under the id of its neighbour.
    let turned = |answer: &mut serde_json::Value| {
        let list = answer["pairs"].as_array_mut().unwrap();
        for (i, one) in list.iter_mut().enumerate() {
            one["id"] = json!(format!("p{}", (i + 1) % 6 + 1));
        }
    };
    let bench = Bench::new(vec![Fault::twist(turned)]);
    let got = asked(&bench, &pairs(6), true).await;
    assert_eq!((got.told.len(), got.unanswered), (0, 6));
}

#[tokio::test]
async fn a_refused_key_is_told() {
    let bench = Bench::new(vec![Fault::status(401)]);
    let got = asked(&bench, &pairs(2), true).await;
    assert_eq!((got.told.len(), got.unanswered), (0, 2));
    assert!(got.trouble.unwrap().failure.unwrap().is_fatal());
}
