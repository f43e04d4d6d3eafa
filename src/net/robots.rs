//! What a `robots.txt` says of a URL, after RFC 9309.
//!
//! Any bytes are a robots.txt: what is no rule is passed over, and what is over 500 KiB is never
//! read. Of crates for this, `texting_robots` drops a whole file for one rule that its regular
//! expressions find too large, and compares paths without making their percent-encoding alike.

/// The most bytes that are read: as many as RFC 9309, 2.5 asks for.
pub(super) const CAP: usize = 500 * 1024;

/// The product token this program goes by.
const TOKEN: &str = "digestgen";

/// The rules for this program.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    allow: bool,
    /// With alike percent-encoding; `*` is any text, `$` at the end the end.
    pattern: String,
}

/// One line that means something.
enum Line<'a> {
    Agent(&'a str),
    Rule(bool, &'a str),
}

impl Rules {
    /// Reads a robots.txt: the groups for this program, else those for all.
    pub(super) fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&body[..body.len().min(CAP)]);
        let (mut own, mut all): (Option<Vec<Rule>>, Vec<Rule>) = (None, Vec::new());
        let (mut for_us, mut for_all, mut in_rules) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').split(['\r', '\n', '\0']) {
            match Line::read(line) {
                None => {}
                Some(Line::Agent(name)) => {
                    if std::mem::take(&mut in_rules) {
                        (for_us, for_all) = (false, false);
                    }
                    for_all |= name == "*" || name.starts_with("* ");
                    if token(name).eq_ignore_ascii_case(TOKEN) {
                        for_us = true;
                        // A group without rules is one too: it lets everything through.
                        own.get_or_insert_default();
                    }
                }
                Some(Line::Rule(allow, path)) => {
                    in_rules = true;
                    let rule = Rule { allow, pattern: alike(path) };
                    if rule.pattern.is_empty() {
                        continue;
                    }
                    if let Some(own) = own.as_mut().filter(|_| for_us) {
                        own.push(rule.clone());
                    }
                    if for_all {
                        all.push(rule);
                    }
                }
            }
        }
        Self(own.unwrap_or(all))
    }

    /// The pattern that forbids `path` (with its query); `None` where it may be asked. The longest
    /// rule counts; of two of the same length the one that allows.
    pub(super) fn forbids(&self, path: &str) -> Option<&str> {
        let path = alike(path);
        let fitting = self.0.iter().filter(|rule| fits(&rule.pattern, &path));
        let rule = fitting.max_by_key(|rule| (rule.pattern.len(), rule.allow))?;
        (!rule.allow).then_some(rule.pattern.as_str())
    }
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let line = line.split('#').next().unwrap_or("");
        let (key, value) = line.split_once(':')?;
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "user-agent" | "useragent" | "user agent" => Some(Self::Agent(value)),
            "allow" => Some(Self::Rule(true, value)),
            "disallow" => Some(Self::Rule(false, value)),
            _ => None,
        }
    }
}

/// The product token at the beginning of `name`: `digestgen/1.0` is `digestgen`.
fn token(name: &str) -> &str {
    let end = name.find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'));
    &name[..end.unwrap_or(name.len())]
}

/// `path` with one spelling for each octet (RFC 9309, 2.2.2): unreserved ASCII as it is, the rest
/// of what is coded in capitals, and everything outside ASCII coded.
fn alike(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let coded = (byte == b'%').then(|| hex(bytes.get(at + 1..at + 3)?)).flatten();
        match coded {
            Some(octet) if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) => {
                out.push(char::from(octet));
            }
            Some(octet) => out.push_str(&format!("%{octet:02X}")),
            None if byte.is_ascii_graphic() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
        at += if coded.is_some() { 3 } else { 1 };
    }
    out
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(*digits.first()?)? * 16 + digit(*digits.get(1)?)?)
}

/// Whether `pattern` fits `path` from its beginning. Each piece between stars is looked for once,
/// as early as it can be: no pattern makes this slow.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or("")) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if to_end && pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if to_end && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(found) => rest = &rest[found + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Rules::read(robots.as_bytes()).forbids(path).is_none()
    }

    #[test]
    fn the_longest_rule_counts() {
        let robots =
            "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /x\nAllow: /x";
        for (path, allowed) in
            [("/", true), ("/a", false), ("/a/b", true), ("/a/b/c/d", false), ("/x", true)]
        {
            assert_eq!(allows(robots, path), allowed, "{path}");
        }
        assert!(allows("User-agent: *\nDisallow:\n", "/a"));
        assert!(!allows("User-agent: *\nDisallow: /\n", "/a"));
    }

    #[test]
    fn the_own_group_before_that_of_all() {
        let robots = "user-agent: other\nuser-agent: DigestGen/2.0\nDisallow: /own\n\n\
                      USER-AGENT : *\ndisallow : / # all\n\nuser-agent: digestgen\nDisallow: /more";
        assert!(allows(robots, "/a"));
        assert!(!allows(robots, "/own/a"));
        assert!(!allows(robots, "/more"));
        assert!(allows("User-agent: *\nDisallow: /\nUser-agent: digestgen\n", "/a"));
        assert!(!allows("User-agent: *\nDisallow: /\nUser-agent: digestgenerator\n", "/a"));
        let between =
            "User-agent: digestgen\nCrawl-delay: 5\nSitemap: x\nUser-agent: b\nDisallow: /";
        assert!(!allows(between, "/a"));
        assert!(allows("Disallow: /\n", "/rules before any group"));
    }

    #[test]
    fn stars_and_ends() {
        for (pattern, path, forbidden) in [
            ("/*.pdf$", "/a/b.pdf", true),
            ("/*.pdf$", "/a/b.pdf?x", false),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("*/feed", "/x/feed/y", true),
            ("/a*b*c", "/a1b2c3", true),
            ("/a*b*c", "/acb", false),
            ("/*?*x=", "/a?y=1&x=2", true),
            ("/a*$", "/abc", true),
            ("/a**b", "/a-b", true),
            ("/$x", "/$x", true),
            ("/aa*aa$", "/aaa", false),
            ("$", "/", false),
            ("admin", "/admin", false),
        ] {
            let robots = format!("User-agent: *\nDisallow: {pattern}");
            assert_eq!(!allows(&robots, path), forbidden, "{pattern} {path}");
        }
    }

    #[test]
    fn percent_encoding_is_alike() {
        let robots = "User-agent: *\nDisallow: /前沿\nDisallow: /%7ejoe/\nDisallow: /a%2fb";
        assert!(!allows(robots, "/%e5%89%8d%E6%B2%BF/1"));
        assert!(!allows(robots, "/~joe/x"));
        assert!(!allows(robots, "/a%2Fb"));
        assert!(allows(robots, "/a/b"));
        assert!(allows(robots, "/%"));
    }

    #[test]
    fn any_bytes() {
        for body in [&b"\xff\xfe\x00U"[..], b"", b"%", b"user-agent:*\rdisallow:/%", b"<html>: a"] {
            Rules::read(body).forbids("/a%f");
        }
        assert!(!allows("\u{feff}User-agent: *\rDisallow: /a\r", "/a"));
        let long = format!("User-agent: *\n{}Disallow: /late", "Disallow: /n\n".repeat(50_000));
        assert!(allows(&long, "/late"));
        assert!(!allows(&long, "/n"));
    }
}
