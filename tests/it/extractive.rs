//! The extractive writer on cases of our own, and, when asked for, on a folder of labelled data.

use std::fs;
use std::path::PathBuf;

use digestgen::summarize::extractive;
use serde_json::Value;

/// Writes `<set>.summarize.out.jsonl` beside the temporary files for each set of the folder
/// `DIGESTGEN_BENCH`, to be scored there.
#[test]
#[ignore = "needs labelled data: DIGESTGEN_BENCH=FOLDER"]
#[allow(clippy::disallowed_methods)]
fn bench() {
    let folder = PathBuf::from(std::env::var("DIGESTGEN_BENCH").expect("set DIGESTGEN_BENCH"));
    for set in ["en-news", "zh-headlines"] {
        let rows = fs::read_to_string(folder.join(format!("summarize/{set}.jsonl"))).unwrap();
        let mut out = String::new();
        for row in rows.lines() {
            let row: Value = serde_json::from_str(row).unwrap();
            let id = row["id"].clone();
            let answer = extractive::stage(row).unwrap_or_else(|error| {
                eprintln!("{set} {id}: {error}");
                serde_json::json!({ "id": id, "summary": [], "error": error })
            });
            out.push_str(&answer.to_string());
            out.push('\n');
        }
        fs::write(
            std::env::temp_dir().join(format!("{set}.summarize.out.jsonl")),
            out,
        )
        .unwrap();
    }
}
