//! Adding sources to the text of a `digest.toml`: comments, order and spelling of all that stands
//! there are kept.

use std::path::Path;

use serde::Deserialize;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::{Config, ConfigError, explain};
use crate::collect::Source;
use crate::collect::canonical::canonical;
use crate::discover::{Field, Proposed};
use crate::net;

/// What adding a source must know of a configuration, which may have no source yet.
#[derive(Clone, Debug)]
pub struct Present {
    /// The sources that stand there.
    pub sources: Vec<Source>,
    /// The open web.
    pub net: net::Options,
    /// The edition's title.
    pub title: String,
}

#[derive(Deserialize)]
struct Loose {
    #[serde(default)]
    sources: Vec<Source>,
}

/// A source that serves to check a configuration which has none yet.
const ONE_SOURCE: &str =
    "\n[[sources]]\nkind = \"feed\"\nname = \"one\"\nurl = \"https://outlet.example/feed\"\n";

impl Present {
    /// Reads the text of a configuration; all of it is checked, except that it has a source.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let loose: Loose = toml::from_str(text).map_err(|e| explain(path, text, &e))?;
        let config = match loose.sources.is_empty() {
            true => Config::parse(path, &format!("{text}{ONE_SOURCE}"))?,
            false => Config::parse(path, text)?,
        };
        Ok(Self { sources: loose.sources, net: config.net, title: config.edition.title })
    }
}

impl Present {
    /// The source that asks the same address as a proposal.
    pub fn same_as(&self, proposed: &Proposed) -> Option<&Source> {
        let spelled = |url: &str| canonical(url).unwrap_or_else(|| url.to_owned());
        let own = source_of(proposed).map_or_else(|_| proposed.url().to_owned(), |s| s.scope());
        let wanted = spelled(&own);
        self.sources.iter().find(|s| spelled(&s.scope()) == wanted)
    }

    /// Whether a source has this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.sources.iter().any(|s| s.name() == name)
    }
}

/// The source that a proposal describes.
///
/// # Errors
/// This version does not know the kind, or one of its keys.
pub fn source_of(proposed: &Proposed) -> Result<Source, String> {
    toml::from_str(&table_of(proposed).to_string()).map_err(|e| e.message().to_owned())
}

/// A proposal as it is written into the configuration.
pub fn shown(proposed: &Proposed) -> String {
    format!("[[sources]]\n{}", table_of(proposed))
}

fn table_of(proposed: &Proposed) -> Table {
    let mut table = Table::new();
    table.insert("kind", value(proposed.kind));
    table.insert("name", value(proposed.name.as_str()));
    for (key, field) in &proposed.fields {
        table.insert(
            key,
            match field {
                Field::Text(text) => value(text.as_str()),
                Field::List(list) => value(list.iter().map(String::as_str).collect::<Array>()),
            },
        );
    }
    table
}

/// `text` with these sources behind those it has.
///
/// # Errors
/// The text is no TOML, or `sources` is neither tables nor a list.
pub fn with_sources(path: &Path, text: &str, added: &[Proposed]) -> Result<String, ConfigError> {
    let wrong = |detail: String| ConfigError { path: path.to_owned(), line: None, detail };
    let mut document: DocumentMut =
        text.parse().map_err(|e: toml_edit::TomlError| wrong(e.message().to_owned()))?;
    let sources = document
        .as_table_mut()
        .entry("sources")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match sources {
        Item::ArrayOfTables(tables) => {
            for proposed in added {
                let mut table = table_of(proposed);
                table.decor_mut().set_prefix("\n");
                tables.push(table);
            }
        }
        Item::Value(Value::Array(list)) => added.iter().for_each(|p| push_inline(list, p)),
        _ => return Err(wrong("`sources` is no list of tables: write [[sources]] tables".into())),
    }
    let edited = document.to_string();
    Config::parse(path, &edited)?;
    Ok(edited)
}

fn push_inline(list: &mut Array, proposed: &Proposed) {
    let mut inline = InlineTable::new();
    for (key, item) in table_of(proposed) {
        if let Item::Value(value) = item {
            inline.insert(key.as_str(), value);
        }
    }
    list.push_formatted(Value::InlineTable(inline).decorated("\n  ", ""));
    list.set_trailing("\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# mine\n[edition]\ntitle = \"T\"   # a title\n\n# the first\n[[sources]]\nkind = \"feed\" # fine\nname = 'A'\nurl = \"https://a.example/feed\"\n\n# [[sources]]\n# kind = \"links\"\n\n[net]\nallow = [] # none\n# the end\n";

    fn b() -> Proposed {
        Proposed::at("feed", "观澜 \"B\"", "https://b.example/feed")
    }

    #[test]
    fn all_that_stood_there_stays() {
        let path = Path::new("digest.toml");
        let edited = with_sources(path, TEXT, &[b()]).unwrap();
        let added = "\n[[sources]]\nkind = \"feed\"\nname = '观澜 \"B\"'\nurl = \"https://b.example/feed\"\n";
        assert!(edited.contains(added), "{edited}");
        assert_eq!(edited.replacen(added, "", 1), TEXT);
        let config = Config::parse(path, &edited).unwrap();
        assert_eq!(config.sources[1].name(), "观澜 \"B\"");
    }

    #[test]
    fn the_first_source_and_a_list_in_one_line() {
        let path = Path::new("digest.toml");
        let bare = "[edition]\ntitle = \"T\" # t\n";
        assert!(Present::parse(path, bare).unwrap().sources.is_empty());
        let edited = with_sources(path, bare, &[b()]).unwrap();
        assert!(edited.starts_with(bare) && edited.contains("[[sources]]"), "{edited}");
        let inline = "sources = [{ kind = \"feed\", name = \"A\", url = \"https://a.example/\" }]\n[edition]\ntitle = \"T\"\n";
        let edited = with_sources(path, inline, &[b()]).unwrap();
        assert_eq!(Config::parse(path, &edited).unwrap().sources.len(), 2, "{edited}");
    }

    #[test]
    fn a_configuration_that_is_wrong_is_refused_as_ever() {
        let path = Path::new("digest.toml");
        let wrong = TEXT.replace("title", "titel");
        assert!(Present::parse(path, &wrong).unwrap_err().to_string().contains("titel"));
        let unknown = Proposed::at("telegram", "A", "https://b.example/");
        assert!(source_of(&unknown).unwrap_err().contains("telegram"));
        assert_eq!(source_of(&b()).unwrap().name(), "观澜 \"B\"");
        assert!(shown(&b()).starts_with("[[sources]]\nkind = \"feed\"\n"));
    }
}
