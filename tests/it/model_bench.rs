//! What tests of the model stand on: a stub, a store, a clock that passes only by being waited on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use digestgen::model::{Clock, Kind, Model, Options, Question};
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
    pub(crate) fn waits(&self) -> Vec<u64> {
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

/// A question of which the stub makes `{"ok": true}`.
pub(crate) fn question(user: &str) -> Question {
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

/// A price, and a ceiling of 10,000 millionths.
pub(crate) const PRICE: &str = "price = { input = 1.0, output = 10.0 }\nmax_cost = 0.01\n";
