//! `digest.toml`: each room owns its options; this file only assembles them.
//!
//! Unknown keys are refused with the line and the nearest known key.

mod explain;
pub mod edit;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde::Deserialize;

use self::explain::{explain, line_of, line_of_key, start_of_source};
use crate::collect::Source;
use crate::compose::{Edition, words_for};
use crate::text::Language;
use crate::{model, net, publish, related, select};

/// A configuration that cannot be used: where, what, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {detail}", path.display(), line.map(|l| format!(", line {l}")).unwrap_or_default())]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// The line, where one is known.
    pub line: Option<usize>,
    /// What is wrong and what to do about it.
    pub detail: String,
}

/// A digest's configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Id, title and language of the edition.
    pub edition: Edition,
    /// The edition's time zone.
    pub zone: TimeZone,
    /// Its name as configured.
    pub zone_name: String,
    /// How many days before the window something is still a candidate.
    pub late_days: u32,
    /// The template's words, those of the language overridden by `[edition.words]`.
    pub words: BTreeMap<String, String>,
    /// What decides which stories come in.
    pub select: select::Options,
    /// The sources, in order.
    pub sources: Vec<Source>,
    /// The language model, where one is configured.
    pub model: Option<model::Options>,
    /// The open web.
    pub net: net::Options,
    /// Related papers and links.
    pub related: related::Options,
    /// Where approved issues go.
    pub publish: Vec<publish::Target>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: EditionTable,
    #[serde(default)]
    sources: Vec<Source>,
    model: Option<model::Options>,
    #[serde(default)]
    net: net::Options,
    #[serde(default)]
    related: related::Options,
    #[serde(default)]
    publish: Vec<publish::Target>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditionTable {
    #[serde(default = "defaults::id")]
    id: String,
    title: String,
    #[serde(default = "defaults::language")]
    language: Language,
    #[serde(default = "defaults::time_zone")]
    time_zone: String,
    #[serde(default = "defaults::entries")]
    entries: usize,
    #[serde(default = "defaults::late_days")]
    late_days: u32,
    #[serde(default)]
    link_to: select::LinkTo,
    #[serde(default)]
    weights: select::rank::Weights,
    #[serde(default)]
    about: String,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    reject: Vec<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    sections: Vec<select::Section>,
    #[serde(default)]
    words: BTreeMap<String, String>,
}

/// The defaults of design section 6.
mod defaults {
    use crate::text::Language;

    pub(super) fn id() -> String {
        "digest".into()
    }
    pub(super) fn language() -> Language {
        Language("zh-CN".into())
    }
    pub(super) fn time_zone() -> String {
        "Asia/Shanghai".into()
    }
    pub(super) fn entries() -> usize {
        10
    }
    pub(super) fn late_days() -> u32 {
        3
    }
}

/// More entries than this is a mistake rather than a digest.
const MOST_ENTRIES: usize = 200;
/// A later item than this belongs to no issue.
const MOST_LATE_DAYS: u32 = 31;

impl Config {
    /// Reads and checks the text of a configuration; `path` is for messages.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|e| explain(path, text, &e))?;
        let bad = |key: &str, detail: String| ConfigError {
            path: path.to_owned(),
            line: line_of_key(text, 0, key),
            detail,
        };
        let edition = &file.edition;
        check_edition(edition, &bad)?;
        let bad_source = |at: usize, detail: String| {
            let start = start_of_source(text, at);
            let line =
                line_of(text, start.map(|s| s..s)).or_else(|| line_of_key(text, 0, "sources"));
            ConfigError { path: path.to_owned(), line, detail }
        };
        check_sources(&file.sources, &bad, &bad_source)?;
        let zone = TimeZone::get(&edition.time_zone).map_err(|_| {
            let detail = format!(
                "no time zone `{}`; use a name such as \"Asia/Shanghai\" or \"UTC\"",
                edition.time_zone
            );
            bad("time_zone", detail)
        })?;
        let words = words_for(&edition.language.0, &edition.words)
            .map_err(|e| bad("words", e.to_string()))?;
        if let Some(model) = &file.model {
            model.check().map_err(|e| bad("model", e.to_string()))?;
        }
        let edition = file.edition;
        Ok(Self {
            edition: Edition {
                id: edition.id,
                title: edition.title,
                language: edition.language.0.clone(),
            },
            zone,
            zone_name: edition.time_zone,
            late_days: edition.late_days,
            select: select::Options {
                language: edition.language,
                entries: edition.entries,
                about: edition.about,
                keep: edition.keep,
                reject: edition.reject,
                labels: edition.labels,
                sections: sections_or_one(edition.sections, &words),
                link_to: edition.link_to,
                weights: edition.weights,
                source_quotas: quotas(&file.sources),
            },
            words,
            sources: file.sources,
            model: file.model,
            net: file.net,
            related: file.related,
            publish: file.publish,
        })
    }

    /// Whether arXiv is asked for papers on the entries: an edition that takes papers from there
    /// wants them, one about football does not.
    pub fn asks_arxiv(&self) -> bool {
        let is_source = |s: &Source| matches!(s, Source::Arxiv(_));
        self.related.arxiv.unwrap_or_else(|| self.sources.iter().any(is_source))
    }

    /// The language that is written.
    pub fn language(&self) -> &Language {
        &self.select.language
    }
}

/// An edition without sections has one, named by the language's word for it.
fn sections_or_one(
    sections: Vec<select::Section>,
    words: &BTreeMap<String, String>,
) -> Vec<select::Section> {
    if !sections.is_empty() {
        return sections;
    }
    vec![select::Section {
        id: "all".into(),
        title: words.get("section").cloned().unwrap_or_default(),
        ..select::Section::default()
    }]
}

/// By source the most entries that it may lead.
fn quotas(sources: &[Source]) -> BTreeMap<String, usize> {
    let quota = |s: &Source| s.max_entries().map(|most| (s.name().to_owned(), most));
    sources.iter().filter_map(quota).collect()
}

type Bad<'a> = &'a dyn Fn(&str, String) -> ConfigError;

fn check_edition(edition: &EditionTable, bad: Bad<'_>) -> Result<(), ConfigError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if edition.id.is_empty() || !edition.id.chars().all(plain) {
        let detail = format!(
            "`id = \"{}\"` names a folder: use lower-case letters, digits, `-` and `_`",
            edition.id
        );
        return Err(bad("id", detail));
    }
    if edition.title.trim().is_empty() || edition.title.contains('\n') {
        return Err(bad(
            "title",
            "`title` is the heading of each issue: one line, not empty".into(),
        ));
    }
    if edition.language.primary().is_empty() {
        return Err(bad("language", "`language` is a tag such as \"zh-CN\" or \"en\"".into()));
    }
    if !(1..=MOST_ENTRIES).contains(&edition.entries) {
        return Err(bad("entries", format!("`entries` lies between 1 and {MOST_ENTRIES}")));
    }
    if edition.late_days > MOST_LATE_DAYS {
        return Err(bad("late_days", format!("`late_days` is at most {MOST_LATE_DAYS}")));
    }
    edition.weights.check().map_err(|e| bad("weights", e))?;
    let mut ids = BTreeSet::new();
    for section in &edition.sections {
        if section.id.is_empty() || section.title.trim().is_empty() {
            return Err(bad("sections", "a section needs an `id` and a `title`".into()));
        }
        if !ids.insert(&section.id) {
            return Err(bad("sections", format!("two sections have the id `{}`", section.id)));
        }
    }
    Ok(())
}

fn check_sources(
    sources: &[Source],
    bad: Bad<'_>,
    bad_source: &dyn Fn(usize, String) -> ConfigError,
) -> Result<(), ConfigError> {
    if sources.is_empty() {
        let detail = "there is no source; add a table such as\n  [[sources]]\n  kind = \"feed\"\n  \
                      name = \"Name\"\n  url = \"https://…\"";
        return Err(bad("sources", detail.into()));
    }
    let (mut names, mut scopes) = (BTreeSet::new(), BTreeMap::new());
    for (at, source) in sources.iter().enumerate() {
        source.request().map_err(|e| bad_source(at, e))?;
        if !names.insert(source.name()) {
            let detail =
                format!("two sources are named `{}`; give one another name", source.name());
            return Err(bad("sources", detail));
        }
        if let Some(first) = scopes.insert(source.scope(), source.name()) {
            let detail = format!("`{first}` and `{}` are the same source; keep one", source.name());
            return Err(bad("sources", detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "[edition]\ntitle = \"T\"\n\n[[sources]]\nkind = \"feed\"\nname = \"A\"\nurl = \"https://a.example/feed\"\n";

    fn error(text: &str) -> String {
        Config::parse(Path::new("digest.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn title_and_one_source_are_enough() {
        let config = Config::parse(Path::new("digest.toml"), SMALL).unwrap();
        assert_eq!(config.select.entries, 10);
        assert_eq!(config.late_days, 3);
        assert_eq!(config.zone_name, "Asia/Shanghai");
        assert_eq!(config.select.sections.len(), 1);
        assert!(!config.select.sections[0].title.is_empty());
    }

    #[test]
    fn an_unknown_key_is_named_with_line_and_remedy() {
        let e = error(&SMALL.replace("title = \"T\"", "title = \"T\"\nentires = 5"));
        assert!(e.contains("line 3") && e.contains("`entries`"), "{e}");
        let e = error(&format!("{SMALL}authorty = \"media\"\n"));
        assert!(e.contains("line 8") && e.contains("`authority`"), "{e}");
        let e = error(&SMALL.replace("\"feed\"", "\"fed\""));
        assert!(e.contains("line 5") && e.contains("`feed`"), "{e}");
    }

    /// [`SMALL`] is seven lines; the source that is added begins at line 8.
    #[test]
    fn a_key_or_a_value_of_a_kind_is_named_with_its_line() {
        for (source, line, says) in [
            ("kind = \"feed\"\nname = \"B\"\nurl = \"b\"\nitem = \"li\"", 12, "`item`"),
            (
                "kind = \"page\"\nname = \"B\"\nurl = \"b\"\nitem = \"li\"\nnxt = \"a\"",
                13,
                "`next`",
            ),
            ("kind = \"sitemap\"\nname = \"B\"\nurl = \"b\"\nexcluded = []", 12, "`exclude`"),
            ("kind = \"arxiv\"\nname = \"B\"\ncategory = \"cs.AI\"", 11, "`categories`"),
            ("kind = \"github\"\nname = \"B\"\nrepository = \"a/b\"", 11, "repo,"),
            ("kind = \"github\"\nname = \"B\"", 8, "`repo`"),
            ("kind = \"arxive\"\nname = \"B\"", 9, "`arxiv`"),
            ("kind = \"page\"\nname = \"B\"\nurl = \"b\"\nitem = \"li[\"", 8, "no CSS selector"),
            ("kind = \"arxiv\"\nname = \"B\"", 8, "`categories`"),
            ("kind = \"sitemap\"\nname = \"B\"\nurl = \"b\"\ninclude = [\"x\"]", 8, "begins with"),
        ] {
            let first = SMALL.replace("\"feed\"", "\"page\"") + "item = \"li\"\n";
            let first = first.replacen("\n\n", "\n", 1);
            let e = error(&format!("{first}[[sources]]\n{source}\n"));
            assert!(e.contains(&format!("line {line}:")) && e.contains(says), "{e}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for (from, to, says) in [
            ("title = \"T\"", "id = \"x\"", "title"),
            ("title = \"T\"", "title = \"T\"\ntime_zone = \"Mars\"", "Asia/Shanghai"),
            ("title = \"T\"", "title = \"T\"\nid = \"A/B\"", "folder"),
            ("title = \"T\"", "title = \"T\"\nentries = 0", "between 1"),
            (
                "title = \"T\"",
                "title = \"T\"\nweights = { impact = 0.6, scope = 0.3, heat = 0.3 }",
                "line 3: `weights`",
            ),
            ("url = \"https://a.example/feed\"", "", "url"),
        ] {
            let e = error(&SMALL.replace(from, to));
            assert!(e.contains(says), "{e}");
        }
        assert!(error("[edition]\ntitle = \"T\"\n").contains("[[sources]]"));
        let twice = format!("{SMALL}{}", SMALL.split_once("\n\n").unwrap().1);
        assert!(error(&twice).contains("two sources"));
    }
}
