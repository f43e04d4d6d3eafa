//! The guard and the limits against real sockets on this machine: a hostile web with names of its
//! own, a fake resolver, and a canary that must not be touched.

use std::io::{self, Write};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
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
        whole: Duration::from_secs(3),
        robots: Duration::from_secs(3),
        slow: Duration::from_millis(200),
        gap: Duration::ZERO,
        retry: Duration::ZERO,
        ..Limits::default()
    }
}

fn client(allow: &[String], addresses: &[&str]) -> Client {
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
async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).await.is_ok_and(|n| n > 0) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or("")
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
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

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(data).unwrap();
    coder.finish().unwrap()
}

/// `length` times one byte in a stream of brotli, bit by bit after RFC 7932, 9: one literal, and a
/// copy of all the rest from a distance of one.
fn brotli(length: u32) -> Vec<u8> {
    let (mut bits, mut count) = (Vec::new(), 0);
    let mut put = |value: u32, width: u32| {
        for bit in 0..width {
            if count % 8 == 0 {
                bits.push(0_u8);
            }
            *bits.last_mut().unwrap() |= u8::from(value >> bit & 1 == 1) << (count % 8);
            count += 1;
        }
    };
    let fields = [
        // Window; last block, not empty, length in six nibbles.
        [(0, 1), (1, 1), (0, 1), (2, 2), (length - 1, 24)],
        // One block type each, no postfix, no direct distances, one context, one tree each.
        [(0, 3), (0, 2), (0, 4), (0, 2), (0, 2)],
        // Simple codes of one symbol: a literal; insert one and copy many; distance code 16.
        [(1, 2), (0, 2), (120, 8), (1, 2), (0, 2)],
        [(399, 10), (1, 2), (0, 2), (16, 6), (0, 0)],
        // What is copied beyond 2118, and the distance's last bit.
        [(length - 1 - 2118, 24), (0, 1), (0, 0), (0, 0), (0, 0)],
    ];
    for (value, width) in fields.into_iter().flatten() {
        put(value, width);
    }
    bits
}

#[test]
fn the_brotli_bomb_is_one() {
    assert!(brotli(12_000_000).len() < 32);
    let body = super::coding::decode("br", brotli(2_000_000), 2_000_000).unwrap();
    assert!(body.len() == 2_000_000 && body.iter().all(|b| *b == b'x'));
    let refused = super::coding::decode("br", brotli(12_000_000), 11_999_999);
    assert_eq!(refused, Err(super::coding::CodingError::TooLarge));
}

/// What the bombs of the test are, with the reason that each has.
const BOMBS: &[(&str, Reason)] = &[
    ("gzip", Reason::TooLarge),
    ("gzip-in-gzip", Reason::TooLarge),
    ("brotli", Reason::TooLarge),
    ("endless", Reason::TooLarge),
    ("large", Reason::TooLarge),
    ("slow-body", Reason::Timeout),
    ("slow-head", Reason::Timeout),
    ("silent", Reason::Timeout),
    ("heads", Reason::Broken),
    ("circle", Reason::Redirects),
    ("cut-off", Reason::Broken),
    ("closed", Reason::Broken),
];

/// Answers as the name of the host says.
async fn hostile(mut socket: TcpStream, zeros: Arc<Vec<u8>>) -> io::Result<()> {
    let head = head(&mut socket).await;
    if path(&head) == "/robots.txt" {
        return socket.write_all(&answer("404 Not Found", "", b"")).await;
    }
    let host =
        head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("host: ").map(String::from));
    let host = host.unwrap_or_default();
    let coded =
        |name: &str, body: &[u8]| answer("200 OK", &format!("Content-Encoding: {name}\r\n"), body);
    let drip = Duration::from_millis(50);
    match host.split('.').next().unwrap_or("") {
        "gzip" => socket.write_all(&coded("gzip", &gzip(&zeros))).await,
        "gzip-in-gzip" => socket.write_all(&coded("gzip, gzip", &gzip(&gzip(&zeros)))).await,
        "brotli" => socket.write_all(&coded("br", &brotli(12_000_000))).await,
        "endless" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                socket.write_all(&zeros[..65_536]).await?;
            }
        }
        "large" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n").await?;
            for _ in 0..8 {
                socket.write_all(&zeros).await?;
            }
            Ok(())
        }
        "slow-body" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                socket.write_all(b"x").await?;
                tokio::time::sleep(drip).await;
            }
        }
        "slow-head" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nX: ").await?;
            loop {
                socket.write_all(b"x").await?;
                tokio::time::sleep(drip).await;
            }
        }
        "silent" => socket.read_to_end(&mut Vec::new()).await.map(|_| ()),
        "heads" => {
            let line = format!("X-Long: {}\r\n", "a".repeat(8_000));
            socket.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            for _ in 0..2_000 {
                socket.write_all(line.as_bytes()).await?;
            }
            socket.write_all(b"\r\nbody").await
        }
        "circle" => socket.write_all(&answer("302 Found", "Location: /\r\n", b"")).await,
        "cut-off" => socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort").await,
        "closed" => Ok(()),
        _ => socket.write_all(&answer("200 OK", "Content-Type: text/xml\r\n", b"<rss/>")).await,
    }
}

#[tokio::test]
async fn good_sources_among_bombs() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let zeros = Arc::new(vec![0; 12_000_000]);
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(hostile(socket, Arc::clone(&zeros)));
        }
    });
    let bombs = BOMBS.iter().map(|(name, _)| (*name).to_owned());
    let names: Vec<String> = bombs.chain((0..20).map(|n| format!("good{n}"))).collect();
    let sites: Vec<String> = names.iter().map(|name| format!("{name}.example:{port}")).collect();
    let client = client(&sites, &["127.0.0.1"]);
    let urls: Vec<String> = sites.iter().map(|site| format!("http://{site}/")).collect();
    let answers = join_all(urls.iter().map(|url| client.get(url, Want::Feed))).await;
    for ((name, reason), answer) in BOMBS.iter().zip(&answers) {
        assert_eq!(answer.as_ref().unwrap_err().reason, *reason, "{name}: {answer:?}");
    }
    let good = answers[BOMBS.len()..].iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(good, 20);
}
