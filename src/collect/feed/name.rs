//! Names of elements: a namespace that matters to feeds, and a local name in small letters.

/// What an element's namespace is to a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ns {
    /// RSS, Atom, no namespace, or an unknown default namespace.
    Plain,
    Rdf,
    Content,
    Dc,
    DcTerms,
    Media,
    Itunes,
    Xhtml,
    /// `xml:` itself.
    Xml,
    Other,
}

/// An element's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) ns: Ns,
    pub(super) local: String,
}

impl Name {
    pub(super) fn is(&self, ns: Ns, local: &str) -> bool {
        self.ns == ns && self.local == local
    }

    /// Whether it is an item of a feed.
    pub(super) fn is_item(&self) -> bool {
        self.ns == Ns::Plain && matches!(self.local.as_str(), "item" | "entry")
    }
}

/// Namespaces by what their URI contains.
const BY_URI: &[(&str, Ns)] = &[
    ("//purl.org/rss/1.0/modules/content", Ns::Content),
    ("//purl.org/dc/terms", Ns::DcTerms),
    ("//purl.org/rss/1.0/modules/dcterms", Ns::DcTerms),
    ("//purl.org/dc/elements", Ns::Dc),
    ("//purl.org/rss/1.0/modules/", Ns::Other),
    ("//purl.org/rss/", Ns::Plain),
    ("//purl.org/net/rss", Ns::Plain),
    ("//my.netscape.com/rdf/simple", Ns::Plain),
    ("//channel.netscape.com/rdf/simple", Ns::Plain),
    ("//my.netscape.com/publish/formats/rss", Ns::Plain),
    ("backend.userland.com/rss", Ns::Plain),
    ("blogs.law.harvard.edu/tech/rss", Ns::Plain),
    ("cyber.law.harvard.edu/rss", Ns::Plain),
    ("//purl.org/atom/", Ns::Plain),
    ("www.w3.org/2005/atom", Ns::Plain),
    ("//purl.org/echo/", Ns::Plain),
    ("//purl.org/pie/", Ns::Plain),
    ("22-rdf-syntax-ns", Ns::Rdf),
    ("search.yahoo.com/mrss", Ns::Media),
    ("itunes.com/dtds/podcast", Ns::Itunes),
    ("www.w3.org/1999/xhtml", Ns::Xhtml),
    ("www.w3.org/xml/1998/namespace", Ns::Xml),
];

/// Namespaces by the usual prefix, for those that are not declared.
const BY_PREFIX: &[(&str, Ns)] = &[
    ("", Ns::Plain),
    ("atom", Ns::Plain),
    ("rss", Ns::Plain),
    ("rdf", Ns::Rdf),
    ("content", Ns::Content),
    ("dc", Ns::Dc),
    ("dcterms", Ns::DcTerms),
    ("media", Ns::Media),
    ("itunes", Ns::Itunes),
    ("xhtml", Ns::Xhtml),
    ("xml", Ns::Xml),
];

/// Declarations in force, outermost first: (depth, prefix, namespace).
#[derive(Debug, Default)]
pub(super) struct Scope {
    declared: Vec<(usize, String, Ns)>,
}

/// More declarations in force at once than this are not taken up.
const MOST: usize = 200;

impl Scope {
    /// Forgets what was declared deeper than `depth`.
    pub(super) fn leave(&mut self, depth: usize) {
        let kept = self.declared.iter().take_while(|(d, ..)| *d <= depth).count();
        self.declared.truncate(kept);
    }

    /// Takes up the declarations among the attributes of an element at `depth`.
    pub(super) fn enter(&mut self, depth: usize, attributes: &[(&str, &str)]) {
        for (key, uri) in attributes {
            let lower = key.to_ascii_lowercase();
            let prefix = match lower.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            let uri = uri.trim().to_ascii_lowercase();
            let known = BY_URI.iter().find(|(part, _)| uri.contains(part));
            let ns = known.map_or_else(|| usual(prefix), |(_, ns)| *ns);
            if self.declared.len() < MOST {
                self.declared.push((depth, prefix.to_owned(), ns));
            }
        }
    }

    /// The name of an element as `written`.
    pub(super) fn name(&self, written: &str) -> Name {
        let lower = written.to_ascii_lowercase();
        let (prefix, local) = lower.split_once(':').unwrap_or(("", &lower));
        let declared = self.declared.iter().rev().find(|(_, p, _)| p == prefix);
        Name { ns: declared.map_or_else(|| usual(prefix), |(.., ns)| *ns), local: local.to_owned() }
    }
}

fn usual(prefix: &str) -> Ns {
    let known = BY_PREFIX.iter().find(|(p, _)| *p == prefix);
    known.map_or(Ns::Other, |(_, ns)| *ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_by_uri_then_by_prefix() {
        let mut scope = Scope::default();
        scope.enter(
            0,
            &[
                ("xmlns:a", "http://www.w3.org/2005/Atom"),
                ("xmlns", "http://www.w3.org/1999/xhtml"),
            ],
        );
        assert!(scope.name("a:Entry").is_item());
        assert!(scope.name("p").is(Ns::Xhtml, "p"));
        assert!(scope.name("dc:date").is(Ns::Dc, "date"));
        assert!(scope.name("foo:title").is(Ns::Other, "title"));
        scope.enter(1, &[("xmlns", "urn:x-unknown")]);
        assert!(scope.name("item").is_item());
        scope.leave(0);
        assert!(!scope.name("item").is_item());
    }
}
