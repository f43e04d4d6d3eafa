//! Against a stub on loopback, let through by exact exceptions.

use std::net::IpAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::net::{Client, Failure, Want};

/// Answers each connection with `bytes` and closes it; gives the port.
async fn stub(bytes: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = [0; 2048];
            let _ = socket.read(&mut head).await;
            let _ = socket.write_all(&bytes).await;
        }
    });
    port
}

/// A resolver for which every name has the same addresses.
struct Fixed(Vec<IpAddr>);

impl Lookup for Fixed {
    fn lookup(&self, _host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

fn client(allow: &[String], addresses: &[&str]) -> Client {
    let options = Options { allow: allow.to_vec(), contact: None };
    let clock: Clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
    let addresses = addresses.iter().map(|a| a.parse().unwrap()).collect();
    Client::live_with(&options, clock, None, Arc::new(Fixed(addresses))).unwrap()
}

fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

async fn answer_of(bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let port = stub(bytes).await;
    let client = client(&[format!("web.example:{port}")], &["127.0.0.1"]);
    client.get(&format!("http://web.example:{port}/"), Want::Page).await.map(|a| a.body)
}

fn gzip(data: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    coder.write_all(data).unwrap();
    coder.finish().unwrap()
}

#[tokio::test]
async fn decodes_under_the_cap() {
    let coded = "Content-Encoding: gzip\r\n";
    assert_eq!(answer_of(http(coded, &gzip(b"text"))).await.unwrap(), b"text");
    let bomb = answer_of(http(coded, &gzip(&vec![b'x'; 5_000_001]))).await.unwrap_err();
    assert_eq!((bomb.reason, bomb.status), (Reason::TooLarge, Some(200)));
    let long = answer_of(http("", &vec![b'x'; 5_000_001])).await.unwrap_err();
    assert_eq!(long.reason, Reason::TooLarge);
    let damaged = answer_of(http(coded, b"no gzip")).await.unwrap_err();
    assert_eq!(damaged.reason, Reason::Broken);
}

#[tokio::test]
async fn broken_answers() {
    for bytes in [
        http("Content-Length: 99\r\n", b"short"),
        b"no http at all\r\n\r\n".to_vec(),
        http(&format!("X-Long: {}\r\n", "a".repeat(8000)).repeat(2000), b"x"),
    ] {
        assert_eq!(answer_of(bytes).await.unwrap_err().reason, Reason::Broken);
    }
    assert_eq!(answer_of(http("", b" \n")).await.unwrap_err().reason, Reason::Empty);
}

#[tokio::test]
async fn nothing_private_is_connected_to() {
    let port = stub(http("", b"secret")).await;
    let named = format!("web.example:{port}");
    let refused = async |client: &Client, url: String| {
        let failure = client.get(&url, Want::Page).await.unwrap_err();
        assert_eq!(failure.reason, Reason::PrivateAddress, "{}", failure.detail);
        failure.detail
    };
    let strict = client(&[], &["8.8.8.8", "127.0.0.1"]);
    let detail = refused(&strict, format!("http://{named}/")).await;
    assert!(detail.contains(&format!("allow = [\"{named}\"]")), "{detail}");
    refused(&strict, format!("http://127.0.0.1:{port}/")).await;
    refused(&strict, format!("http://[::ffff:7f00:1]:{port}/")).await;
    let other = client(&["web.example:1".into()], &["127.0.0.1"]);
    refused(&other, format!("http://{named}/")).await;
}

#[tokio::test]
async fn a_redirect_to_a_private_address() {
    let inner = stub(http("", b"secret")).await;
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:{inner}/\r\n\r\n"
    );
    let failure = answer_of(redirect.into_bytes()).await.unwrap_err();
    assert_eq!(failure.reason, Reason::PrivateAddress);
}

#[test]
fn the_owner_s_address_only_where_there_is_one() {
    assert!(!user_agent(None).contains('+'));
    assert!(user_agent(Some("mailto:me@a.example\r\nX: y")).ends_with("(+mailto:me@a.exampleX:y)"));
}
