//! Articles that have no room whole, against the stub.

use digestgen::extract::Article;

use crate::model_bench::Bench;
use crate::stub_model::Fault;
use crate::writer::{article, prove, written};

const SMALL: &str = "context = 12000\nmax_output = 2000";

/// An article of `n` paragraphs of two sentences each.
fn long(n: usize) -> Article {
    let line = |i: usize| {
        format!(
            "第{i}段讲了这个系统的另一个方面，并且给出了足够多的细节，好让这一段有些长度。它的第{i}项\
             指标比上一代提高了{}%，测试由两家独立机构完成。",
            i % 60 + 3
        )
    };
    let text: Vec<String> = (0..n).map(line).collect();
    article("一个系统的许多方面与细节", "zh", &text.join("\n"))
}

/// The ids that a question shows.
fn ids(user: &str) -> Vec<&str> {
    let lines = user.lines().filter_map(|l| l.strip_prefix("[a1.s")?.split_once("] "));
    lines.map(|(id, _)| id).collect()
}

#[tokio::test]
async fn a_long_article_is_read_in_parts_and_keeps_its_ids() {
    let own = long(200);
    let bench = Bench::with(SMALL, vec![]);
    let got = written(&bench, &[&own]).await.unwrap();
    assert!(got.cut.is_empty(), "nothing was left unread: {:?}", got.cut);
    let account = &got.in_parts[0];
    assert_eq!((account.article.as_str(), account.of), (own.id.as_str(), 400));
    assert!(account.parts > 2 && account.shown > 20 && account.shown <= account.named);
    assert_eq!(bench.stub.calls(), account.parts + 1);
    prove(&got.entry, &[&own]);
    let seen = bench.stub.seen();
    // Every sentence stands in exactly one part, parts end where paragraphs do.
    let (parts, entry) = seen.split_at(account.parts);
    let mut read: Vec<usize> = Vec::new();
    for part in parts {
        let own: Vec<usize> = ids(part.message(1)).iter().map(|id| id.parse().unwrap()).collect();
        assert_eq!(own.len() % 2, 0, "a paragraph was divided");
        read.extend(own);
    }
    read.sort_unstable();
    assert_eq!(read, (1..=400).collect::<Vec<_>>());
    let shown = ids(entry[0].message(1));
    assert_eq!(shown.len(), account.shown);
    assert!(shown.iter().any(|id| id.parse::<usize>().unwrap() > 300), "the end counts too");
    // The shared prefix is the same for all parts; a second run pays for nothing.
    assert!(parts.iter().all(|p| p.message(0) == parts[0].message(0)));
    let again = written(&bench, &[&own]).await.unwrap();
    assert_eq!(again, got);
    assert_eq!(bench.stub.calls(), account.parts + 1);
}

#[tokio::test]
async fn what_fits_beside_a_long_article_goes_whole() {
    let (own, short) = (long(200), article("Open gripper", "en", crate::writer::ENGLISH));
    let bench = Bench::with(SMALL, vec![]);
    let got = written(&bench, &[&short, &own]).await.unwrap();
    assert_eq!(got.in_parts.len(), 1);
    assert_eq!(got.in_parts[0].article, own.id);
    let user = bench.stub.seen().pop().unwrap().message(1).to_owned();
    assert!(user.contains("[a1.s5]") && user.contains("[a2.s"));
}

#[tokio::test]
async fn without_room_for_anything_nothing_is_asked() {
    let bench = Bench::with("context = 7000\nmax_output = 2000", vec![]);
    let gap = written(&bench, &[&long(200)]).await.unwrap_err();
    assert_eq!((gap.reason.as_str(), bench.stub.calls()), ("too_long", 0));
    assert!(gap.detail.contains("[model] context"));
}

#[tokio::test]
async fn a_part_without_an_answer_is_said_to_be_unread() {
    let own = long(200);
    let bench = Bench::with(&format!("{SMALL}\nconcurrency = 1"), vec![Fault::Refusal]);
    let got = written(&bench, &[&own]).await.unwrap();
    let cut = &got.cut[0];
    assert!(cut.read > 100 && cut.read < cut.of && cut.of == 400, "{cut:?}");
    prove(&got.entry, &[&own]);
}

#[tokio::test]
async fn sentences_that_are_made_up_are_sent_back_and_never_shown() {
    let own = long(100);
    let lie = |answer: &mut serde_json::Value| {
        answer["sentences"][0]["id"] = serde_json::json!("a1.s9999");
        answer["sentences"][1]["quote"] = serde_json::json!("原文里没有的一句话");
    };
    let bench = Bench::with(&format!("{SMALL}\nconcurrency = 1"), vec![Fault::twist(lie); 3]);
    let got = written(&bench, &[&own]).await.unwrap();
    let feedback = bench.stub.seen().iter().filter(|s| s.body["messages"][3].is_object()).count();
    assert!(feedback >= 2, "asked again at most twice a part: {feedback}");
    assert!(got.cut.is_empty());
    prove(&got.entry, &[&own]);
}

#[tokio::test]
async fn a_ceiling_that_ends_among_the_parts_leaves_the_story_for_later() {
    let own = long(200);
    let more = format!("{SMALL}\nmax_cost = 0.05\nprice = {{ input = 1.0, output = 10.0 }}");
    let bench = Bench::with(&more, vec![]);
    let gap = written(&bench, &[&own]).await.unwrap_err();
    assert!(gap.failure.unwrap().is_budget());
    assert!(bench.model().issue_micros() <= 50_000);
    let paid = bench.stub.calls();
    assert!(paid >= 1, "some parts were paid for");
    let mut raised = bench;
    raised.options.max_cost = Some(5.0);
    let got = written(&raised, &[&own]).await.unwrap();
    assert_eq!(raised.stub.calls(), got.in_parts[0].parts + 1, "no part was paid for twice");
}
