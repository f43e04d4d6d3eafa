//! The door to models, against a stub on loopback.

use std::sync::{Arc, Mutex};

use digestgen::model::{Level, Model, Reason, Turn};
use secrecy::SecretString;
use serde_json::json;

use crate::model_bench::{Bench, question};
use crate::stub_model::Fault;

#[tokio::test]
async fn the_request_is_what_the_owner_set() {
    let bench = Bench::with("organization = 'org-1'", vec![]);
    bench.model().ask(&question("hello")).await.unwrap();
    let seen = &bench.stub.seen()[0];
    let header = |name: &str| seen.headers.get(name).map(|v| v.to_str().unwrap().to_owned());
    assert_eq!(header("authorization").unwrap(), "Bearer key-test-0123456789");
    assert_eq!(header("openai-organization").unwrap(), "org-1");
    assert_eq!(header("openai-project"), None);
    assert_eq!(seen.body["model"], "stub");
    assert_eq!(seen.body["stream"], false);
}

#[test]
fn the_tables_in_the_templates_read_as_they_stand() {
    for name in ["digest.toml", "edition-zh-ai.toml", "edition-en-ai.toml"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        let from = text.find("# [model]\n").unwrap();
        let part = &text[from..text.find("\n[net]").unwrap()];
        let lines = part.lines().filter_map(|l| l.strip_prefix("# ")).skip(1);
        let table: Vec<&str> = lines.filter(|l| !l.starts_with('`')).collect();
        let table = table.join("\n").replace("[model.", "[");
        let options: digestgen::model::Options = toml::from_str(&table).unwrap();
        // The judge has no price of its own there, and the ceiling asks for one.
        let priced = table.replace("[judge]", "[judge]\nprice = { input = 1.0, output = 1.0 }");
        toml::from_str::<digestgen::model::Options>(&priced).unwrap().check().unwrap();
        assert_eq!(options.preset.as_deref(), Some("openai"));
    }
}

#[tokio::test]
async fn the_ladder_steps_down_and_remembers() {
    for (fault, level, calls) in
        [(Fault::NoJsonSchema, Level::JsonObject, 2), (Fault::NoResponseFormat, Level::Plain, 3)]
    {
        let bench = Bench::new(vec![fault]);
        let reply = bench.model().ask(&question("one")).await.unwrap();
        assert_eq!(reply.level, level);
        assert_eq!(bench.stub.calls(), calls);
        let again = bench.model();
        assert_eq!(again.ask(&question("two")).await.unwrap().level, level);
        assert_eq!(bench.stub.calls(), calls + 1);
        assert_eq!(again.account().asked_again, 0);
        let last = bench.stub.seen().pop().unwrap();
        assert!(last.message(0).contains("\"additionalProperties\":false"));
    }
}

#[tokio::test]
async fn the_ladder_begins_where_the_owner_or_the_preset_says() {
    for (more, level) in [
        ("output = 'json_object'", Level::JsonObject),
        ("output = 'plain'", Level::Plain),
        ("preset = 'deepseek'", Level::JsonObject),
        ("preset = 'qwen'\noutput = 'json_schema'", Level::JsonSchema),
    ] {
        let bench = Bench::with(more, vec![]);
        assert_eq!(bench.model().ask(&question("one")).await.unwrap().level, level);
        assert_eq!(bench.stub.calls(), 1);
        let body = &bench.stub.seen()[0].body;
        let thinking = more.contains("qwen").then_some(false);
        assert_eq!(body["enable_thinking"].as_bool(), thinking);
    }
}

#[tokio::test]
async fn a_throttle_is_waited_for_as_long_as_asked() {
    let wait = |name, value| Fault::Status(429, vec![(name, value)], String::new());
    let bench = Bench::new(vec![
        wait("retry-after", "7"),
        wait("retry-after-ms", "250"),
        wait("retry-after", "86400"),
        Fault::status(503),
    ]);
    let model = bench.model();
    model.ask(&question("hello")).await.unwrap();
    let waits = bench.clock.waits();
    assert_eq!(waits[..3], [7000, 250, 60_000]);
    assert!((4000..=8000).contains(&waits[3]), "{waits:?}");
    assert_eq!((model.account().calls, model.account().asked_again), (5, 4));
}

#[tokio::test]
async fn every_spelling_of_the_wait_is_understood() {
    const DATE: (&str, &str) = ("date", "Sat, 03 Jan 2026 00:00:00 GMT");
    for (headers, waited) in [
        (vec![("retry-after", "0.25")], 250),
        (vec![("retry-after", "2s")], 2000),
        (vec![DATE, ("retry-after", "Sat, 03 Jan 2026 00:00:30 GMT")], 30_000),
        (vec![DATE, ("retry-after", "Fri, 02 Jan 2026 00:00:00 GMT")], 0),
        (vec![("retry-after-ms", "40"), ("retry-after", "9")], 40),
        (vec![("retry-after", "999999999999")], 60_000),
    ] {
        let bench = Bench::new(vec![Fault::Status(429, headers.clone(), String::new())]);
        bench.model().ask(&question("hello")).await.unwrap();
        assert_eq!(bench.clock.waits().iter().sum::<u64>(), waited, "{headers:?}");
    }
    // What says nothing that can be used is waited for as a failure without a word.
    for nonsense in ["soon", "-5", "inf"] {
        let bench =
            Bench::new(vec![Fault::Status(429, vec![("retry-after", nonsense)], String::new())]);
        bench.model().ask(&question("hello")).await.unwrap();
        let waits = bench.clock.waits();
        assert!((500..=1000).contains(&waits[0]), "{nonsense}: {waits:?}");
    }
    // “At once” is believed once.
    let at_once = Fault::Status(429, vec![("retry-after", "0")], String::new());
    let bench = Bench::new(vec![at_once; 3]);
    bench.model().ask(&question("hello")).await.unwrap();
    assert!(bench.clock.waits().iter().sum::<u64>() >= 3000, "{:?}", bench.clock.waits());
}

#[tokio::test]
async fn requests_and_tokens_a_minute_hold_for_the_door() {
    let bench = Bench::with("rpm = 2", vec![]);
    let model = bench.model();
    for user in ["one", "two", "three", "four", "five"] {
        model.ask(&question(user)).await.unwrap();
    }
    assert_eq!(bench.clock.waits(), [60_000, 60_000]);
    // A question reserves its answer; what was really taken counts after it.
    let bench = Bench::with("tpm = 250", vec![]);
    let model = bench.model();
    for user in ["one", "two", "three", "four", "five", "six", "seven", "eight"] {
        model.ask(&question(user)).await.unwrap();
    }
    let account = model.account();
    let minutes = 1 + bench.clock.waits().iter().sum::<u64>() / 60_000;
    assert!(account.input_tokens + account.output_tokens <= 250 * minutes);
    assert!(minutes > 1, "all of it went into one minute");
}

#[tokio::test]
async fn a_throttle_pauses_the_endpoint_and_not_one_question() {
    let wait = Fault::Status(429, vec![("retry-after", "30")], String::new());
    let bench = Bench::with("concurrency = 1", vec![wait]);
    let model = bench.model();
    let (one, two) = (question("one"), question("two"));
    let (a, b) = tokio::join!(model.ask(&one), model.ask(&two));
    assert!(a.is_ok() && b.is_ok());
    // One of them was refused, and both came after the pause, which was waited for once.
    assert_eq!((bench.stub.calls(), bench.clock.waits()), (3, vec![30_000]));
}

#[tokio::test]
async fn what_can_pass_is_tried_five_times() {
    for (fault, reason) in [
        (Fault::status(500), Reason::Server),
        (Fault::status(408), Reason::Server),
        (Fault::status(429), Reason::Throttled),
        (Fault::Cut, Reason::Cut),
    ] {
        let bench = Bench::new(vec![fault; 5]);
        let failure = bench.model().ask(&question("hello")).await.unwrap_err();
        assert_eq!((failure.reason, bench.stub.calls()), (reason, 5));
        bench.model().ask(&question("hello")).await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_pass_is_not_tried_again() {
    for (fault, reason, calls) in [
        (Fault::status(404), Reason::NotFound, 1),
        (Fault::status(413), Reason::TooLong, 1),
        // Each level of the ladder once.
        (Fault::status(400), Reason::Refused, 3),
        (Fault::status(422), Reason::Refused, 3),
        (Fault::Html, Reason::NotAnAnswer, 1),
    ] {
        let bench = Bench::new(vec![fault; 5]);
        let failure = bench.model().ask(&question("hello")).await.unwrap_err();
        assert_eq!((failure.reason, bench.stub.calls()), (reason, calls));
        assert!(bench.clock.waits().is_empty());
        assert_eq!(failure.request_id.as_deref(), Some("req-stub"));
    }
}

#[tokio::test]
async fn a_refused_key_ends_all_calls_but_not_stored_answers() {
    let quota = json!({"error": {"message": "m", "code": "insufficient_quota"}}).to_string();
    for (fault, reason) in [
        (Fault::status(401), Reason::Key),
        (Fault::status(403), Reason::Key),
        (Fault::Status(429, vec![], quota), Reason::Quota),
    ] {
        let bench = Bench::new(vec![Fault::None, fault]);
        let model = bench.model();
        model.ask(&question("stored")).await.unwrap();
        for user in ["one", "two"] {
            let failure = model.ask(&question(user)).await.unwrap_err();
            assert_eq!(failure.reason, reason);
            assert!(failure.is_fatal());
            assert!(!failure.to_string().contains("key-test"));
        }
        assert_eq!(bench.stub.calls(), 2);
        assert!(model.ask(&question("stored")).await.unwrap().from_store);
    }
}

#[tokio::test]
async fn nobody_there_is_a_failure_with_a_remedy() {
    let bench = Bench::new(vec![]);
    let mut options = bench.options.clone();
    // Bound and dropped: nothing listens there now.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    options.base_url = Some(format!("http://{}/v1", free.local_addr().unwrap()));
    drop(free);
    let key = SecretString::from("k");
    let model = Model::with_clock(options, key, bench.store.clone(), "i", bench.clock.clone());
    let failure = model.unwrap().ask(&question("x")).await.unwrap_err();
    assert_eq!(failure.reason, Reason::Connect);
    assert!(failure.to_string().contains("check [model] base_url"));
    assert_eq!(bench.clock.waits().len(), 4);
}

#[tokio::test]
async fn a_silent_endpoint_is_given_up_and_asked_again() {
    let bench = Bench::with("timeout = 0.5", vec![Fault::Slow]);
    let model = bench.model();
    model.ask(&question("hello")).await.unwrap();
    assert!(model.account().asked_again >= 1);
}

/// An answer that the endpoint's content filter stopped.
pub(crate) fn content_filter() -> Fault {
    let choice = json!({"message": {"content": "{\"title\": "}, "finish_reason": "content_filter"});
    Fault::Status(200, Vec::new(), json!({"choices": [choice]}).to_string())
}

#[tokio::test]
async fn a_question_that_the_filter_refuses_is_given_up_at_once() {
    for code in ["content_filter", "data_inspection_failed"] {
        let body = json!({"error": {"message": "m", "code": code}}).to_string();
        let bench = Bench::new(vec![Fault::Status(400, vec![], body)]);
        let failure = bench.model().ask(&question("hello")).await.unwrap_err();
        assert_eq!((failure.reason, bench.stub.calls()), (Reason::Filtered, 1));
    }
}

#[tokio::test]
async fn how_an_answer_ended_comes_before_what_it_says() {
    for (fault, reason) in [
        (Fault::Length, Reason::Length),
        (Fault::Refusal, Reason::Declined),
        (Fault::Blank, Reason::Blank),
        (Fault::Truncated, Reason::NotJson),
        (Fault::WrongSchema, Reason::Schema),
        (content_filter(), Reason::Filtered),
    ] {
        let bench = Bench::new(vec![fault]);
        let model = bench.model();
        let failure = model.ask(&question("hello")).await.unwrap_err();
        assert_eq!(failure.reason, reason);
        // It was paid for: the next run has it from the store and comes to the same end.
        let again = bench.model().ask(&question("hello")).await.unwrap_err();
        assert_eq!(again, failure);
        assert_eq!(bench.stub.calls(), 1);
    }
}

#[tokio::test]
async fn an_endpoint_that_reads_only_a_part_is_refused() {
    let bench = Bench::new(vec![Fault::PromptCut]);
    let long = "This text is long enough to be judged by its size. ".repeat(150);
    let model = bench.model();
    let failure = model.ask(&question(&long)).await.unwrap_err();
    assert_eq!(failure.reason, Reason::PromptCut);
    // Once the server is set right, the same question is asked again.
    model.ask(&question(&long)).await.unwrap();
    assert_eq!(bench.stub.calls(), 2);
}

#[tokio::test]
async fn a_question_larger_than_the_model_is_not_sent() {
    let bench = Bench::with("context = 1000\nmax_output = 200", vec![]);
    let failure = bench.model().ask(&question(&"x".repeat(4000))).await;
    assert_eq!(failure.unwrap_err().reason, Reason::TooLong);
    assert_eq!(bench.stub.calls(), 0);
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_named_and_not_shown() {
    let bench = Bench::new(vec![]);
    for key in ["", "  \n", "sk-sec ret", "sk-密钥"] {
        let key = SecretString::from(key);
        let refused = Model::new(bench.options.clone(), key, bench.store.clone(), "i");
        let Err(refused) = refused else { panic!("taken") };
        let text = refused.to_string();
        assert!(text.contains("STUB_KEY") && !text.contains("sk-"), "{text}");
    }
}

#[tokio::test]
async fn what_was_wrong_is_sent_back_with_the_answer() {
    let bench = Bench::new(vec![]);
    let mut asked = question("hello");
    asked.turns = vec![Turn { answer: "{}".into(), feedback: "`ok` is missing.".into() }];
    let model = bench.model();
    model.ask(&asked).await.unwrap();
    let seen = &bench.stub.seen()[0];
    assert_eq!(seen.message(3), "`ok` is missing.");
    assert_eq!(seen.body["messages"][2]["role"], "assistant");
    assert_eq!(model.account().asked_again, 1);
}

/// What is logged, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_key_is_in_no_log_error_or_record() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // While there is but one subscriber, tracing lets whichever thread comes first decide for all
    // whether a place in the code is logged; the threads of other tests have none.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let echo = "{\"error\": {\"message\": \"Incorrect key: key-test-0123456789\"}}".to_owned();
    let bench = Bench::new(vec![Fault::None, Fault::Html, Fault::Status(401, vec![], echo)]);
    let model = bench.model();
    model.ask(&question("one")).await.unwrap();
    let mut said = String::new();
    for user in ["two", "three"] {
        let failure = model.ask(&question(user)).await.unwrap_err();
        said.push_str(&format!("{failure} {failure:?}"));
    }
    said.push_str(&String::from_utf8_lossy(&log.0.lock().unwrap()));
    assert!(said.contains("hyper"), "nothing was logged");
    assert!(!said.contains("0123456789"), "{said}");
    for entry in std::fs::read_dir(bench.store.dir()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("0123456789"));
    }
}
