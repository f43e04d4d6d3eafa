//! The program against a web on this machine: what it asks for, and what it asks nobody for.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::harness::Digest;

/// An article long enough to be one.
const TEXT: &str = "观澜实验室发布推理模型三号，训练用了两千块加速卡，推理成本降低四成。\
    模型在公开基准上取得八十二分，比上一代高六分。实验室说权重将在三月开放，许可允许商用。\
    团队介绍，新模型把长文档的注意力分成两级，先在段落之间选，再在段落之内算。";

/// A web of fixed answers by path; what it was asked, head by head.
struct Web {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// Answers each path as given, a request with a condition with 304, other paths with 404.
    fn serve(answers: Vec<(&'static str, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        std::thread::spawn(move || {
            for mut socket in listener.incoming().map_while(Result::ok) {
                let head = head(&socket);
                let path = head.split(' ').nth(1).unwrap_or("").to_owned();
                let answer = answers.iter().find(|(p, _)| *p == path).map(|(_, a)| a.as_str());
                let answer = match answer {
                    Some(_) if head.to_ascii_lowercase().contains("if-none-match") => {
                        http("304 Not Modified", "ETag: \"1\"", "")
                    }
                    Some(answer) => answer.to_owned(),
                    None => http("404 Not Found", "X: y", ""),
                };
                kept.lock().unwrap().push(head);
                let _ = socket.write_all(answer.as_bytes());
            }
        });
        Self { port, heads }
    }

    fn site(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What was asked since the last time: paths, with `?` where a condition was sent.
    fn asked(&self) -> Vec<String> {
        let heads = std::mem::take(&mut *self.heads.lock().unwrap());
        let of = |head: &String| {
            let condition = head.to_ascii_lowercase().contains("if-none-match: \"1\"");
            let path = head.split(' ').nth(1).unwrap_or("");
            format!("{path}{}", if condition { "?" } else { "" })
        };
        let mut asked: Vec<String> = heads.iter().map(of).collect();
        asked.sort();
        asked
    }
}

fn head(socket: &TcpStream) -> String {
    let lines = BufReader::new(socket).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\r\n")
}

fn http(status: &str, header: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n\r\n{body}"
    )
}

/// A feed of one item without a link, so that no page is asked for.
fn feed(title: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>{title}</title><item><title>{title}</title>\
         <guid isPermaLink=\"false\">{title}</guid>\
         <pubDate>Sun, 04 Jan 2026 10:00:00 +0800</pubDate>\
         <description>{TEXT}</description></item></channel></rss>"
    )
}

fn digest(site: &str, paths: &[&str]) -> Digest {
    let sources: String = paths
        .iter()
        .map(|p| {
            format!("[[sources]]\nkind = \"feed\"\nname = \"{p}\"\nurl = \"http://{site}{p}\"\n")
        })
        .collect();
    let head = "[edition]\nid = \"ai\"\ntitle = \"速报\"\n";
    Digest::demo_with(|_| format!("{head}{sources}[net]\nallow = [\"{site}\"]\n"))
}

/// The sources of the report, each as `name status reason`.
fn run(digest: &Digest, environment: &[(&str, String)]) -> Vec<String> {
    let mut command = digest.command("run");
    command.args(["--from", "2026-01-03", "--to", "2026-01-04"]).env_remove("NO_PROXY");
    for (name, value) in environment {
        command.env(name, value);
    }
    let assert = command.assert();
    let code = assert.get_output().status.code();
    // 7: an item without a link becomes no entry; the report is there all the same.
    assert!(matches!(code, Some(0 | 3 | 7)), "{:?}", assert.get_output());
    let report = digest.report();
    let of = |s: &serde_json::Value| {
        let text = |key: &str| s[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text("name"), text("status"), text("reason"))
    };
    report["sources"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_second_run_asks_for_news_only() {
    let robots = http("200 OK", "X: y", "User-agent: *\nDisallow: /closed\n");
    let web = Web::serve(vec![
        ("/robots.txt", robots),
        ("/etag", http("200 OK", "ETag: \"1\"", &feed("一"))),
        ("/plain", http("200 OK", "X: y", &feed("二"))),
        ("/secret", http("200 OK", "ETag: \"1\"\r\nCache-Control: no-store", &feed("三"))),
        ("/closed", http("200 OK", "X: y", &feed("四"))),
    ]);
    let digest = digest(&web.site(), &["/etag", "/plain", "/secret", "/closed"]);
    let sources = run(&digest, &[]);
    assert_eq!(sources, ["/etag ok -", "/plain ok -", "/secret ok -", "/closed failed robots"]);
    assert_eq!(web.asked(), ["/etag", "/plain", "/robots.txt", "/secret"]);
    let totals = digest.report()["totals"].clone();
    assert_eq!(totals["candidates"], 3);
    assert_eq!(run(&digest, &[]), sources);
    assert_eq!(web.asked(), ["/etag?", "/plain", "/robots.txt", "/secret"]);
    assert_eq!(digest.report()["totals"], totals);
    // A recording holds whole answers.
    let record = digest.path().join("web.warc.gz");
    let mut command = digest.command("run");
    command.args(["--from", "2026-01-03", "--to", "2026-01-04", "--record"]).arg(&record);
    let _ = command.assert();
    assert_eq!(web.asked(), ["/etag", "/plain", "/robots.txt", "/secret"]);
}

#[test]
fn proxies_of_the_environment_are_ignored() {
    let canary = Web::serve(Vec::new());
    let web = Web::serve(vec![("/feed", http("200 OK", "X: y", &feed("一")))]);
    let proxy = format!("http://{}", canary.site());
    let names =
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let environment = names.map(|name| (name, proxy.clone()));
    assert_eq!(run(&digest(&web.site(), &["/feed"]), &environment), ["/feed ok -"]);
    assert_eq!(canary.asked().len(), 0);
    assert_eq!(web.asked(), ["/feed", "/robots.txt"]);
}
