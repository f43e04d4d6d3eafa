//! The checks on cases of our own, and, when asked for, on a folder of labelled data.

use std::fs;
use std::path::PathBuf;

use digestgen::verify;
use serde_json::Value;

/// Writes `<set>.verify.out.jsonl` beside the temporary files for each set of the folder
/// `DIGESTGEN_BENCH`, to be scored there.
#[test]
#[ignore = "needs labelled data: DIGESTGEN_BENCH=FOLDER"]
#[allow(clippy::disallowed_methods)]
fn bench() {
    let folder = PathBuf::from(std::env::var("DIGESTGEN_BENCH").expect("set DIGESTGEN_BENCH"));
    for set in ["numbers", "zh-news", "en-zh", "summedits-news"] {
        let rows = fs::read_to_string(folder.join(format!("verify/{set}.jsonl"))).unwrap();
        let mut out = String::new();
        for row in rows.lines() {
            let row: Value = serde_json::from_str(row).unwrap();
            out.push_str(&verify::stage(row).unwrap().to_string());
            out.push('\n');
        }
        fs::write(
            std::env::temp_dir().join(format!("{set}.verify.out.jsonl")),
            out,
        )
        .unwrap();
    }
}
