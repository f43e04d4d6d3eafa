//! What is paid: once, within the ceiling, and counted, against a stub on loopback.

use digestgen::model::{Level, Model, Reason};
use serde_json::json;

use crate::model_bench::{Bench, PRICE, question};
use crate::stub_model::Fault;

#[tokio::test]
async fn an_answer_is_paid_once_over_runs() {
    let bench = Bench::with(PRICE, vec![]);
    let first = bench.model();
    let reply = first.ask(&question("hello")).await.unwrap();
    assert_eq!(reply.value, json!({"ok": true}));
    assert_eq!((reply.from_store, reply.level), (false, Level::JsonSchema));
    let account = first.account();
    assert_eq!((account.calls, account.asked_again), (1, 0));
    let paid = account.cost_micros.unwrap();
    assert!(paid > 0 && account.input_tokens > 0 && account.output_tokens > 0);
    let second = bench.model();
    assert!(second.ask(&question("hello")).await.unwrap().from_store);
    let account = second.account();
    assert_eq!((account.calls, account.from_store), (0, 1));
    assert_eq!(account.cost_micros, Some(0));
    assert_eq!(second.issue_micros(), paid);
    assert_eq!(bench.stub.calls(), 1);
    let offline = Model::offline(bench.options.clone(), bench.store.clone(), "issue").unwrap();
    assert!(offline.ask(&question("hello")).await.unwrap().from_store);
    let missing = offline.ask(&question("other")).await.unwrap_err();
    assert_eq!(missing.reason, Reason::Offline);
}

#[tokio::test]
async fn the_same_question_at_one_time_is_one_call() {
    let bench = Bench::new(vec![]);
    let model = bench.model();
    let one = question("hello");
    let (a, b, c) = tokio::join!(model.ask(&one), model.ask(&one), model.ask(&one));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!((bench.stub.calls(), model.account().from_store), (1, 2));
}

#[tokio::test]
async fn the_ceiling_holds_before_a_call_is_made() {
    let bench = Bench::with(PRICE, vec![Fault::NoUsage]);
    let mut asked = question("hello");
    asked.max_output = 600;
    let model = bench.model();
    model.ask(&asked).await.unwrap();
    // Without usage, what was reserved counts: 6000 and a little of 10000.
    assert!(model.account().cost_micros.unwrap() > 6000);
    assert_eq!(model.account().untold, 1);
    asked.user = "again".into();
    let failure = bench.model().ask(&asked).await.unwrap_err();
    assert!(failure.is_budget() && !failure.is_fatal());
    assert!(failure.to_string().contains("max_cost"));
    assert_eq!(bench.stub.calls(), 1);
}

#[tokio::test]
async fn a_lost_answer_counts_as_spent_and_a_refusal_does_not() {
    let bench = Bench::with(PRICE, vec![Fault::Cut, Fault::status(500)]);
    let model = bench.model();
    model.ask(&question("hello")).await.unwrap();
    let lost = model.account().cost_micros.unwrap();
    let plain = Bench::with(PRICE, vec![Fault::status(500)]);
    let model = plain.model();
    model.ask(&question("hello")).await.unwrap();
    let paid = model.account().cost_micros.unwrap();
    assert!(lost > paid + 900, "{lost} {paid}");
}

#[tokio::test]
async fn an_unknown_price_is_unknown() {
    let bench = Bench::new(vec![]);
    let model = bench.model();
    assert_eq!(model.account().cost(), Some(0.0));
    model.ask(&question("hello")).await.unwrap();
    assert_eq!(model.account().cost(), None);
}

#[tokio::test]
async fn a_call_that_was_broken_off_counts_as_spent() {
    let bench = Bench::with(PRICE, vec![Fault::Slow]);
    let model = bench.model();
    {
        let asked = question("hello");
        let mut asking = std::pin::pin!(model.ask(&asked));
        // Until the stub has the request; then the run is interrupted.
        while bench.stub.calls() == 0 {
            let _ = futures_util::poll!(&mut asking);
            tokio::task::yield_now().await;
        }
    }
    drop(model);
    let again = bench.model();
    assert!(again.issue_micros() > 1000);
    // It may be paid once more, within the ceiling.
    again.ask(&question("hello")).await.unwrap();
    assert_eq!(bench.stub.calls(), 2);
}

#[tokio::test]
async fn the_ceiling_holds_over_many_runs_that_break() {
    const CEILING: u64 = 10_000;
    let mut bench = Bench::with(PRICE, vec![]);
    let mut budget = 0;
    for run in 0..60 {
        let model = bench.model();
        assert!(model.issue_micros() <= CEILING, "run {run}");
        // A fault that the ceiling kept from being played is not the next run's.
        bench.stub.forgive();
        bench.stub.fail_next(match run % 5 {
            0 => vec![Fault::Cut],
            1 => vec![Fault::NoUsage],
            2 => vec![Fault::Slow],
            3 => vec![Fault::status(500)],
            _ => vec![],
        });
        let (calls, asked) = (bench.stub.calls(), question(&format!("question {run}")));
        if run % 5 == 2 {
            // Interrupted while the question is on its way.
            let mut asking = std::pin::pin!(model.ask(&asked));
            while bench.stub.calls() == calls {
                if futures_util::poll!(&mut asking).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        } else if let Err(failure) = model.ask(&asked).await {
            assert!(failure.is_budget(), "{failure}");
            budget += 1;
        }
        drop(model);
        assert!(bench.model().issue_micros() <= CEILING, "run {run}");
    }
    assert!(budget > 3, "the ceiling was never reached");
    // Raised, the issue goes on; what was paid for is not asked again.
    bench.options.max_cost = Some(0.05);
    let model = bench.model();
    let calls = bench.stub.calls();
    assert!(model.ask(&question("question 4")).await.unwrap().from_store);
    bench.stub.forgive();
    model.ask(&question("one more")).await.unwrap();
    assert!(bench.stub.calls() > calls);
    assert!(model.issue_micros() <= 50_000);
}
