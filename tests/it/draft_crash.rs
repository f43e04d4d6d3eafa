//! An editor's draft and a re-run that ends at any write: the old text or the merged one, and the
//! next run ends as one that was left alone.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use digestgen::store::watch;

use crate::harness::{Digest, fixtures};
use crate::whole::draft;

/// How many instants are tried.
const INSTANTS: usize = 50;

/// Two sources of the demo, so that many runs take little time.
fn small(entries: usize) -> Digest {
    let keep = ["观澜科技", "硅屿"];
    Digest::demo_with(|text| {
        let mut parts = text.split("[[sources]]");
        let mut small = parts.next().unwrap().to_owned();
        for part in parts.filter(|p| keep.iter().any(|name| p.contains(name))) {
            small.push_str(&format!("[[sources]]{part}"));
        }
        small.replace("entries   = 10", &format!("entries   = {entries}"))
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A re-run whose writes are refused from the `at`-th on; how many it made in all.
fn rerun(dir: &Path, at: usize) -> usize {
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = writes.clone();
    let _watch = watch(dir, move |path| {
        // Without its lock a run does not begin.
        let lock = path.extension().is_some_and(|e| e == "lock");
        match lock || counted.fetch_add(1, Ordering::SeqCst) + 1 < at {
            true => Ok(()),
            false => Err(io::Error::other("the power is gone")),
        }
    });
    // Where not even the state can be opened, the run does not begin: it ends all the same.
    let ended =
        std::panic::catch_unwind(|| draft(dir, &fixtures().join("demo/web.warc.gz"), None).is_ok());
    let made = writes.load(Ordering::SeqCst);
    assert_eq!(ended.unwrap_or(false), made < at, "write {at}");
    made
}

#[test]
fn an_edited_draft_survives_an_end_at_any_write() {
    let digest = small(3);
    draft(digest.path(), &fixtures().join("demo/web.warc.gz"), None).unwrap();
    let first = digest.issue();
    let parsed = digestgen::format::parse(&first).unwrap();
    let sections = parsed.issue.sections.iter().enumerate();
    let (number, _) = sections.rev().find(|(_, s)| !s.entries.is_empty()).unwrap();
    let deleted = &parsed.issue.sections[number].entries[0];
    let gone = parsed.bytes_of(&format!("entry {}.1", number + 1)).unwrap();
    let edited = format!("{}{}", &first[..gone.start], &first[gone.end..])
        .replacen("**概要**：", "**概要**：（编者改）", 1)
        .replacen("## 1. ", "编者自己的一段。\n\n## 1. ", 1);
    std::fs::write(digest.folder().join("issue.md"), &edited).unwrap();
    let config = digest.path().join("digest.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("entries   = 3", "entries   = 6")).unwrap();

    let place = |dir: &Path| dir.join("issues/ai/2026-01-03_2026-01-04");
    let read = |dir: &Path, name: &str| std::fs::read_to_string(place(dir).join(name)).unwrap();
    let whole = tempfile::tempdir().unwrap();
    copy(digest.path(), whole.path());
    let writes = rerun(whole.path(), usize::MAX);
    let merged = read(whole.path(), "issue.md");
    assert!(merged.contains("🆕") && merged.contains("（编者改）"), "{merged}");
    assert!(!merged.contains(&deleted.link.url), "{merged}");
    assert!(writes > 10, "{writes}");

    // The last writes are those of the draft: each of them, and others before.
    let step = (writes / INSTANTS).max(1);
    let instants: Vec<usize> = (1..=writes).rev().step_by(step).take(INSTANTS).collect();
    for at in instants {
        let dir = tempfile::tempdir().unwrap();
        copy(digest.path(), dir.path());
        rerun(dir.path(), at);
        let left = read(dir.path(), "issue.md");
        assert!(left == edited || left == merged, "a third state at write {at}:\n{left}");
        rerun(dir.path(), usize::MAX);
        assert_eq!(read(dir.path(), "issue.md"), merged, "after write {at}");
        assert_eq!(read(dir.path(), "issue.json"), read(whole.path(), "issue.json"), "{at}");
    }
}
