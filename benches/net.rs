//! Twenty good sources among bombs: how long a run takes, and how much memory.
//!
//! The program is run against a web on this machine, each source a host of its own (127.0.1.x), two
//! bombs of each kind before the good ones. `cargo bench --bench net` prints the figures; the
//! twenty are to complete within 35 seconds and 300 MB. The memory is read from `/proc`, so it
//! wants Linux.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const BOMBS: &[&str] =
    &["gzip", "brotli", "endless", "large", "trickle", "slow-head", "silent", "heads", "circle"];
const GOOD: usize = 20;

fn main() {
    let port = serve();
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..BOMBS.len() * 2 + GOOD).map(name).collect();
    std::fs::write(folder.path().join("digest.toml"), config(&names, port)).unwrap();
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_digestgen"))
        .args(["run", "--quiet", "--now", "2026-01-05T08:00:00+08:00"])
        .args(["--from", "2026-01-03", "--to", "2026-01-04"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let peak = watch(&mut child);
    let took = began.elapsed();
    let path = folder.path().join("issues/bench/2026-01-03_2026-01-04/report.json");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut good = 0;
    for source in report["sources"].as_array().unwrap() {
        let (name, status) = (source["name"].as_str().unwrap(), source["status"].as_str().unwrap());
        if name.starts_with("good") {
            good += usize::from(status == "ok");
        } else {
            println!("{name:12} {status} {} after {} ms", source["reason"], source["ms"]);
        }
    }
    let read = report["candidates"].as_array().unwrap().len();
    println!(
        "{good} of {GOOD} good sources, {read} candidates, {:.1} s, {} MB at most; {}",
        took.as_secs_f64(),
        peak / 1024,
        report["totals"]
    );
    assert!(good == GOOD && took < Duration::from_secs(35) && peak < 300 * 1024, "over the bar");
}

fn name(place: usize) -> String {
    match BOMBS.get(place / 2) {
        Some(bomb) => format!("{bomb}-{}", place % 2),
        None => format!("good-{}", place - BOMBS.len() * 2),
    }
}

fn config(names: &[String], port: u16) -> String {
    let mut text =
        String::from("[edition]\nid = \"bench\"\ntitle = \"Bench\"\nlanguage = \"en\"\n");
    let hosts: Vec<String> = (0..names.len()).map(|n| format!("127.0.1.{n}:{port}")).collect();
    for (name, host) in names.iter().zip(&hosts) {
        text += &format!(
            "[[sources]]\nkind = \"feed\"\nname = \"{name}\"\nurl = \"http://{host}/feed\"\n"
        );
    }
    text + &format!("[net]\nallow = {hosts:?}\n")
}

/// Waits for the end; gives the most memory that was resident, in kilobytes.
fn watch(child: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    peak
}

fn serve() -> u16 {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let zeros = Arc::new(vec![0_u8; 100_000_000]);
    let gzip = Arc::new(gzip(&zeros));
    std::thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            let (zeros, gzip) = (Arc::clone(&zeros), Arc::clone(&gzip));
            // What the program hangs up on is an error here.
            std::thread::spawn(move || answer(socket, &zeros, &gzip));
        }
    });
    port
}

fn answer(mut socket: TcpStream, zeros: &[u8], gzip: &[u8]) -> io::Result<()> {
    let place = match socket.local_addr()?.ip() {
        std::net::IpAddr::V4(ip) => usize::from(ip.octets()[3]),
        std::net::IpAddr::V6(_) => return Ok(()),
    };
    let lines = BufReader::new(&socket).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|l| l.split(' ').nth(1)).unwrap_or("").to_owned();
    if path == "/robots.txt" {
        return whole(&mut socket, "404 Not Found", "X: y", b"");
    }
    match BOMBS.get(place / 2).copied() {
        None if path == "/feed" => whole(&mut socket, "200 OK", "X: y", feed(place).as_bytes()),
        None => whole(&mut socket, "200 OK", "Content-Type: text/html", page(&path).as_bytes()),
        Some("gzip") => whole(&mut socket, "200 OK", "Content-Encoding: gzip", gzip),
        Some("brotli") => whole(&mut socket, "200 OK", "Content-Encoding: br", &brotli(16_000_000)),
        Some("large") => whole(&mut socket, "200 OK", "X: y", zeros),
        Some("endless") => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                socket.write_all(&zeros[..65_536])?;
            }
        }
        Some("trickle") => drip(socket, "HTTP/1.1 200 OK\r\n\r\n", "x"),
        Some("slow-body") => drip(socket, "HTTP/1.1 200 OK\r\n\r\n", &"x".repeat(20)),
        Some("slow-head") => drip(socket, "HTTP/1.1 200 OK\r\nX: ", "x"),
        Some("heads") => {
            socket.write_all(b"HTTP/1.1 200 OK\r\n")?;
            let line = format!("X-Long: {}\r\n", "a".repeat(8_000));
            (0..2_000).try_for_each(|_| socket.write_all(line.as_bytes()))?;
            socket.write_all(b"\r\nbody")
        }
        Some("circle") => {
            let number: u32 = path.trim_start_matches("/r").parse().unwrap_or(0);
            let location = format!("Location: /r{}", (number + 1) % 5);
            whole(&mut socket, "302 Found", &location, b"")
        }
        Some(_) => socket.read_to_end(&mut Vec::new()).map(|_| ()),
    }
}

fn whole(socket: &mut TcpStream, status: &str, header: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n\r\n"
    );
    socket.write_all(head.as_bytes())?;
    socket.write_all(body)
}

/// Sends `piece` once a second, without end.
fn drip(mut socket: TcpStream, head: &str, piece: &str) -> io::Result<()> {
    socket.write_all(head.as_bytes())?;
    loop {
        socket.write_all(piece.as_bytes())?;
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn feed(place: usize) -> String {
    let items: String = (0..3)
        .map(|n| {
            format!(
                "<item><title>Report {place}.{n} of the harbour</title><link>/a{place}-{n}</link>\
                 <pubDate>Sun, 04 Jan 2026 10:0{n}:00 +0800</pubDate></item>"
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>News {place}</title>{items}</channel></rss>")
}

fn page(path: &str) -> String {
    let sentences: String = (0..30)
        .map(|n| {
            format!(
                "<p>The harbour of {path} counted {n}{n} ships on day {n}, more than before, \
                     and the office of the port expects {n} more by the end of the week.</p>"
            )
        })
        .collect();
    format!(
        "<html><head><title>Report {path}</title></head><body><article><h1>Report {path}</h1>\
             {sentences}</article></body></html>"
    )
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(data).unwrap();
    coder.finish().unwrap()
}

/// `length` times one byte in a stream of brotli, bit by bit after RFC 7932, 9: one literal, and a
/// copy of all the rest from a distance of one.
fn brotli(length: u32) -> Vec<u8> {
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
    let mut bits: Vec<bool> = Vec::new();
    for (value, width) in fields.into_iter().flatten() {
        bits.extend((0..width).map(|bit| value >> bit & 1 == 1));
    }
    bits.chunks(8)
        .map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | u8::from(*bit)))
        .collect()
}
