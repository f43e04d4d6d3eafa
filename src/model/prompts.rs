//! What models are told: one file a kind of question, compiled in, replaced by a file of the same
//! name in the digest's folder.
//!
//! A file is a system text, a line `=== user ===`, and the part that changes from question to
//! question; both are Handlebars without escaping. The system text comes first and is the same for
//! all questions of an edition, so that endpoints can cache it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Kind;
use crate::template::{Escape, TemplateError, render};
use crate::text::hash::short_id;

const BORDER: &str = "=== user ===";

const BUILT_IN: [(Kind, &str, &str); 7] = [
    (Kind::Triage, "triage.md", include_str!("../../prompts/triage.md")),
    (Kind::SameEvent, "same_event.md", include_str!("../../prompts/same_event.md")),
    (Kind::Entry, "entry.md", include_str!("../../prompts/entry.md")),
    (Kind::Part, "part.md", include_str!("../../prompts/part.md")),
    (Kind::Highlights, "highlights.md", include_str!("../../prompts/highlights.md")),
    (Kind::Rewrite, "rewrite.md", include_str!("../../prompts/rewrite.md")),
    (Kind::Judge, "judge.md", include_str!("../../prompts/judge.md")),
];

/// A prompt file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    name: String,
    system: String,
    user: String,
    version: String,
}

/// A prompt file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// No question reads a file of this name.
    #[error("prompts/{name} is read by nothing; known are {known}: rename it, or take it away")]
    Unknown {
        /// The file's name.
        name: String,
        /// The names that are read.
        known: String,
    },
    /// The border between the two parts is missing.
    #[error("prompts/{0} has no line `=== user ===` between its unchanging and its changing part")]
    NoBorder(String),
    /// The template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl Prompt {
    fn read(name: &str, text: &str) -> Result<Self, PromptError> {
        let text = text.replace("\r\n", "\n");
        let (system, user) = text
            .split_once(&format!("\n{BORDER}\n"))
            .ok_or_else(|| PromptError::NoBorder(name.to_owned()))?;
        Ok(Self {
            name: name.to_owned(),
            system: system.trim().to_owned(),
            user: user.trim().to_owned(),
            version: short_id(&text),
        })
    }

    /// The first 16 hex digits of the hash of the file.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The system text for an edition.
    ///
    /// # Errors
    /// A name that `data` does not have.
    pub fn system(&self, data: &impl Serialize) -> Result<String, TemplateError> {
        render(&self.name, &self.system, data, Escape::None)
    }

    /// The part that changes.
    ///
    /// # Errors
    /// A name that `data` does not have.
    pub fn user(&self, data: &impl Serialize) -> Result<String, TemplateError> {
        render(&self.name, &self.user, data, Escape::None)
    }
}

/// All prompt files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompts {
    triage: Prompt,
    same_event: Prompt,
    entry: Prompt,
    part: Prompt,
    highlights: Prompt,
    rewrite: Prompt,
    judge: Prompt,
}

impl Prompts {
    /// The compiled-in files, those of `overrides` (file name → text) in their place.
    ///
    /// # Errors
    /// A file that nothing reads, or one without its border.
    pub fn new(overrides: &BTreeMap<String, String>) -> Result<Self, PromptError> {
        let known = BUILT_IN.map(|(_, name, _)| name);
        if let Some(name) = overrides.keys().find(|n| !known.contains(&n.as_str())) {
            return Err(PromptError::Unknown { name: name.clone(), known: known.join(", ") });
        }
        let [triage, same_event, entry, part, highlights, rewrite, judge] =
            BUILT_IN.map(|(_, name, text)| {
                let text = overrides.get(name).map_or(text, String::as_str);
                Prompt::read(name, text)
            });
        Ok(Self {
            triage: triage?,
            same_event: same_event?,
            entry: entry?,
            part: part?,
            highlights: highlights?,
            rewrite: rewrite?,
            judge: judge?,
        })
    }

    /// The triage's file.
    pub fn triage(&self) -> &Prompt {
        &self.triage
    }

    /// The file on doubtful pairs.
    pub fn same_event(&self) -> &Prompt {
        &self.same_event
    }

    /// The entry writer's file.
    pub fn entry(&self) -> &Prompt {
        &self.entry
    }

    /// The file for one sentence that is written anew.
    pub fn rewrite(&self) -> &Prompt {
        &self.rewrite
    }

    /// The file for a part of a long article.
    pub fn part(&self) -> &Prompt {
        &self.part
    }

    /// The highlights' file.
    pub fn highlights(&self) -> &Prompt {
        &self.highlights
    }

    /// The judge's file.
    pub fn judge(&self) -> &Prompt {
        &self.judge
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_change_text_and_version() {
        let built_in = Prompts::new(&BTreeMap::new()).unwrap();
        let text = "Be brief.\n=== user ===\n{{article}}\n".to_owned();
        let mine = Prompts::new(&BTreeMap::from([("entry.md".to_owned(), text)])).unwrap();
        assert_ne!(mine.entry().version(), built_in.entry().version());
        assert_eq!(mine.triage(), built_in.triage());
        let data = serde_json::json!({"article": "a & b"});
        assert_eq!(mine.entry().user(&data).unwrap(), "a & b");
        assert!(mine.entry().user(&serde_json::json!({})).is_err());
    }

    #[test]
    fn a_file_that_nothing_reads_is_an_error() {
        let wrong = |name: &str, text: &str| {
            let files = BTreeMap::from([(name.to_owned(), text.to_owned())]);
            Prompts::new(&files).unwrap_err().to_string()
        };
        assert!(wrong("entries.md", "x").contains("known are triage.md, same_event.md, entry.md"));
        assert!(wrong("entry.md", "x").contains("=== user ==="));
    }
}
