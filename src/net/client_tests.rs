use std::collections::HashMap;

use futures_util::future::BoxFuture;

use super::*;

/// A web of fixed answers, given in turn; the last one stays.
struct Stub(Mutex<HashMap<String, Vec<Result<Exchange, Fault>>>>);

impl Transport for Stub {
    fn once<'a>(
        &'a self,
        url: &'a Url,
        _want: Want,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Exchange, Fault>> {
        let mut web = self.0.lock().unwrap();
        let answers = web.get_mut(url.as_str()).unwrap_or_else(|| panic!("asked {url}"));
        let next = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(std::future::ready(next))
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

fn client(web: Vec<(&str, Vec<Result<Exchange, Fault>>)>) -> Client {
    let web = web.into_iter().map(|(url, answers)| (url.to_owned(), answers)).collect();
    Client::over(Arc::new(Stub(Mutex::new(web))), Some(Arc::new(Pace::new())), None)
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
    assert_eq!((answer.effort.requests, began.elapsed().as_secs()), (2, 7));
    let failure = client.get("http://b.example/", Want::Feed).await.unwrap_err();
    assert_eq!((failure.reason, failure.effort.requests), (Reason::Throttled, 1));
    assert!(failure.detail.contains("999999"));
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
