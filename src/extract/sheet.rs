//! The rules of the page's own `<style>` sheets that bear on what is seen, and the elements they
//! apply to. Rules under a condition (a narrow window, print) are left out, as are selectors with
//! pseudo-classes: whether they hold is not known here.

use std::collections::HashMap;

use dom_query::{Document, Matcher, NodeId, NodeRef};

use super::color::Color;
use super::css::{self, Declared, Hiding};
use super::dom;

/// Rules that are looked at.
const MAX_RULES: usize = 3000;
/// Elements that the selectors of one page are tried on.
const MAX_TRIES: usize = 200_000;
/// How deep conditions are nested.
const MAX_NESTING: usize = 4;

/// A rule: what it applies to, and what it declares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    selector: String,
    declared: Declared,
    hiding: Hiding,
    strength: Strength,
}

/// `!important`, then ids, classes and tags, then the place in the sheets.
type Strength = (bool, usize, usize, usize, usize);

/// What the sheets of a page say of one element.
#[derive(Clone, Debug, Default)]
pub(crate) struct Styled {
    /// Whether it is hidden, the strongest rule counting.
    pub(crate) hiding: Option<Hiding>,
    /// The colour of its text.
    pub(crate) color: Option<Color>,
    /// What is painted behind it.
    pub(crate) background: Option<Color>,
    by: Option<Strength>,
}

/// What the sheets of the page say, by element; of colours only where `colors` are asked for.
/// `elements` are all elements of the page.
pub(crate) fn styles(
    doc: &Document,
    elements: &[NodeRef<'_>],
    colors: bool,
) -> HashMap<NodeId, Styled> {
    let mut styled: HashMap<NodeId, Styled> = HashMap::new();
    let (loud, showing): (Vec<Rule>, Vec<Rule>) = rules_of(elements)
        .into_iter()
        .partition(|r| r.hiding != Hiding::None || (colors && r.declared.has_colors()));
    let index = Index::of(elements, &loud);
    let mut tries = MAX_TRIES;
    for rule in &loud {
        let Some(nodes) = key_of(&rule.selector).and_then(|key| index.get(key)) else {
            continue;
        };
        // Most rules of a sheet are for other pages of the site.
        if keys_of(&rule.selector).any(|key| index.get(key).is_none_or(<[_]>::is_empty)) {
            continue;
        }
        if tries < nodes.len() {
            break;
        }
        tries -= nodes.len();
        if is_key(&rule.selector) {
            for node in nodes {
                apply(styled.entry(node.id).or_default(), rule);
            }
            continue;
        }
        let Ok(matcher) = Matcher::new(&rule.selector) else { continue };
        for node in nodes.iter().filter(|n| n.is_match(&matcher)) {
            apply(styled.entry(node.id).or_default(), rule);
        }
    }
    show(doc, &showing, &mut styled);
    styled
}

/// What shows an element matters only where another rule hides it.
fn show(doc: &Document, rules: &[Rule], styled: &mut HashMap<NodeId, Styled>) {
    let mut hidden: Vec<(NodeRef<'_>, &mut Styled)> = styled
        .iter_mut()
        .filter(|(_, s)| s.hiding.is_some_and(|h| h != Hiding::None))
        .filter_map(|(id, s)| Some((doc.tree.get(id)?, s)))
        .collect();
    if hidden.is_empty() || hidden.len() * rules.len() > MAX_TRIES {
        return;
    }
    for rule in rules.iter().filter(|r| r.declared.shows) {
        let key = key_of(&rule.selector);
        let may_match = |node: &NodeRef<'_>| key.is_none_or(|key| key.is_of(node));
        if !hidden.iter().any(|(node, _)| may_match(node)) {
            continue;
        }
        let Ok(matcher) = Matcher::new(&rule.selector) else { continue };
        for (node, styled) in &mut hidden {
            if may_match(node) && node.is_match(&matcher) {
                apply(styled, rule);
            }
        }
    }
}

fn apply(styled: &mut Styled, rule: &Rule) {
    let speaks = rule.hiding != Hiding::None || rule.declared.shows;
    if speaks && styled.by.is_none_or(|by| by <= rule.strength) {
        styled.hiding = Some(rule.hiding);
        styled.by = Some(rule.strength);
    }
    // The strength of colours is not weighed: a later rule takes the place of an earlier one.
    if rule.declared.color.is_some() {
        styled.color.clone_from(&rule.declared.color);
    }
    if rule.declared.background.is_some() {
        styled.background.clone_from(&rule.declared.background);
    }
}

/// The elements of a page by the keys that rules ask for.
#[derive(Default)]
struct Index<'r, 'a> {
    /// Where the elements of a key stand in `nodes`.
    keys: HashMap<Key<'r>, usize>,
    nodes: Vec<Vec<NodeRef<'a>>>,
}

impl<'r, 'a> Index<'r, 'a> {
    fn of(elements: &[NodeRef<'a>], rules: &'r [Rule]) -> Self {
        let mut index = Self::default();
        for key in rules.iter().flat_map(|r| keys_of(&r.selector)) {
            let next = index.keys.len();
            index.keys.entry(key).or_insert(next);
        }
        index.nodes.resize_with(index.keys.len(), Vec::new);
        if index.keys.is_empty() {
            return index;
        }
        for node in elements {
            index.put(Key::Tag(&dom::tag(node)), *node);
            if let Some(id) = node.id_attr() {
                index.put(Key::Id(&id), *node);
            }
            for class in node.class().iter().flat_map(|c| c.split_ascii_whitespace()) {
                index.put(Key::Class(class), *node);
            }
        }
        index
    }

    fn put(&mut self, key: Key<'_>, node: NodeRef<'a>) {
        if let Some(at) = self.keys.get(&key) {
            self.nodes[*at].push(node);
        }
    }

    fn get(&self, key: Key<'_>) -> Option<&[NodeRef<'a>]> {
        self.keys.get(&key).map(|at| self.nodes[*at].as_slice())
    }
}

/// What an element must have for a rule to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    Tag(&'a str),
    Id(&'a str),
    Class(&'a str),
}

impl Key<'_> {
    /// Whether an element has this.
    fn is_of(self, node: &NodeRef<'_>) -> bool {
        match self {
            Key::Tag(tag) => node.has_name(tag),
            Key::Id(id) => node.id_attr().is_some_and(|i| &*i == id),
            Key::Class(class) => dom::has_class_of(node, &[class]),
        }
    }
}

/// Whether a selector asks for nothing but its key.
fn is_key(selector: &str) -> bool {
    let name = selector.strip_prefix(['.', '#']).unwrap_or(selector);
    !name.is_empty() && name != "*" && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
}

/// What an element must have for a selector to apply: the first id, class or tag of its last part.
fn key_of(selector: &str) -> Option<Key<'_>> {
    key_of_part(selector.rsplit(PARTS).next()?)
}

/// What some elements of a page must have for a selector to apply to any.
fn keys_of(selector: &str) -> impl Iterator<Item = Key<'_>> {
    // A mark that parts may stand in the value of an attribute.
    let whole = if selector.contains('[') { "" } else { selector };
    key_of(selector).into_iter().chain(whole.split(PARTS).filter_map(key_of_part))
}

/// What parts a selector.
const PARTS: [char; 4] = [' ', '>', '+', '~'];

fn key_of_part(part: &str) -> Option<Key<'_>> {
    let part = part.split('[').next()?;
    let starts = || part.match_indices(['.', '#']).map(|(i, _)| i);
    let of = |start: usize| {
        let end = starts().find(|i| *i > start).unwrap_or(part.len());
        &part[start + 1..end]
    };
    let id = starts().find(|i| part[*i..].starts_with('#'));
    match (id, starts().next()) {
        (Some(id), _) => Some(Key::Id(of(id))),
        (None, Some(class)) => Some(Key::Class(of(class))),
        (None, None) => (!part.is_empty() && part != "*").then_some(Key::Tag(part)),
    }
}

fn rules_of(elements: &[NodeRef<'_>]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for style in elements.iter().filter(|n| n.has_name("style")) {
        // The boilerplate of AMP hides the page until a script shows it.
        let media = dom::attr(style, "media").is_none_or(|m| holds(&format!("@media {m}")));
        if style.has_attr("amp-boilerplate") || !media {
            continue;
        }
        read(&without_comments(&style.text()), 0, &mut rules);
    }
    rules
}

/// Reads the rules of a sheet without comments into `rules`.
fn read(sheet: &str, nesting: usize, rules: &mut Vec<Rule>) {
    let mut rest = sheet;
    while let Some(open) = rest.find('{') {
        if rules.len() >= MAX_RULES {
            return;
        }
        let selector = rest[..open].rsplit([';', '}']).next().unwrap_or("").trim();
        let body = &rest[open + 1..];
        if selector.starts_with('@') {
            let end = end_of_block(body);
            if nesting < MAX_NESTING && holds(selector) {
                read(body[..end].strip_suffix('}').unwrap_or(&body[..end]), nesting + 1, rules);
            }
            rest = &body[end..];
            continue;
        }
        let close = body.find('}').unwrap_or(body.len());
        let declared = css::read(&body[..close]);
        let hiding = declared.hiding();
        if declared != Declared::default() {
            for part in selector.split(',').map(str::trim).filter(|s| is_simple(s)) {
                let strength = strength_of(part, declared.important, rules.len());
                let selector = with_low_tags(part);
                rules.push(Rule { selector, declared: declared.clone(), hiding, strength });
            }
        }
        rest = body.get(close + 1..).unwrap_or("");
    }
}

/// Whether what stands under this head applies to a reader at a desk: `@media screen`, `@layer`,
/// `@supports`, and `@media` with a least width that a window has.
fn holds(head: &str) -> bool {
    let head = head.to_ascii_lowercase();
    if head.starts_with("@layer") || (head.starts_with("@supports") && !head.contains("not")) {
        return true;
    }
    let Some(query) = head.strip_prefix("@media") else { return false };
    query.split(',').any(|query| {
        let words: String = query.split_whitespace().collect::<Vec<_>>().join(" ");
        matches!(words.as_str(), "screen" | "all" | "only screen" | "only all" | "")
    })
}

fn strength_of(selector: &str, important: bool, place: usize) -> Strength {
    let ids = selector.matches('#').count();
    let classes = selector.matches(['.', '[']).count();
    let tags = selector
        .split(PARTS)
        .filter(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()))
        .count();
    (important, ids, classes, tags, place)
}

/// A selector of tags, classes, ids and plain attributes.
fn is_simple(selector: &str) -> bool {
    !selector.is_empty()
        && selector.len() <= 200
        && selector.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    '.' | '#' | '-' | '_' | ' ' | '>' | '[' | ']' | '=' | '"' | '\'' | '*'
                )
        })
}

/// A selector whose bare tags are in lower case, as those of elements are.
fn with_low_tags(selector: &str) -> String {
    let low = |part: &str| {
        if part.contains(['.', '#', '[']) { part.to_owned() } else { part.to_ascii_lowercase() }
    };
    selector.split_inclusive(PARTS).map(low).collect()
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out
}

/// The index after the `}` that closes an already opened block.
fn end_of_block(body: &str) -> usize {
    let mut depth = 1usize;
    for (i, b) in body.bytes().enumerate() {
        match b {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(html: &str) -> Vec<String> {
        let doc = Document::from(html);
        let styles = styles(&doc, &dom::elements(&doc), true);
        let gone =
            |n: &NodeRef<'_>| styles.get(&n.id).is_some_and(|s| s.hiding == Some(Hiding::Gone));
        dom::all(&doc, "p").iter().filter(|n| gone(n)).map(dom::line).collect()
    }

    #[test]
    fn rules_that_hold_for_a_reader_count() {
        let sheet = "/* .c{display:none} */ @media print{.a{display:none}} .x, div .y, #z{display:none}\
            @media screen{.s{display:none}} @media (max-width:400px){.n{display:none}} .w{color:red}\
            @layer base{@supports(display:grid){.l{display:none}}} MAIN P{display:none}";
        let body = "<p class=a>a<p class=c>c<p class=x>x<p class=y>y<p id=z>z<p class=s>s<p class=n>n<p class=l>l<main><p>m</main>";
        assert_eq!(hidden(&format!("<style>{sheet}</style>{body}")), ["x", "z", "s", "l", "m"]);
    }

    #[test]
    fn the_strongest_rule_counts() {
        let shown = "<style>.a{display:none} .a.b{display:block}</style><p class='a b'>x</p>";
        assert!(hidden(shown).is_empty());
        let weak = "<style>.a{display:none} p{display:block}</style><p class=a>x</p>";
        assert_eq!(hidden(weak), ["x"]);
        let loud =
            "<style>.a{display:none!important} .a.b{display:block}</style><p class='a b'>x</p>";
        assert_eq!(hidden(loud), ["x"]);
    }

    #[test]
    fn keys() {
        for (selector, key) in [
            ("div > p.a.b", Key::Class("a")),
            ("p#x.a", Key::Id("x")),
            (".m p", Key::Tag("p")),
            ("p[title=x]", Key::Tag("p")),
        ] {
            assert_eq!(key_of(selector), Some(key));
        }
        assert_eq!(key_of(".m *"), None);
        assert!([".a", "#x-1", "p"].iter().all(|s| is_key(s)));
        assert!(![".a.b", "p.a", ".m p", "p[x]", "*", "."].iter().any(|s| is_key(s)));
    }
}
