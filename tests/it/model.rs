//! The door to models, against a stub on loopback.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use digestgen::model::{Clock, Kind, Level, Model, Options, Question, Reason, Turn};
use digestgen::store::Store;
use secrecy::SecretString;
use serde_json::json;

use crate::stub_model::{Fault, StubModel};

/// A clock that passes only by being waited on.
#[derive(Default)]
pub(crate) struct TestClock {
    now: AtomicU64,
    waits: Mutex<Vec<u64>>,
}

impl TestClock {
    /// What was waited for, in milliseconds.
    fn waits(&self) -> Vec<u64> {
        self.waits.lock().unwrap().clone()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        Duration::from_millis(self.now.load(Ordering::SeqCst))
    }

    fn sleep(&self, time: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let time = time.as_micros().div_ceil(1000) as u64;
        self.now.fetch_add(time, Ordering::SeqCst);
        self.waits.lock().unwrap().push(time);
        Box::pin(tokio::task::yield_now())
    }
}

/// A stub, a store and the options for them.
pub(crate) struct Bench {
    pub(crate) stub: StubModel,
    pub(crate) store: Arc<Store>,
    pub(crate) options: Options,
    pub(crate) clock: Arc<TestClock>,
    _dir: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self::with("", faults)
    }

    /// With further lines of `[model]`.
    pub(crate) fn with(more: &str, faults: Vec<Fault>) -> Self {
        let stub = StubModel::start(faults);
        let dir = tempfile::tempdir().unwrap();
        let toml = format!(
            "base_url = '{}/'\nname = 'stub'\napi_key_env = 'STUB_KEY'\n{more}",
            stub.base_url
        );
        Self {
            stub,
            store: Arc::new(Store::open(dir.path()).unwrap()),
            options: toml::from_str(&toml).unwrap(),
            clock: Arc::default(),
            _dir: dir,
        }
    }

    /// A door as a new run opens it.
    pub(crate) fn model(&self) -> Model {
        Model::with_clock(
            self.options.clone(),
            SecretString::from(" key-test-0123456789\n"),
            self.store.clone(),
            "issue",
            self.clock.clone(),
        )
        .unwrap()
    }
}

fn question(user: &str) -> Question {
    Question {
        kind: Kind::Entry,
        version: "v".into(),
        system: "Answer in JSON.".into(),
        user: user.into(),
        schema_name: "ok".into(),
        schema: json!({"type": "object", "required": ["ok"],
            "properties": {"ok": {"type": "boolean"}}, "additionalProperties": false}),
        list: None,
        max_output: 100,
        turns: Vec::new(),
    }
}

const PRICE: &str = "price = { input = 1.0, output = 10.0 }\nmax_cost = 0.01\n";

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
async fn the_request_is_what_the_owner_set() {
    let bench = Bench::with("organization = 'org-1'", vec![]);
    bench.model().ask(&question("hello")).await.unwrap();
    let seen = &bench.stub.seen()[0];
    let header = |name: &str| {
        seen.headers
            .get(name)
            .map(|v| v.to_str().unwrap().to_owned())
    };
    assert_eq!(
        header("authorization").unwrap(),
        "Bearer key-test-0123456789"
    );
    assert_eq!(header("openai-organization").unwrap(), "org-1");
    assert_eq!(header("openai-project"), None);
    assert_eq!(seen.body["model"], "stub");
    assert_eq!(seen.body["stream"], false);
}

#[tokio::test]
async fn the_ladder_steps_down_and_remembers() {
    for (fault, level, calls) in [
        (Fault::NoJsonSchema, Level::JsonObject, 2),
        (Fault::NoResponseFormat, Level::Plain, 3),
    ] {
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

#[tokio::test]
async fn how_an_answer_ended_comes_before_what_it_says() {
    for (fault, reason) in [
        (Fault::Length, Reason::Length),
        (Fault::Refusal, Reason::Declined),
        (Fault::Blank, Reason::Blank),
        (Fault::Truncated, Reason::NotJson),
        (Fault::WrongSchema, Reason::Schema),
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
        let Err(refused) = refused else {
            panic!("taken")
        };
        let text = refused.to_string();
        assert!(text.contains("STUB_KEY") && !text.contains("sk-"), "{text}");
    }
}

#[tokio::test]
async fn what_was_wrong_is_sent_back_with_the_answer() {
    let bench = Bench::new(vec![]);
    let mut asked = question("hello");
    asked.turns = vec![Turn {
        answer: "{}".into(),
        feedback: "`ok` is missing.".into(),
    }];
    let model = bench.model();
    model.ask(&asked).await.unwrap();
    let seen = &bench.stub.seen()[0];
    assert_eq!(seen.message(3), "`ok` is missing.");
    assert_eq!(seen.body["messages"][2]["role"], "assistant");
    assert_eq!(model.account().asked_again, 1);
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
    let echo = "{\"error\": {\"message\": \"Incorrect key: key-test-0123456789\"}}".to_owned();
    let bench = Bench::new(vec![
        Fault::None,
        Fault::Html,
        Fault::Status(401, vec![], echo),
    ]);
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
