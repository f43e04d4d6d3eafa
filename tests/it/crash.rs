//! A run that is killed at any instant and started again ends as one that was left alone, and pays
//! twice at most for what was on its way.
//!
//! Killed at a write: from the n-th change of its disk on a run in this process changes nothing more;
//! at every fifth such instant this binary runs itself as a child that ends there and then.
//! Killed at a request: the program gets SIGKILL when the stub sees the n-th question of the run.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use digestgen::store::{Store, watch};
use serde_json::Value;

use crate::harness::{Digest, NOW};
use crate::model_run::{DAYS, digest};
use crate::stub_model::StubModel;
use crate::whole::draft;

/// How many instants of each kind are tried.
const INSTANTS: usize = 50;
/// Calls under way at one time, as `[model] concurrency` has it where it is not set.
const IN_FLIGHT: usize = 4;

const DIR: &str = "DIGESTGEN_TEST_CRASH_DIR";
const REPLAY: &str = "DIGESTGEN_TEST_CRASH_REPLAY";
const AT: &str = "DIGESTGEN_TEST_CRASH_AT";

/// The child: a whole run that ends at its n-th write. Left alone it notes how many writes it made.
#[test]
#[ignore = "a process that the tests of this file start"]
fn child() {
    let set = |name: &str| std::env::var(name).expect("the tests of this file set it");
    let (dir, at) = (PathBuf::from(set(DIR)), set(AT).parse::<usize>().unwrap());
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = writes.clone();
    let _watch = watch(&dir, move |_| {
        if counted.fetch_add(1, Ordering::SeqCst) + 1 == at {
            std::process::abort();
        }
        Ok(())
    });
    draft(&dir, Path::new(&set(REPLAY)), None).unwrap();
    std::fs::write(dir.join("writes"), writes.load(Ordering::SeqCst).to_string()).unwrap();
}

/// Runs the child; how many writes it made where it came to its end.
fn run_child(digest: &Digest, at: usize) -> Option<usize> {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["crash::child", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIR, digest.path())
        .env(REPLAY, digest.replay())
        .env(AT, at.to_string())
        .output()
        .unwrap();
    let writes = std::fs::read_to_string(digest.path().join("writes")).ok();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.success(), writes.is_some(), "{said}");
    writes.map(|w| w.parse().unwrap())
}

/// A run in this process whose disk takes nothing from the `at`-th write on.
fn run_to(digest: &Digest, at: usize) {
    let writes = AtomicUsize::new(0);
    let _watch = watch(digest.path(), move |path| {
        // Without its lock a run does not begin.
        let lock = path.extension().is_some_and(|e| e == "lock");
        match lock || writes.fetch_add(1, Ordering::SeqCst) + 1 < at {
            true => Ok(()),
            false => Err(io::Error::other("the power is gone")),
        }
    });
    // Where not even the state can be opened, the run does not begin: it ends all the same.
    let draft = || _ = draft(digest.path(), digest.replay(), None);
    _ = std::panic::catch_unwind(draft);
}

/// `issue.md` and `issue.json`.
type Bytes = (String, String);

fn bytes(digest: &Digest) -> Bytes {
    (digest.issue(), digest.file("issue.json"))
}

/// What a run that was killed left behind is the old state or the new one, and the next run ends
/// as one that was left alone: it asks just what was not stored.
fn resumed_is_undisturbed(digest: &Digest, stub: &StubModel, before: usize, whole: &Whole) {
    let stored = {
        let store = Store::open(&digest.path().join(".digestgen")).unwrap();
        store.scan::<Value>("answer", "").unwrap().len()
    };
    for (name, wanted) in [("issue.md", &whole.bytes.0), ("issue.json", &whole.bytes.1)] {
        let left = std::fs::read_to_string(digest.folder().join(name));
        assert!(left.is_err() || left.unwrap() == *wanted, "a third state of {name}");
    }
    draft(digest.path(), digest.replay(), None).unwrap();
    assert_eq!(bytes(digest), whole.bytes);
    let asked = digest.report()["model"]["calls"].as_u64().unwrap() as usize;
    assert_eq!(asked, whole.calls - stored, "what was paid for is there");
    let in_flight = stub.calls() - before - asked - stored;
    assert!(in_flight <= IN_FLIGHT, "paid twice: {in_flight}");
    let mut left: Vec<String> = std::fs::read_dir(digest.folder())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["issue.json", "issue.md", "report.json"]);
}

/// A run that was left alone.
struct Whole {
    bytes: Bytes,
    calls: usize,
    writes: usize,
}

impl Whole {
    fn run(digest: &Digest, stub: &StubModel) -> Self {
        let before = stub.calls();
        let writes = run_child(digest, usize::MAX).unwrap();
        Self { bytes: bytes(digest), calls: stub.calls() - before, writes }
    }
}

/// A digest of three sources of the demo, so that many runs take little time.
pub(crate) fn small(stub: &StubModel) -> Digest {
    let keep = ["观澜科技", "The Lattice Post", "砺舟机器人"];
    let whole = digest(stub, "");
    let path = whole.path().join("digest.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (sources, model) = text.split_once("\n[model]").unwrap();
    let mut parts = sources.split("[[sources]]");
    let mut small = parts.next().unwrap().to_owned();
    for part in parts.filter(|p| keep.iter().any(|name| p.contains(name))) {
        small.push_str(&format!("[[sources]]{part}"));
    }
    std::fs::write(&path, format!("{small}\n[model]{model}")).unwrap();
    whole
}

/// Two workers take the instants in turn, each with a stub of its own.
fn at_each(
    instants: &[usize],
    made: fn(&StubModel) -> Digest,
    kill: impl Fn(usize, &Digest, &StubModel) + Sync,
) {
    std::thread::scope(|scope| {
        for worker in 0..2 {
            let kill = &kill;
            scope.spawn(move || {
                let stub = StubModel::start(Vec::new());
                let whole = Whole::run(&made(&stub), &stub);
                for at in instants.iter().skip(worker).step_by(2) {
                    let (digest, before) = (made(&stub), stub.calls());
                    kill(*at, &digest, &stub);
                    resumed_is_undisturbed(&digest, &stub, before, &whole);
                }
            });
        }
    });
}

/// Numbers from 1 to `most`, as evenly spread as `INSTANTS` can be.
fn spread(most: usize) -> Vec<usize> {
    let mut all: Vec<usize> =
        (0..INSTANTS).map(|i| 1 + i * (most - 1) / (INSTANTS - 1).max(1)).collect();
    all.dedup();
    all
}

#[test]
fn killed_at_any_write() {
    let stub = StubModel::start(Vec::new());
    let whole = Whole::run(&small(&stub), &stub);
    assert!(whole.writes > INSTANTS, "{} writes", whole.writes);
    let instants = spread(whole.writes);
    assert_eq!(instants.len(), INSTANTS);
    // Another run may need a write more or less: one that ends before it was killed is no loss.
    at_each(&instants, small, |at, digest, _| match instants.iter().position(|i| *i == at) {
        Some(place) if place % 5 == 0 => _ = run_child(digest, at),
        _ => run_to(digest, at),
    });
}

#[test]
fn killed_at_any_request() {
    let demo = |stub: &StubModel| digest(stub, "");
    let stub = StubModel::start(Vec::new());
    let calls = Whole::run(&demo(&stub), &stub).calls;
    assert!(calls > 10, "{calls} calls");
    at_each(&spread(calls), demo, |at, digest, stub| killed_by_stub(digest, stub, at));
}

/// The program, killed from outside when its `nth` question comes.
fn killed_by_stub(digest: &Digest, stub: &StubModel, nth: usize) {
    let (tell, told) = mpsc::channel();
    let held: Arc<Mutex<Option<std::process::Child>>> = Arc::default();
    let child = held.clone();
    stub.at_request(nth, move || {
        // Not before the child is known, and nothing is answered after.
        let mut child = child.lock().unwrap();
        let child = child.as_mut().unwrap();
        child.kill().unwrap();
        tell.send(child.wait()).unwrap();
    });
    {
        let mut held = held.lock().unwrap();
        let program = Command::new(env!("CARGO_BIN_EXE_digestgen"))
            .args(["run", "--quiet", "--now", NOW, "--config"])
            .arg(digest.path().join("digest.toml"))
            .arg("--dir")
            .arg(digest.path())
            .arg("--replay")
            .arg(digest.replay())
            .args(DAYS)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        *held = Some(program.unwrap());
    }
    let ended: io::Result<std::process::ExitStatus> = told.recv().unwrap();
    assert!(!ended.unwrap().success());
}
