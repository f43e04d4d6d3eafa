//! The room `extract`: fixture pages, hostile pages, and the labelled pages where they are given.

use std::io::{BufRead, Write};

use digestgen::extract::stage::stage;
use serde_json::Value;

/// Writes what the room gives for labelled pages, for a scorer to read.
///
/// `DIGESTGEN_BENCH` names a folder with `extract/en.pages.jsonl.gz` and `extract/zh.pages.jsonl.gz`;
/// the output goes to `DIGESTGEN_BENCH_OUT` (default: the system's folder for temporary files).
#[test]
#[ignore = "needs labelled pages in the folder DIGESTGEN_BENCH"]
#[allow(clippy::disallowed_methods)]
fn writes_labelled_pages() {
    let Some(folder) = std::env::var_os("DIGESTGEN_BENCH") else {
        println!("left out: DIGESTGEN_BENCH is not set");
        return;
    };
    let out_folder =
        std::env::var_os("DIGESTGEN_BENCH_OUT").map_or_else(std::env::temp_dir, Into::into);
    for name in ["en", "zh"] {
        let path = std::path::Path::new(&folder).join(format!("extract/{name}.pages.jsonl.gz"));
        let file = std::fs::File::open(path).unwrap();
        let lines = std::io::BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
        let mut out =
            std::fs::File::create(out_folder.join(format!("extract-{name}.jsonl"))).unwrap();
        let (mut count, mut spent) = (0u32, std::time::Duration::ZERO);
        for line in lines {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let id = line["id"].clone();
            let start = std::time::Instant::now();
            let mut result = stage(line).unwrap();
            spent += start.elapsed();
            count += 1;
            result["id"] = id;
            writeln!(out, "{result}").unwrap();
        }
        println!(
            "{name}: {count} pages, {:.1} ms a page",
            spent.as_secs_f64() * 1000.0 / f64::from(count)
        );
    }
}
