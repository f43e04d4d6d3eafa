use super::*;

const URL: &str = "https://news.example/feed.xml";

fn feed(body: &str) -> Feed {
    parse_feed(URL, None, body.as_bytes()).unwrap()
}

#[test]
fn rss_with_all_its_faults() {
    let body = "<rss><channel><title>R&D &nbsp;周报</title>\
        <item><title>Q&A: a &amp; b</title><link>/a?x=1&y=2</link><guid>1</guid>\
        <pubDate>Sat, 03 Jan 2026 09:30:00 +0800</pubDate>\
        <content:encoded><![CDATA[<p>正文</p>]]></content:encoded></item>\
        <item><title>不闭合</title><guid isPermaLink=\"true\">https://news.example/b</guid>\
        <item><title>cut off</title><link>https://news.example/c</link><description><![CDATA[half";
    let feed = feed(body);
    assert_eq!(
        (feed.kind, feed.title.as_str()),
        (FeedKind::Rss, "R&D 周报")
    );
    let items: Vec<_> = feed
        .items
        .iter()
        .map(|i| (i.title.as_str(), i.url.as_deref().unwrap()))
        .collect();
    assert_eq!(
        items,
        [
            ("Q&A: a & b", "https://news.example/a?x=1&y=2"),
            ("不闭合", "https://news.example/b"),
            ("cut off", "https://news.example/c"),
        ]
    );
    assert_eq!(feed.items[0].content.as_deref(), Some("<p>正文</p>"));
    assert_eq!(feed.items[2].snippet, "half");
}

#[test]
fn atom_and_its_kinds_of_text() {
    let body = "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xml:base=\"https://o.example/x/\"><a:title>T</a:title>\
        <a:entry><a:id>urn:1</a:id><a:title type=\"html\">&lt;b&gt;x&lt;/b&gt;</a:title>\
        <a:link rel=\"self\" href=\"self\"/><a:link href=\"page\"/><a:updated>2026-01-03T00:00:00Z</a:updated>\
        <a:author><a:name>甲</a:name></a:author>\
        <a:content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">a &lt; <i>b</i></div></a:content></a:entry></a:feed>";
    let feed = feed(body);
    let item = &feed.items[0];
    assert_eq!((feed.kind, item.title.as_str()), (FeedKind::Atom, "x"));
    assert_eq!(item.url.as_deref(), Some("https://o.example/x/page"));
    assert_eq!(item.author.as_deref(), Some("甲"));
    assert_eq!(item.content.as_deref(), Some("<div>a &lt; <i>b</i></div>"));
}

#[test]
fn json_whole_and_cut_off() {
    let body = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[\
        {\"id\":1,\"url\":\"/a\",\"title\":\"A\",\"content_html\":\"<p>x</p>\",\"date_published\":\"2026-01-03T00:00:00Z\"},\
        {\"id\":2,\"url\":\"/b\"}]}";
    let whole = feed(body);
    assert_eq!(
        (whole.items.len(), whole.items[0].guid.as_deref()),
        (2, Some("1"))
    );
    let cut = feed(&body[..body.len() - 10]);
    assert_eq!(cut.items, whole.items[..1]);
}

#[test]
fn no_feed() {
    let page = "<!DOCTYPE html><html><head><link rel=alternate type=\"application/rss+xml\" href=\"/rss\"></head></html>";
    let error = parse_feed(URL, None, page.as_bytes())
        .unwrap_err()
        .to_string();
    assert!(error.contains("HTML page"), "{error}");
    assert_eq!(parse_feed(URL, None, b" \n"), Err(FeedError::Empty));
    assert!(parse_feed(URL, None, b"just words").is_err());
    assert!(parse_feed(URL, None, b"{\"a\":1}").is_err());
}

#[test]
fn deep_nesting_ends() {
    let body = format!(
        "<rss><channel>{}<item><title>x</title></item>",
        "<div>".repeat(100_000)
    );
    assert!(parse_feed(URL, None, body.as_bytes()).is_ok());
}

// Marked as tests so that the rules of the house see that only tests open files here.
#[cfg(test)]
mod files {
    use super::*;

    /// Each folder of `fixtures/feeds` holds `feed.*` and `expect.json`: what `stage` gives for it, or
    /// `{"error": …}`. `UPDATE_FIXTURES=1` writes the latter anew, to be read before it is committed.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn fixtures() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
        let update = std::env::var_os("UPDATE_FIXTURES").is_some();
        let mut cases = 0;
        for folder in std::fs::read_dir(root).unwrap() {
            let folder = folder.unwrap().path();
            let files = std::fs::read_dir(&folder)
                .unwrap()
                .map(|f| f.unwrap().path());
            let file = files
                .into_iter()
                .find(|f| f.file_stem().unwrap() == "feed")
                .unwrap();
            let body = base64::Engine::encode(
                &base64::engine::general_purpose::STANDARD,
                std::fs::read(file).unwrap(),
            );
            let line = serde_json::json!({ "url": URL, "body_base64": body });
            let got = crate::collect::stage(line.clone());
            assert_eq!(
                got,
                crate::collect::stage(line),
                "another parse, the same answer"
            );
            let got = got.unwrap_or_else(|e| serde_json::json!({ "error": e }));
            let expect = folder.join("expect.json");
            if update {
                let text = serde_json::to_string_pretty(&got).unwrap() + "\n";
                std::fs::write(&expect, text).unwrap();
            }
            let text = std::fs::read_to_string(&expect).unwrap();
            let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(got, expected, "{}", folder.display());
            cases += 1;
        }
        assert!(cases >= 5);
    }

    /// Writes what `stage` gives for each line of `feeds/feeds.jsonl` (unpacked) under the folder named
    /// by `DIGESTGEN_BENCH` to `DIGESTGEN_BENCH_OUT`, for `score_feed.py`.
    #[test]
    #[ignore = "measures labelled data that is not part of the project"]
    #[allow(clippy::disallowed_methods)]
    fn measure() {
        let folder =
            std::env::var("DIGESTGEN_BENCH").expect("DIGESTGEN_BENCH names the bench folder");
        let out = std::env::var("DIGESTGEN_BENCH_OUT").expect("DIGESTGEN_BENCH_OUT names a file");
        let packed = std::fs::File::open(format!("{folder}/feeds/feeds.jsonl.gz")).unwrap();
        let mut lines = String::new();
        std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(packed), &mut lines)
            .unwrap();
        let mut results = String::new();
        for line in lines.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let id = line["id"].clone();
            let mut result =
                crate::collect::stage(line).unwrap_or_else(|e| serde_json::json!({ "error": e }));
            result["id"] = id;
            results.push_str(&format!("{result}\n"));
        }
        std::fs::write(out, results).unwrap();
    }
}
