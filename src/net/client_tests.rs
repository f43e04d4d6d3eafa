use std::collections::HashMap;

use futures_util::future::BoxFuture;

use super::*;

/// A URL that was asked, and the conditions that were sent.
type Sent = (String, Vec<(String, String)>);

/// A web of fixed answers, given in turn; the last one stays.
#[derive(Default)]
struct Stub {
    web: Mutex<HashMap<String, Vec<Result<Exchange, Fault>>>>,
    asked: Mutex<Vec<Sent>>,
}

impl Transport for Stub {
    fn once<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Exchange, Fault>> {
        let mut web = self.web.lock().unwrap();
        let url = ask.url.as_str();
        self.asked.lock().unwrap().push((url.to_owned(), ask.conditions.to_vec()));
        if url.ends_with("/robots.txt") && !web.contains_key(url) {
            return Box::pin(std::future::ready(says(404, &[], "")));
        }
        let answers = web.get_mut(url).unwrap_or_else(|| panic!("asked {url}"));
        let next = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(std::future::ready(next))
    }

    fn now(&self) -> Option<Timestamp> {
        "2026-01-03T00:00:00Z".parse().ok()
    }
}

fn says(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Exchange, Fault> {
    Ok(Exchange {
        status,
        headers: headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
        body: body.into(),
        wire: body.len() as u64,
        at: "2026-01-03T00:00:00Z".parse().unwrap(),
    })
}

fn to(target: &str) -> Result<Exchange, Fault> {
    says(302, &[("Location", target)], "")
}

type Answers<'a> = Vec<(&'a str, Vec<Result<Exchange, Fault>>)>;

impl Stub {
    fn new(web: Answers<'_>) -> Arc<Self> {
        let web = web.into_iter().map(|(url, answers)| (url.to_owned(), answers)).collect();
        Arc::new(Self { web: Mutex::new(web), asked: Mutex::default() })
    }

    /// How often `url` was asked.
    fn times(&self, url: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|(asked, _)| asked == url).count()
    }
}

fn over(stub: &Arc<Stub>) -> Client {
    Client::over(Arc::clone(stub) as Arc<dyn Transport>, Some(Limits::default()), None)
}

/// A client of `web`; a robots.txt that is not in it is not found.
fn client(web: Answers<'_>) -> Client {
    over(&Stub::new(web))
}

#[tokio::test(start_paused = true)]
async fn follows_redirects_and_names_each_hop() {
    let client = client(vec![
        ("http://a.example/1", vec![to("/2#x")]),
        ("http://a.example/2", vec![to("https://b.example/")]),
        ("https://b.example/", vec![says(200, &[("content-type", "text/html")], "body")]),
    ]);
    let answer = client.get("http://a.example/1#top", Want::Page).await.unwrap();
    assert_eq!(answer.hops, ["http://a.example/1", "http://a.example/2", "https://b.example/"]);
    assert_eq!((answer.url.as_str(), answer.effort.requests), ("https://b.example/", 3));
    assert_eq!(answer.asked, "http://a.example/1#top");
}

#[tokio::test(start_paused = true)]
async fn circles_chains_and_schemes() {
    let steps: Vec<String> = (0..13).map(|n| format!("http://a.example/{n}")).collect();
    let mut web: Vec<_> = (0..12).map(|n| (steps[n].as_str(), vec![to(&steps[n + 1])])).collect();
    web.push(("http://b.example/", vec![to("http://b.example/")]));
    web.push(("http://c.example/", vec![to("file:///etc/passwd")]));
    let client = client(web);
    let reason = async |url: &str| client.get(url, Want::Page).await.unwrap_err().reason;
    assert_eq!(reason("http://a.example/0").await, Reason::Redirects);
    assert_eq!(reason("http://b.example/").await, Reason::Redirects);
    assert_eq!(reason("http://c.example/").await, Reason::BadUrl);
    assert_eq!(reason("ftp://c.example/").await, Reason::BadUrl);
    assert_eq!(reason("http://u:p@c.example/").await, Reason::BadUrl);
}

#[tokio::test(start_paused = true)]
async fn three_tries_and_retry_after() {
    let down = || Err(Fault::new(Reason::Connect, "no connection"));
    let client = client(vec![
        ("http://a.example/", vec![says(503, &[("Retry-After", "7")], ""), says(200, &[], "ok")]),
        ("http://b.example/", vec![says(429, &[("Retry-After", "999999")], "")]),
        ("http://c.example/", vec![down()]),
        ("http://d.example/", vec![says(200, &[], "Rate exceeded.")]),
    ]);
    let began = Instant::now();
    let answer = client.get("http://a.example/", Want::Feed).await.unwrap();
    // A second after robots.txt, and the seven that were asked for.
    assert_eq!((answer.effort.requests, began.elapsed().as_secs()), (2, 8));
    let failure = client.get("http://b.example/", Want::Feed).await.unwrap_err();
    assert_eq!((failure.reason, failure.effort.requests), (Reason::Throttled, 1));
    assert!(failure.detail.contains("come back in 86400 s"), "{}", failure.detail);
    // The host is left alone from then on, whatever is asked of it.
    let failure = client.get("http://b.example/2", Want::Page).await.unwrap_err();
    assert_eq!((failure.reason, failure.effort.requests), (Reason::Throttled, 0));
    let failure = client.get("http://c.example/", Want::Feed).await.unwrap_err();
    assert_eq!((failure.reason, failure.effort.requests), (Reason::Connect, 3));
    let failure = client.get("http://d.example/", Want::Feed).await.unwrap_err();
    assert_eq!((failure.reason, failure.effort.requests), (Reason::Throttled, 3));
}

#[tokio::test(start_paused = true)]
async fn statuses_have_their_reasons() {
    for (status, reason) in [
        (204, Reason::Empty),
        (304, Reason::Status),
        (302, Reason::Status),
        (403, Reason::Refused),
        (410, Reason::Gone),
        (418, Reason::Status),
        (502, Reason::ServerError),
    ] {
        let client = client(vec![("http://a.example/", vec![says(status, &[], "")])]);
        let failure = client.get("http://a.example/", Want::Page).await.unwrap_err();
        assert_eq!((failure.reason, failure.status), (reason, Some(status)));
    }
}

#[tokio::test]
async fn offline_and_recorded() {
    let failure = Client::offline().get("http://a.example/", Want::Page).await.unwrap_err();
    assert_eq!(failure.reason, Reason::Offline);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let web = vec![
        ("http://a.example/", vec![to("/2")]),
        ("http://a.example/2", vec![says(200, &[("Set-Cookie", "secret")], "body")]),
        ("http://a.example/3", vec![says(404, &[], "gone")]),
    ];
    let mut live = client(web);
    live.pace = None;
    live.recorder = Arc::new(Mutex::new(Some(Recorder::create(&path).unwrap())));
    for url in ["http://a.example/", "http://a.example/3"] {
        let _ = live.get(url, Want::Page).await;
    }
    assert!(!path.exists());
    live.finish_recording().unwrap();
    let replay = Client::replay(&path).unwrap();
    let answer = replay.get("http://a.example/#top", Want::Page).await.unwrap();
    assert_eq!((answer.body.as_slice(), answer.hops.len()), (&b"body"[..], 2));
    assert_eq!(answer.at, "2026-01-03T00:00:00Z".parse().unwrap());
    assert_eq!(replay.now(), Some(answer.at));
    assert_eq!(Client::offline().now(), None);
    let reason = async |url: &str| replay.get(url, Want::Page).await.unwrap_err().reason;
    assert_eq!(reason("http://a.example/3").await, Reason::Gone);
    assert_eq!(reason("http://a.example/4").await, Reason::NotRecorded);
}

#[tokio::test(start_paused = true)]
async fn retry_after_in_every_spelling() {
    // The stub answers at midnight.
    for (text, seconds) in [
        ("30", 30),
        ("Sat, 03 Jan 2026 00:00:20 GMT", 20),
        ("Saturday, 03-Jan-26 00:00:20 GMT", 20),
        ("Sat Jan  3 00:00:20 2026", 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("-5", 1),
        ("soon", 2),
    ] {
        let throttled = says(429, &[("Retry-After", text)], "");
        let client = client(vec![("http://a.example/", vec![throttled, says(200, &[], "ok")])]);
        let began = Instant::now();
        client.get("http://a.example/", Want::Feed).await.unwrap();
        assert_eq!(began.elapsed().as_secs(), 1 + seconds, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_a_second_to_a_host_and_many_hosts_at_once() {
    let urls: Vec<String> = (0..40).map(|n| format!("http://h{}.example/{n}", n % 8)).collect();
    let web = urls.iter().map(|url| (url.as_str(), vec![says(200, &[], "ok")])).collect();
    let stub = Stub::new(web);
    let client = over(&stub);
    let began = Instant::now();
    let all = urls.iter().map(|url| client.get(url, Want::Page));
    assert!(futures_util::future::join_all(all).await.iter().all(Result::is_ok));
    // Six requests to each of eight hosts, robots.txt among them: five seconds, not forty-seven.
    assert_eq!(began.elapsed().as_secs(), 5);
    assert_eq!(stub.times("http://h0.example/robots.txt"), 1);
}

#[tokio::test(start_paused = true)]
async fn robots_are_asked_once_and_obeyed() {
    let rules = "User-agent: *\nDisallow: /private\n";
    let stub = Stub::new(vec![
        ("http://a.example/robots.txt", vec![says(200, &[], rules)]),
        ("http://a.example/1", vec![to("http://a.example/private/2")]),
        ("http://a.example/3", vec![says(200, &[], "ok")]),
        ("http://b.example/robots.txt", vec![says(503, &[], "")]),
        ("http://c.example/robots.txt", vec![to("http://c.example/r"), says(200, &[], rules)]),
        ("http://c.example/r", vec![says(200, &[], rules)]),
        ("http://d.example/robots.txt", vec![Err(Fault::new(Reason::Dns, "no such name"))]),
        ("http://e.example/robots.txt", vec![to("http://e.example/robots.txt")]),
        ("http://e.example/private", vec![says(200, &[], "ok")]),
    ]);
    let client = over(&stub);
    // An interface with terms of its own is asked, but not where it leads on to.
    assert!(client.get("http://a.example/3", Want::Api).await.is_ok());
    assert_eq!(stub.times("http://a.example/robots.txt"), 0);
    let led_on = client.get("http://a.example/1", Want::Api).await.unwrap_err();
    assert_eq!(led_on.reason, Reason::Robots);
    let failure = async |url: &str| client.get(url, Want::Feed).await.unwrap_err();
    let refused = failure("http://a.example/private").await;
    assert_eq!((refused.reason, refused.effort.requests), (Reason::Robots, 0));
    assert!(refused.detail.contains("Disallow: /private"), "{}", refused.detail);
    assert_eq!(failure("http://a.example/1").await.reason, Reason::Robots);
    assert!(client.get("http://a.example/3", Want::Page).await.is_ok());
    assert_eq!(stub.times("http://a.example/robots.txt"), 1);
    let refused = failure("http://b.example/1").await;
    assert_eq!((refused.reason, refused.status), (Reason::Robots, Some(503)));
    assert_eq!(failure("http://b.example/2").await.reason, Reason::Robots);
    assert_eq!(stub.times("http://b.example/robots.txt"), 3);
    assert_eq!(failure("http://c.example/private").await.reason, Reason::Robots);
    assert_eq!(failure("http://d.example/").await.reason, Reason::Dns);
    assert!(client.get("http://e.example/private", Want::Page).await.is_ok());
}

#[tokio::test]
async fn robots_of_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc");
    let at = "2026-01-03T00:00:00Z".parse().unwrap();
    let record = |url: &str, body: &str| RecordedAnswer {
        url: url.into(),
        status: 200,
        headers: Vec::new(),
        body: body.into(),
        at,
    };
    let answers = [
        record("http://a.example/1", "body"),
        record("http://b.example/robots.txt", "User-agent: *\nDisallow: /"),
        record("http://b.example/1", "body"),
    ];
    crate::net::write_recording(&path, answers).unwrap();
    let replay = Client::replay(&path).unwrap();
    assert!(replay.get("http://a.example/1", Want::Page).await.is_ok());
    let refused = replay.get("http://b.example/1", Want::Page).await.unwrap_err();
    assert_eq!(refused.reason, Reason::Robots);
}

/// A client with a cache, and the folder of its store.
fn cached(stub: &Arc<Stub>) -> (tempfile::TempDir, Client) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(folder.path()).unwrap());
    (folder, over(stub).with_cache(store))
}

#[tokio::test(start_paused = true)]
async fn a_list_is_asked_for_news_only() {
    let first = says(200, &[("ETag", "\"1\""), ("Content-Type", "text/xml")], "list");
    let stub = Stub::new(vec![
        (
            "http://a.example/feed",
            vec![
                first.clone(),
                says(304, &[("ETag", "\"1\"")], ""),
                says(304, &[("ETag", "\"other\"")], ""),
                says(200, &[("Cache-Control", "no-store")], "new"),
                says(200, &[], "newer"),
            ],
        ),
        ("http://a.example/page", vec![first]),
    ]);
    let (_folder, client) = cached(&stub);
    let get = async |url: &str, want: Want| {
        let answer = client.get(url, want).await.unwrap();
        (String::from_utf8(answer.body).unwrap(), answer.status, answer.effort.requests)
    };
    let feed = "http://a.example/feed";
    assert_eq!(get(feed, Want::Feed).await, ("list".into(), 200, 1));
    assert_eq!(get(feed, Want::Feed).await, ("list".into(), 200, 1));
    // A 304 that speaks of another answer is asked again without a condition.
    assert_eq!(get(feed, Want::Feed).await, ("new".into(), 200, 2));
    assert_eq!(get(feed, Want::Feed).await, ("newer".into(), 200, 1));
    for _ in 0..2 {
        assert_eq!(get("http://a.example/page", Want::Page).await.2, 1);
    }
    let conditions: Vec<usize> = stub
        .asked
        .lock()
        .unwrap()
        .iter()
        .filter(|(url, _)| !url.ends_with("robots.txt"))
        .map(|(_, conditions)| conditions.len())
        .collect();
    assert_eq!(conditions, [0, 1, 1, 0, 0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_fresh_list_is_not_asked_and_a_recording_asks_all() {
    let lives = says(200, &[("Cache-Control", "max-age=600"), ("ETag", "\"1\"")], "list");
    let moved = || vec![to("http://a.example/feed")];
    let stub =
        Stub::new(vec![("http://a.example/feed", vec![lives]), ("http://b.example/", moved())]);
    let (folder, client) = cached(&stub);
    let at: Timestamp = "2026-01-03T00:00:00Z".parse().unwrap();
    for requests in [1, 0, 0] {
        let answer = client.get("http://a.example/feed", Want::Feed).await.unwrap();
        assert_eq!((answer.effort.requests, answer.at), (requests, at));
    }
    let answer = client.get("http://b.example/", Want::Feed).await.unwrap();
    assert_eq!((answer.effort.requests, answer.hops.len()), (1, 2));
    let recorder = Recorder::create(&folder.path().join("web.warc")).unwrap();
    let mut records = over(&stub);
    records.recorder = Arc::new(Mutex::new(Some(recorder)));
    let records = records.with_cache(Arc::new(Store::open(folder.path()).unwrap()));
    let answer = records.get("http://a.example/feed", Want::Feed).await.unwrap();
    assert_eq!(answer.effort.requests, 1);
}

/// A host that never takes a connection.
struct Unreachable;

impl Transport for Unreachable {
    fn once<'a>(&'a self, _ask: Ask<'a>) -> BoxFuture<'a, Result<Exchange, Fault>> {
        Box::pin(async {
            tokio::time::sleep(Limits::default().connect).await;
            Err(Fault::new(Reason::Connect, "no connection in time"))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_out_of_reach_is_tried_twice_and_then_left_alone() {
    let client = Client::over(Arc::new(Unreachable), Some(Limits::default()), None);
    let began = Instant::now();
    let get = async || client.get("http://a.example/", Want::Feed).await.unwrap_err().reason;
    assert_eq!((get().await, began.elapsed().as_secs()), (Reason::Connect, 22));
    assert_eq!((get().await, began.elapsed().as_secs()), (Reason::Connect, 22));
}
