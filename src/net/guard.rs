//! Which addresses the open web has, and the exact exceptions of the configuration.
//!
//! An address is judged before anything connects to it: a literal one here and then, a name's when
//! it is resolved (`resolve.rs`), each hop of a redirect anew.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The judge of URLs.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    allowed: BTreeSet<String>,
}

/// What the guard says of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A name, or a public address: its resolved addresses must be public.
    Public,
    /// `host:port` is an exception of the configuration.
    Allowed,
    /// Refused, with what to do about it.
    Refused(String),
}

impl Guard {
    /// A guard with the exceptions of `net.allow`.
    ///
    /// # Errors
    /// An exception that is no `host:port`.
    pub(super) fn new(allow: &[String]) -> Result<Self, String> {
        let mut allowed = BTreeSet::new();
        for entry in allow {
            let url = Url::parse(&format!("http://{entry}/")).ok();
            let named = url.as_ref().and_then(key).filter(|_| entry.contains(':'));
            let plain = url.is_some_and(|u| u.path() == "/" && u.username().is_empty());
            match named.filter(|_| plain) {
                Some(key) => allowed.insert(key),
                None => {
                    return Err(format!(
                        "`net.allow` has `{entry}`, which is no `host:port` (such as \"127.0.0.1:4000\")"
                    ));
                }
            };
        }
        Ok(Self { allowed })
    }

    /// Judges `url` before anything is resolved or connected.
    pub(super) fn judge(&self, url: &Url) -> Verdict {
        if key(url).is_some_and(|k| self.allowed.contains(&k)) {
            return Verdict::Allowed;
        }
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            Some(Host::Domain(_)) => return Verdict::Public,
            None => return Verdict::Refused("the URL has no host".into()),
        };
        match special(literal) {
            None => Verdict::Public,
            Some(kind) => Verdict::Refused(refusal(url, &literal.to_string(), kind)),
        }
    }
}

/// The words of a refusal, with the exact line that would lift it.
pub(super) fn refusal(url: &Url, address: &str, kind: &str) -> String {
    format!(
        "{address}, {kind}: only public addresses are asked; if this one is meant, let it through \
         in digest.toml with net.allow = [\"{}\"]",
        key(url).unwrap_or_default()
    )
}

/// `host:port` in one spelling.
fn key(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_end_matches('.');
    Some(format!("{host}:{}", url.port_or_known_default()?))
}

/// What is special about an address; `None` for one of the open web.
pub(super) fn special(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => special_v6(ip),
    }
}

/// IANA IPv4 Special-Purpose Address Registry, and multicast.
fn special_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = ip.octets();
    Some(match (a, b, c) {
        (0, ..) => "an unspecified address",
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => "a private address",
        (127, ..) => "a loopback address",
        (169, 254, _) => "a link-local address",
        (100, 64..=127, _) => "a carrier's shared address",
        (192, 0, 0) => "a protocol's own address",
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => "a documentation address",
        (192, 88, 99) => "a 6to4 relay",
        (198, 18 | 19, _) => "a benchmark address",
        (224..=239, ..) => "a multicast address",
        (255, 255, 255) if ip.is_broadcast() => "the broadcast address",
        (240.., ..) => "a reserved address",
        _ => return None,
    })
}

/// IANA IPv6 Special-Purpose Address Registry. What embeds an IPv4 address is judged by that too.
fn special_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let s = ip.segments();
    if let Some(inner) = embedded(&s) {
        return inner.into_iter().find_map(special_v4);
    }
    Some(match s[0] {
        0x2001 if s[1] < 0x0200 => "a protocol's own address",
        0x2001 if s[1] == 0x0db8 => "a documentation address",
        0x3fff if s[1] < 0x1000 => "a documentation address",
        0x2000..=0x3fff => return None,
        _ if ip.is_loopback() => "a loopback address",
        _ if ip.is_unspecified() => "an unspecified address",
        0xfc00..=0xfdff => "a private address",
        0xfe80..=0xfebf => "a link-local address",
        0xfec0..=0xfeff => "a site-local address",
        0xff00.. => "a multicast address",
        _ => "a reserved address",
    })
}

/// The IPv4 addresses inside an IPv6 address: mapped (RFC 4291), NAT64 (RFC 6052), 6to4
/// (RFC 3056), Teredo with server and client (RFC 4380), ISATAP (RFC 5214).
fn embedded(s: &[u16; 8]) -> Option<Vec<Ipv4Addr>> {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    let last = v4(s[6], s[7]);
    match s {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(vec![last]),
        [0x2002, high, low, ..] => Some(vec![v4(*high, *low)]),
        [0x2001, 0, high, low, ..] => Some(vec![v4(*high, *low), v4(!s[6], !s[7])]),
        [0x2000..=0x3fff, _, _, _, 0 | 0x0200, 0x5efe, ..] => Some(vec![last]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(url: &str) -> Verdict {
        Guard::default().judge(&Url::parse(url).unwrap())
    }

    #[test]
    fn special_addresses_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "198.18.0.1",
            "198.19.255.255",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.9",
            "192.0.0.1",
            "192.88.99.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "127.0.0.1.",
            "１２７.0.0.1",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
            "[2001:0:7f00:1::3fff:fdd2]",
            "[fc00::1]",
            "[fd12::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[2001:2::1]",
            "[100::1]",
            "[5f00::1]",
            "[2620:0:1::5efe:a00:1]",
        ] {
            let url = format!("http://{host}:8080/x");
            assert!(matches!(judge(&url), Verdict::Refused(_)), "{host}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for host in [
            "93.184.215.14",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "[2606:2800:21f::1]",
            "[2001:4860:4860::8888]",
            "[64:ff9b::808:808]",
            "[::ffff:8.8.8.8]",
            "[2002:808:808::1]",
            "news.example",
        ] {
            assert_eq!(judge(&format!("https://{host}/")), Verdict::Public, "{host}");
        }
    }

    #[test]
    fn exceptions_are_exact() {
        let allow = ["127.0.0.1:4000", "bridge.example:80", "[::1]:4000"].map(String::from);
        let guard = Guard::new(&allow).unwrap();
        let of = |url: &str| guard.judge(&Url::parse(url).unwrap());
        assert_eq!(of("http://127.0.0.1:4000/x"), Verdict::Allowed);
        assert_eq!(of("http://127.1:4000/x"), Verdict::Allowed);
        assert_eq!(of("http://[::1]:4000/x"), Verdict::Allowed);
        assert_eq!(of("http://bridge.example/x"), Verdict::Allowed);
        assert_eq!(of("https://bridge.example/x"), Verdict::Public);
        let Verdict::Refused(words) = of("http://127.0.0.1:4001/x") else { panic!() };
        assert!(words.contains("allow = [\"127.0.0.1:4001\"]"), "{words}");
        assert!(words.contains("loopback"));
    }

    #[test]
    fn a_bad_exception_is_named() {
        for entry in ["127.0.0.1", "*", "10.0.0.0/8", "http://a.example:80", "a.example:x", ""] {
            assert!(Guard::new(&[entry.into()]).unwrap_err().contains(entry), "{entry}");
        }
    }
}
