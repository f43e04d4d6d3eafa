//! The command line: bad input has its own clear message, the right exit code, and writes nothing
//! over.

use predicates::str::contains;

use crate::harness::{Digest, digestgen, stderr};

const DAYS: [&str; 4] = ["--from", "2026-01-03", "--to", "2026-01-04"];

#[test]
fn no_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let run = digestgen().arg("run").current_dir(dir.path()).assert().code(2);
    run.stderr(contains("digest.toml")).stderr(contains("digestgen init"));
}

#[test]
fn init_writes_a_configuration_that_reads_and_keeps_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    digestgen().args(["init", "news"]).current_dir(dir.path()).assert().success();
    let config = dir.path().join("news/digest.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    digestgen::config::Config::parse(&config, &text).unwrap();
    std::fs::write(&config, "mine").unwrap();
    let again = digestgen().args(["init", "news"]).current_dir(dir.path()).assert().code(2);
    again.stderr(contains("not touched"));
    assert_eq!(std::fs::read_to_string(&config).unwrap(), "mine");
}

#[test]
fn an_unknown_key_names_line_and_nearest() {
    let digest = Digest::demo_with(|t| t.replace("entries   = 10", "entires   = 10"));
    let run = digest.run(&DAYS).code(2);
    run.stderr(contains("line ")).stderr(contains("did you mean `entries`?"));
}

#[test]
fn bad_days() {
    let digest = Digest::demo();
    digest.run(&["--from", "2026-13-01"]).code(2).stderr(contains("YYYY-MM-DD"));
    digest.run(&["--from", "20260103"]).code(2).stderr(contains("YYYY-MM-DD"));
    let turned = digest.run(&["--from", "2026-01-04", "--to", "2026-01-03"]);
    turned.code(2).stderr(contains("is after"));
    assert!(!digest.path().join("issues").exists());
}

#[test]
fn a_window_without_anything() {
    let digest = Digest::demo();
    let run = digest.run(&["--from", "2020-01-01", "--to", "2020-01-02"]).code(7);
    run.stderr(contains("2020-01-01")).stderr(contains("outside these days"));
    let all = walk(digest.path());
    assert!(!all.iter().any(|p| p.ends_with("issue.md")), "{all:?}");
}

#[test]
fn all_sources_fail() {
    let digest = Digest::demo_with(|t| {
        let sources = t.find("[[sources]]").unwrap();
        format!(
            "{}[[sources]]\nkind = \"feed\"\nname = \"Gone\"\nurl = \"https://gone.example/feed\"\n",
            &t[..sources]
        )
    });
    let run = digest.run(&DAYS).code(7);
    run.stderr(contains("all 1 sources failed")).stderr(contains("Gone"));
}

#[test]
fn a_failing_source_is_named_once_when_it_begins() {
    let digest = Digest::demo_with(|t| {
        format!(
            "{t}\n[[sources]]\nkind = \"feed\"\nname = \"Gone\"\nurl = \"https://gone.example/feed\"\n"
        )
    });
    digest.run(&DAYS).code(3).stderr(contains("to do: source Gone"));
    let again = digest.run(&DAYS).success();
    assert!(!stderr(&again).contains("to do:"), "{}", stderr(&again));
}

#[test]
fn a_model_without_key_or_price() {
    let model =
        "\n[model]\npreset = \"openai\"\nname = \"m\"\napi_key_env = \"DIGESTGEN_TEST_NO_KEY\"\n";
    let digest = Digest::demo_with(|t| format!("{t}{model}"));
    digest.run(&DAYS).code(2).stderr(contains("DIGESTGEN_TEST_NO_KEY"));
    let digest = Digest::demo_with(|t| format!("{t}{model}max_cost = 1.0\n"));
    digest.run(&DAYS).code(2).stderr(contains("price"));
    assert!(!digest.path().join("issues").exists());
}

#[test]
fn a_recording_that_is_none() {
    let digest = Digest::demo();
    let path = digest.path().join("x.warc.gz");
    std::fs::write(&path, "no recording").unwrap();
    let run = digest.command("run").arg("--replay").arg(&path).args(DAYS).assert();
    run.code(2).stderr(contains("x.warc.gz"));
}

#[test]
fn a_folder_that_cannot_be_written() {
    let digest = Digest::demo();
    // A file where the folder should be: refused for every user, root included.
    std::fs::write(digest.path().join("issues"), "a file").unwrap();
    let run = digest.run(&DAYS).code(6);
    run.stderr(contains("issues"));
    assert_eq!(std::fs::read_to_string(digest.path().join("issues")).unwrap(), "a file");
}

#[test]
fn another_run_holds_the_digest() {
    let digest = Digest::demo();
    let state = digest.path().join(".digestgen");
    let _held = digestgen::store::lock(&state, "draft-ai", "process 4711").unwrap();
    digest.run(&DAYS).code(4).stderr(contains("process 4711"));
}

#[test]
fn an_edited_draft_is_never_written_over() {
    let digest = Digest::demo();
    digest.run(&DAYS).success();
    let path = digest.folder().join("issue.md");
    let edited = format!("{}\n编者按：这一行是我写的。\n", digest.issue());
    std::fs::write(&path, &edited).unwrap();
    // The same news again: nothing is to be merged, and nothing to be done.
    digest.run(&DAYS).success();
    assert_eq!(digest.issue(), edited);
}

#[test]
fn check_names_line_and_expectation() {
    let digest = Digest::demo();
    digest.run(&DAYS).success();
    let path = digest.folder().join("issue.md");
    digestgen().arg("check").arg(&path).assert().success();
    let broken = digest.path().join("broken.md");
    let unlinked = digest.issue().replacen("[阅读原文]", "阅读原文", 1);
    let line = unlinked.lines().position(|l| l.starts_with("阅读原文")).unwrap() + 1;
    std::fs::write(&broken, unlinked).unwrap();
    let check = digestgen().arg("check").arg(&broken).assert().code(8);
    check.stdout(contains(format!("broken.md:{line}: error: expected the entry's source link")));
    digestgen().args(["check", "nowhere.md"]).assert().code(2).stderr(contains("nowhere.md"));
}

#[test]
fn status_tells_where_and_why() {
    let digest = Digest::demo();
    digest.command("status").assert().code(2).stderr(contains("digestgen run"));
    digest.run(&DAYS).success();
    let status = digest.command("status").assert().success();
    status.stdout(contains("24 candidates")).stdout(contains("Could not be read"));
    let why = |url: &str| digest.command("status").args(["--why", url]).assert();
    let rejected = why("https://guanlan.example/2026/01/suanshu-series-c.html?utm_source=x");
    rejected.success().stdout(contains("rejected")).stdout(contains("reject_term"));
    why("https://nowhere.example/").code(2).stderr(contains("no candidate"));
}

#[test]
fn the_report_goes_where_it_is_asked_for() {
    let digest = Digest::demo();
    let path = digest.path().join("account.json");
    digest.run(&[&DAYS[..], &["--report", path.to_str().unwrap(), "--json"]].concat()).success();
    let written = std::fs::read_to_string(path).unwrap();
    assert_eq!(written, digest.file("report.json"));
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(walk(&path));
        } else {
            out.push(path);
        }
    }
    out
}
