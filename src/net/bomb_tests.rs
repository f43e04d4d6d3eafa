//! The limits against real sockets on this machine: good sources among hostile ones.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::coding::{self, CodingError};
use super::web_tests::{answer, client, head, path};
use super::{Reason, Want};

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
    let body = coding::decode("br", brotli(2_000_000), 2_000_000).unwrap();
    assert!(body.len() == 2_000_000 && body.iter().all(|b| *b == b'x'));
    let refused = coding::decode("br", brotli(12_000_000), 11_999_999);
    assert_eq!(refused, Err(CodingError::TooLarge));
}

/// What the bombs of the test are, with the reason that each has.
const BOMBS: &[(&str, Reason)] = &[
    ("gzip", Reason::TooLarge),
    ("gzip-in-gzip", Reason::TooLarge),
    ("brotli", Reason::TooLarge),
    ("endless", Reason::TooLarge),
    ("large", Reason::TooLarge),
    ("trickle", Reason::Timeout),
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
        "trickle" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                socket.write_all(b"x").await?;
                tokio::time::sleep(drip).await;
            }
        }
        "slow-body" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                socket.write_all(&[b'x'; 100]).await?;
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
