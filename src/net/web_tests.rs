//! The guard against real sockets on this machine: a fake resolver, and a canary that must not be
//! touched.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::limits::Limits;
use super::{Client, Failure, Lookup, Options, Reason, Want};

/// Every name has the same addresses.
struct Fixed(Vec<IpAddr>);

impl Lookup for Fixed {
    fn lookup(&self, _host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// Long enough for a busy machine, short enough for a test.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(2),
        idle: Duration::from_millis(1500),
        trickle: Duration::from_secs(1),
        whole: Duration::from_secs(3),
        robots: Duration::from_secs(3),
        slow: Duration::from_millis(200),
        gap: Duration::ZERO,
        retry: Duration::ZERO,
        ..Limits::default()
    }
}

pub(super) fn client(allow: &[String], addresses: &[&str]) -> Client {
    let options = Options { allow: allow.to_vec(), contact: None };
    let addresses = addresses.iter().map(|a| a.parse().unwrap()).collect();
    let clock: super::Clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
    Client::live_within(limits(), &options, clock, None, Arc::new(Fixed(addresses))).unwrap()
}

/// Counts who connects, on every address of this machine; gives its port.
async fn canary() -> (u16, Arc<AtomicUsize>) {
    let listener = match TcpListener::bind("[::]:0").await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
    };
    let port = listener.local_addr().unwrap().port();
    let touched = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&touched);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(&answer("200 OK", "", b"secret")).await;
            });
        }
    });
    (port, touched)
}

/// The head of a request.
pub(super) async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).await.is_ok_and(|n| n > 0) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

pub(super) fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or("")
}

pub(super) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Answers `/N` with a redirect to the N-th target, everything else with 404; keeps the heads.
async fn redirects(targets: Vec<String>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let head = head(&mut socket).await;
            let number = path(&head).split('?').next().unwrap_or("")[1..].parse();
            let target = number.ok().and_then(|n: usize| targets.get(n));
            let bytes = match target {
                Some(to) => {
                    answer("302 Found", &format!("Set-Cookie: c=3\r\nLocation: {to}\r\n"), b"")
                }
                None if path(&head) == "/end" => answer("200 OK", "Set-Cookie: b=2\r\n", b"end"),
                None => answer("404 Not Found", "Set-Cookie: a=1\r\n", b""),
            };
            kept.lock().unwrap().push(head);
            let _ = socket.write_all(&bytes).await;
        }
    });
    (port, heads)
}

/// Spellings of addresses of this machine and of networks that are nobody's to ask, each a host.
const HOSTS: &[&str] = &[
    // loopback: dotted, short, whole, octal, hexadecimal, mixed, padded, coded, in other digits
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0X7F.1",
    "0x7f.0.1",
    "127.255.255.254",
    "%31%32%37.0.0.1",
    "127%2e0.0.1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::3fff:fdd2]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    // nowhere
    "0",
    "0.0.0.0",
    "0x0",
    "[::]",
    // private, link-local (the cloud's metadata too), shared, protocols, benchmark, documentation
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "2852039166",
    "[::ffff:169.254.169.254]",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[::1%25lo]",
    "[::1%lo]",
    "[fc00::1]",
    "[fd00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[100::1]",
    // no spelling that a URL may have
    "127.0.0.1%00.news.example",
    "127.0.0.256",
    "0x7f.0.0.0.1",
    "news.example@127.0.0.1",
    "",
];

/// As [`HOSTS`], as what a name resolves to.
const ADDRESSES: &[&str] = &[
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "198.19.0.1",
    "192.0.2.1",
    "224.0.0.251",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "fe80::1",
    "fd00::1",
    "ff02::fb",
    "2001:db8::1",
];

fn refused(failure: &Failure) -> bool {
    matches!(failure.reason, Reason::PrivateAddress | Reason::BadUrl)
}

#[tokio::test]
async fn no_spelling_of_an_address_reaches_the_canary() {
    let (port, touched) = canary().await;
    // Were a literal address taken for a name, this resolver would lead it to the canary.
    let client = client(&[], &["127.0.0.1"]);
    for host in HOSTS {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/");
            let failure = client.get(&url, Want::Page).await.unwrap_err();
            assert!(refused(&failure), "{url}: {failure:?}");
            assert_eq!(failure.effort.requests, 0, "{url}");
        }
    }
    assert_eq!(touched.load(Ordering::SeqCst), 0);
    // What is let through does reach it: the canary counts.
    let allowed = self::client(&[format!("127.0.0.1:{port}")], &[]);
    let answer = allowed.get(&format!("http://0x7f.1:{port}/"), Want::Page).await.unwrap();
    assert_eq!(answer.body, b"secret");
    assert!(touched.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn no_name_leads_to_the_canary() {
    let (port, touched) = canary().await;
    let names = ["news.example", "localhost", "a.localhost", "nas.local", "db.internal", "路.例子"];
    for address in ADDRESSES {
        for answers in [vec![*address], vec!["8.8.8.8", address], vec![address, "2606:4700::1"]] {
            let client = client(&[], &answers);
            for name in names {
                let url = format!("http://{name}:{port}/feed");
                let failure = client.get(&url, Want::Feed).await.unwrap_err();
                assert_eq!(failure.reason, Reason::PrivateAddress, "{url} {answers:?}");
            }
        }
    }
    assert_eq!(touched.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_refusal_names_the_exact_exception() {
    let (port, touched) = canary().await;
    let client = client(&["news.example:1".into()], &["127.0.0.1"]);
    for (url, exception) in [
        (format!("http://0x7f.1:{port}/x?y"), format!("127.0.0.1:{port}")),
        (format!("http://NEWS.example.:{port}/"), format!("news.example:{port}")),
        (format!("https://[::1]:{port}/"), format!("[::1]:{port}")),
        ("http://localhost/".into(), "localhost:80".into()),
        ("https://localhost/".into(), "localhost:443".into()),
    ] {
        let failure = client.get(&url, Want::Feed).await.unwrap_err();
        let line = format!("net.allow = [\"{exception}\"]");
        assert!(failure.detail.contains(&line), "{url}: {}", failure.detail);
        // And it is the one that lets it through.
        super::guard::Guard::new(&[exception]).unwrap();
    }
    assert_eq!(touched.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn no_redirect_leads_to_the_canary() {
    let (port, touched) = canary().await;
    let mut targets: Vec<String> =
        HOSTS.iter().filter(|h| h.is_ascii()).map(|h| format!("http://{h}:{port}/")).collect();
    let strange = ["//127.0.0.1:P/", "\\\\127.0.0.1:P\\", "http:\\\\127.1:P/", "HTTP://0x7f.1:P"];
    targets.extend(strange.map(|s| s.replace('P', &port.to_string())));
    let names =
        ["http://other.example:P/", "http://u:p@other.example:P/", "https://b.localhost:P/"];
    targets.extend(names.map(|s| s.replace('P', &port.to_string())));
    targets.extend(
        ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "data:text/html,x"]
            .map(String::from),
    );
    targets.push(format!("http://other.example/{}", "a".repeat(9_000)));
    let (inner, _) = redirects(targets.clone()).await;
    let site = format!("news.example:{inner}");
    let client = client(std::slice::from_ref(&site), &["127.0.0.1"]);
    for (n, target) in targets.iter().enumerate() {
        let failure = client.get(&format!("http://{site}/{n}"), Want::Page).await.unwrap_err();
        assert!(refused(&failure), "{target}: {failure:?}");
        assert_eq!(failure.effort.requests, 1, "{target}");
    }
    assert_eq!(touched.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_connected_to_is_what_was_judged() {
    use reqwest::dns::Resolve;
    /// Public the first time, this machine from then on.
    struct Rebinding(AtomicUsize);
    impl Lookup for Rebinding {
        fn lookup(&self, _host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            let first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
            let address = if first { "8.8.8.8" } else { "127.0.0.1" };
            Box::pin(std::future::ready(Ok(vec![address.parse().unwrap()])))
        }
    }
    let lookup = Arc::new(Rebinding(AtomicUsize::new(0)));
    let asked = Arc::clone(&lookup);
    let judged = super::resolve::Judged { lookup, judge: true };
    let name = || "news.example".parse().unwrap();
    let given: Vec<_> = judged.resolve(name()).await.unwrap().collect();
    // One look, and what it saw is what is handed on; the second one is judged anew.
    assert_eq!(asked.0.load(Ordering::SeqCst), 1);
    assert_eq!(given, ["8.8.8.8:0".parse().unwrap()]);
    assert!(judged.resolve(name()).await.is_err());
}

#[tokio::test]
async fn no_cookie_no_referer_no_password() {
    let (port, heads) = redirects(vec!["/1?token=x".into(), "/end".into()]).await;
    let site = format!("news.example:{port}");
    let client = client(std::slice::from_ref(&site), &["127.0.0.1"]);
    for _ in 0..2 {
        assert!(client.get(&format!("http://{site}/0"), Want::Page).await.is_ok());
        assert!(client.get(&format!("http://{site}/end"), Want::Page).await.is_ok());
    }
    let heads = heads.lock().unwrap();
    // robots.txt, and twice three hops and one.
    assert_eq!(heads.len(), 9);
    for head in heads.iter().map(|h| h.to_ascii_lowercase()) {
        assert!(head.contains("user-agent: digestgen/"), "{head}");
        for field in ["cookie:", "referer:", "authorization:", "origin:"] {
            assert!(!head.contains(field), "{head}");
        }
    }
}
