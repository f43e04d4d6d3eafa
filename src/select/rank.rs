//! Which stories matter most by rules, which article of a story leads it, and where its source
//! link goes.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rules::{Judgement, Merit};
use super::{LinkTo, Options, Readable, Story, primary};
use crate::collect::Authority;
use crate::collect::canonical::is_expiring;
use crate::text::measure;

/// How many articles of a story feed its entry.
pub const FEEDING: usize = 3;

/// A length, in Chinese characters or their worth in words, that says all an entry needs.
const FULL_LENGTH: f64 = 1000.0;

/// What a word of a language with letters is worth in Chinese characters.
const WORD: f64 = 2.0;

/// Hosts where many independent outlets publish.
const SHARED_HOSTS: &[&str] =
    &["mp.weixin.qq.com", "medium.com", "toutiao.com", "zhuanlan.zhihu.com"];

/// What the parts of a model's score weigh; together 1, so that the score stays from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Of [`Merit::Model`]'s `impact`.
    pub impact: f64,
    /// Of its `scope`.
    pub scope: f64,
    /// Of [`Parts::heat`].
    pub heat: f64,
}

impl Default for Weights {
    /// The editors' own formula.
    fn default() -> Self {
        Self { impact: 0.6, scope: 0.3, heat: 0.1 }
    }
}

impl Weights {
    /// Checks that each weight is from 0 to 1 and that they make 1.
    ///
    /// # Errors
    /// What is wrong, with what to do.
    pub fn check(&self) -> Result<(), String> {
        let all = [self.impact, self.scope, self.heat];
        let sum: f64 = all.iter().sum();
        if all.iter().all(|w| (0.0..=1.0).contains(w)) && (sum - 1.0).abs() < 0.000_5 {
            return Ok(());
        }
        Err(format!(
            "`weights` are three parts of 1, such as {{ impact = 0.6, scope = 0.3, heat = 0.1 }}; \
             these make {sum:.3}"
        ))
    }
}

/// The grade of a score that a model's judgement stands behind. Rules give none: their scores rank,
/// but say nothing of how much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// From 4.0.
    S,
    /// From 3.2.
    A,
    /// From 2.4.
    B,
    /// Below.
    C,
}

impl Grade {
    /// The grade of `score`.
    pub fn of(score: f64) -> Self {
        match score {
            s if s >= 4.0 => Self::S,
            s if s >= 3.2 => Self::A,
            s if s >= 2.4 => Self::B,
            _ => Self::C,
        }
    }
}

/// What a score is made of; each part is from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// What the triage says.
    pub merit: Merit,
    /// The highest authority among the story's sources: social media 1, media 3, research 4,
    /// the maker 5.
    pub authority: f64,
    /// The length of the longest article that feeds it; 5 from 1000 Chinese characters or 500
    /// words on, so that a long read has no advantage over a full report.
    pub length: f64,
    /// Independent outlets: 1–2 → 1, 3–5 → 2, 6–10 → 3, 11–20 → 4, more → 5.
    pub heat: f64,
    /// The same on a finer scale, for rules: `1 + log2(outlets)`, at most 5. Without a model that
    /// several outlets report an event is the best sign of its weight.
    pub spread: f64,
}

impl Parts {
    /// The score, from 1 to 5, to three decimals. With a model's scores
    /// `0.6 impact + 0.3 scope + 0.1 heat` (the editors' own formula, unless `weights` say
    /// otherwise); by rules `0.4 topic + 0.25 authority + 0.25 spread + 0.1 length`.
    pub fn score(&self, weights: &Weights) -> f64 {
        let score = match self.merit {
            Merit::Model { impact, scope } => {
                weights.impact * f64::from(impact)
                    + weights.scope * f64::from(scope)
                    + weights.heat * self.heat
            }
            Merit::Topic(topic) => {
                0.4 * topic + 0.25 * self.authority + 0.25 * self.spread + 0.1 * self.length
            }
        };
        (score * 1000.0).round() / 1000.0
    }
}

impl Story {
    /// Its grade; `None` where rules judged it.
    pub fn grade(&self) -> Option<Grade> {
        matches!(self.parts.merit, Merit::Model { .. }).then(|| Grade::of(self.score))
    }
}

/// Where an entry's source link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLink {
    /// The URL.
    pub url: String,
    /// The candidate whose page it is; `None` for a page that a report only links to.
    pub candidate: Option<String>,
}

/// The parts of the score of a story of `members`, judged by `merit`.
pub fn parts(members: &[Readable<'_>], merit: Merit) -> Parts {
    let authority = members.iter().map(|m| m.candidate.authority).max().unwrap_or_default();
    let longest = members.iter().take(FEEDING).map(length).fold(0.0, f64::max);
    Parts {
        merit,
        authority: match authority {
            Authority::Social => 1.0,
            Authority::Media => 3.0,
            Authority::Research => 4.0,
            Authority::Official => 5.0,
        },
        length: 1.0 + 4.0 * (longest / FULL_LENGTH).min(1.0),
        heat: heat(outlets(members)),
        spread: spread(outlets(members)),
    }
}

/// Independent outlets on the finer scale of [`Parts::spread`].
fn spread(outlets: usize) -> f64 {
    (1.0 + (outlets.max(1) as f64).log2()).min(5.0)
}

/// Heat from the number of independent outlets.
pub fn heat(outlets: usize) -> f64 {
    match outlets {
        0..=2 => 1.0,
        3..=5 => 2.0,
        6..=10 => 3.0,
        11..=20 => 4.0,
        _ => 5.0,
    }
}

/// Whether many independent outlets publish at the host of `url`: its site's name is then none of
/// theirs.
pub fn on_shared_host(url: &str) -> bool {
    let host = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_ascii_lowercase));
    host.is_some_and(|h| SHARED_HOSTS.contains(&h.strip_prefix("www.").unwrap_or(&h)))
}

/// How many independent outlets `members` come from.
pub fn outlets(members: &[Readable<'_>]) -> usize {
    members.iter().map(outlet).collect::<BTreeSet<_>>().len()
}

/// The outlet of an article: its site's domain without the host's own part, and on a host that
/// many outlets share also the site's name, the author or the source.
pub fn outlet(item: &Readable<'_>) -> String {
    let listed = &item.candidate.url;
    let url = if listed.is_empty() { &item.article.url } else { listed };
    let host = url::Url::parse(url)
        .ok()
        .and_then(|u| u.host_str().map(str::to_ascii_lowercase))
        .unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    if SHARED_HOSTS.contains(&host) || host.is_empty() {
        let name = (item.article.site.as_ref())
            .or(item.article.byline.as_ref())
            .or(item.candidate.sources.first());
        return format!("{host}/{}", name.map_or("", String::as_str));
    }
    domain(host).to_owned()
}

/// The last two labels of a host, three where the second names a kind of owner (`com.cn`,
/// `co.uk`). A rule of thumb for counting outlets, not the public suffix list.
fn domain(host: &str) -> &str {
    let labels: Vec<&str> = host.split('.').collect();
    let n = labels.len();
    let kinds = ["com", "co", "org", "net", "gov", "edu", "ac", "or", "ne", "go"];
    let keep =
        if n >= 3 && labels[n - 1].len() == 2 && kinds.contains(&labels[n - 2]) { 3 } else { 2 };
    let start: usize = labels.iter().take(n.saturating_sub(keep)).map(|l| l.len() + 1).sum();
    host.get(start..).unwrap_or(host)
}

/// The length of an article in Chinese characters or their worth.
fn length(item: &Readable<'_>) -> f64 {
    let text = item.article.document.text();
    let chinese = item.article.language.as_ref().is_some_and(|l| l.is_chinese());
    if chinese {
        measure::chinese_length(text) as f64
    } else {
        WORD * measure::word_count(text) as f64
    }
}

/// Orders the articles of one story: the one that is shown and written from first.
///
/// An article in the edition's language comes before any other; then one that `judgement` keeps,
/// the higher authority, the longer by halves (a notice of a few lines before nothing, a report
/// before a notice), the earlier, the lower id. The first [`FEEDING`] come from different outlets
/// where there are so many.
pub fn lead_order<'a>(
    members: &[Readable<'a>],
    options: &Options,
    judgement: impl Fn(&str) -> Option<&'a Judgement>,
) -> Vec<Readable<'a>> {
    let key = |m: &Readable<'_>| {
        let foreign = !m.article.language.as_ref().is_some_and(|l| l.same_as(&options.language));
        let rejected = judgement(&m.candidate.id).is_some_and(|j| !j.keep);
        let magnitude = Reverse(length(m).max(1.0).log2() as u32);
        let date = (m.published().is_none(), m.published().map(|p| p.order_key()));
        let authority = Reverse(m.candidate.authority);
        (foreign, rejected, authority, magnitude, date, m.candidate.id.clone())
    };
    let mut rest: Vec<Readable<'a>> = members.to_vec();
    rest.sort_by_cached_key(key);
    let mut out: Vec<Readable<'a>> = Vec::with_capacity(rest.len());
    let mut seen = BTreeSet::new();
    while out.len() < FEEDING {
        // within one language, so that a foreign article never comes before one of the edition's
        let language = rest.first().map(|m| foreign(m, options));
        let Some(next) = rest
            .iter()
            .position(|m| Some(foreign(m, options)) == language && !seen.contains(&outlet(m)))
            .or((!rest.is_empty()).then_some(0))
        else {
            break;
        };
        let member = rest.remove(next);
        seen.insert(outlet(&member));
        out.push(member);
    }
    out.extend(rest);
    out
}

fn foreign(item: &Readable<'_>, options: &Options) -> bool {
    !item.article.language.as_ref().is_some_and(|l| l.same_as(&options.language))
}

/// The page that the entry of a story links to, of those that sources listed; `members` in
/// [`lead_order`]. `None` where all links of the story expire: an issue is read for longer than
/// they work.
///
/// `report` is the leading article, or the first one whose link lasts. `primary` is the most
/// authoritative page ([`primary::listed`]); a page that only a report links to may take its place
/// once it was read ([`primary::linked`]).
pub fn source_link(members: &[Readable<'_>], link_to: LinkTo) -> Option<SourceLink> {
    let of = |m: &Readable<'_>| {
        Some(SourceLink { url: page(m)?, candidate: Some(m.candidate.id.clone()) })
    };
    match link_to {
        LinkTo::Report => members.iter().find_map(of),
        LinkTo::Primary => primary::listed(members)
            .map(|p| SourceLink { url: p.url, candidate: Some(p.candidate) }),
    }
}

/// The URL to show for an article: as listed, else where it was found. `None` where it has some
/// but they expire.
pub(super) fn page(item: &Readable<'_>) -> Option<String> {
    let urls = [&item.candidate.url, &item.article.url];
    let mut known = urls.into_iter().filter(|url| !url.is_empty()).peekable();
    if known.peek().is_none() {
        return Some(String::new());
    }
    known.find(|url| !is_expiring(url)).cloned()
}

/// Whether a URL names a page: a bare host is a maker's home, not its announcement.
pub(super) fn has_path(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|u| u.path().len() > 1)
}

/// The order of stories: the higher score, the greater heat, those of the window before late ones,
/// the newer (undated last), the lower id.
pub fn order(a: &Story, b: &Story) -> Ordering {
    // The newest first, undated ones last.
    let date = |s: &Story| std::cmp::Reverse(s.published.map(|p| p.order_key()));
    b.score
        .total_cmp(&a.score)
        .then(b.parts.heat.total_cmp(&a.parts.heat))
        .then(a.late.cmp(&b.late))
        .then_with(|| date(a).cmp(&date(b)))
        .then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains() {
        assert_eq!(domain("news.a.com.cn"), "a.com.cn");
        assert_eq!(domain("blog.b.example"), "b.example");
        assert_eq!(domain("localhost"), "localhost");
    }

    #[test]
    fn the_editors_formula_and_the_rules() {
        let parts = Parts {
            merit: Merit::Model { impact: 4, scope: 3 },
            authority: 5.0,
            length: 5.0,
            heat: 2.0,
            spread: 2.0,
        };
        assert_eq!(parts.score(&Weights::default()), 3.5);
        let other = Weights { impact: 0.2, scope: 0.3, heat: 0.5 };
        assert_eq!(parts.score(&other), 2.7);
        assert!(other.check().is_ok());
        assert!(Weights { heat: 0.2, ..Weights::default() }.check().is_err());
        assert!(Weights { impact: 1.2, scope: -0.2, heat: 0.0 }.check().is_err());
        assert_eq!(
            Parts { merit: Merit::Topic(5.0), heat: 5.0, spread: 5.0, ..parts }.score(&other),
            5.0
        );
        assert_eq!(heat(2), 1.0);
        assert_eq!(heat(21), 5.0);
    }

    #[test]
    fn grades() {
        let grades = [4.0, 3.999, 3.2, 2.4, 2.399].map(Grade::of);
        assert_eq!(grades, [Grade::S, Grade::A, Grade::A, Grade::B, Grade::C]);
    }

    #[test]
    fn a_bare_host_is_no_page() {
        assert!(!has_path("https://maker.example/"));
        assert!(has_path("https://maker.example/news/1"));
    }
}
