//! One sentence written anew by the model: a proposal, and its acceptance.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::acts::Applied;
use super::view::sources;
use super::{Desk, DeskError};
use crate::extract::Article;
use crate::format::{self, Field};
use crate::model::{Model, Prompts};
use crate::pipeline::report::Report;
use crate::pipeline::rewrites::{self, Rewritten};
use crate::review::edit::{Edit, EditError, RefusalCode, Target};
use crate::review::record::{FindingSeen, What};
use crate::review::{articles_of, entry_key};
use crate::summarize::model::Edition;
use crate::summarize::rewrite::{Request, write};
use crate::text::hash::short_id;
use crate::verify::{self, Claim, Finding, Severity};

/// Proposals that were made, keyed `EDITION/ISSUE/ID`.
const PROPOSALS: &str = "proposal";

/// A sentence that an editor wants written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// A sentence of a summary, the prose of a detail, or that of a line of the highlights.
    pub at: Target,
    /// Its text as the person saw it.
    pub base: String,
    /// The finding that is the instruction.
    #[serde(default)]
    pub finding: Option<FindingSeen>,
    /// What the person wants, in their words.
    #[serde(default)]
    pub instruction: Option<String>,
}

/// What the model proposes. Nothing is written until a person takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id: [`Desk::take`] names it.
    pub id: String,
    /// What was wished for.
    pub wish: Wish,
    /// The new text with its evidence and findings.
    pub claim: Claim,
    /// The articles it was written from, by the hash of their text.
    pub sources: Vec<String>,
    /// The version of the prompt.
    pub prompt: String,
    /// The model.
    pub model: String,
    /// The source link of its entry.
    link: Option<String>,
}

impl Desk {
    /// Asks the model to write a sentence anew. It is not written into the draft; what was asked
    /// before with the same words is not paid for again.
    ///
    /// # Errors
    /// A conflict where the sentence is another by now; [`DeskError::Rewrite`] where the model gives
    /// nothing that shows what it rests on.
    pub async fn rewrite(
        &self,
        model: &Model,
        prompts: &Prompts,
        edition: &Edition<'_>,
        wish: &Wish,
    ) -> Result<Proposal, DeskError> {
        let prepared = self.prepare(wish)?;
        let articles = self.articles(&prepared.sources)?;
        let articles: Vec<&Article> = articles.iter().map(|a| &**a).collect();
        let told = prepared.finding.as_ref().map(|f| format!("“{}”: {}", f.text, f.note));
        let request = Request {
            text: &wish.base,
            one_sentence: matches!(wish.at.field, Field::Sentence { .. }),
            finding: told.as_deref(),
            instruction: wish.instruction.as_deref().filter(|i| !i.trim().is_empty()),
        };
        let inspect = |claim: &mut Claim| {
            self.verify(claim, &articles);
            let red = claim.findings.iter().flatten().filter(|f| f.severity == Severity::Red);
            red.map(|f| format!("“{}”: {}", f.text, f.note)).collect()
        };
        let claim = write(model, prompts, edition, &articles, &request, &inspect)
            .await
            .map_err(|gap| DeskError::Rewrite(Box::new(gap)))?;
        let prompt = prompts.rewrite().version().to_owned();
        let told = serde_json::to_string(&(wish, &claim, &prompt)).unwrap_or_default();
        let proposal = Proposal {
            id: short_id(&told),
            wish: wish.clone(),
            claim,
            sources: prepared.sources,
            prompt,
            model: self.model.clone().unwrap_or_default(),
            link: prepared.link,
        };
        self.store.put(PROPOSALS, &self.proposal_key(&proposal.id), &proposal)?;
        Ok(proposal)
    }

    /// Takes a proposal: the model's text replaces the sentence, and what says the same, and keeps
    /// its evidence. Gives the place of the sentence too.
    ///
    /// # Errors
    /// [`DeskError::Gone`] where there is no such proposal; a conflict where the sentence was
    /// changed since.
    pub fn take(
        &self,
        id: &str,
        who: &str,
        now: Timestamp,
    ) -> Result<(Applied, Target), DeskError> {
        let proposal: Option<Proposal> = self.store.get(PROPOSALS, &self.proposal_key(id))?;
        let Proposal { wish, claim, link, prompt, model, sources, .. } =
            proposal.ok_or(DeskError::Gone)?;
        let key = format!("{}/{}", self.edition, self.issue);
        let places: Vec<Target> =
            std::iter::once(wish.at.clone()).chain(self.twins(&wish.at, &wish.base)?).collect();
        // Noted first: a text whose evidence was not noted would pass for the editor's own.
        for at in &places {
            for claim in self.as_it_will_stand(at, &claim, &sources)? {
                let (prompt, model) = (prompt.clone(), model.clone());
                let link = link.clone().filter(|_| at.entry.is_some());
                rewrites::add(&self.store, &key, Rewritten { link, claim, prompt, model })?;
            }
        }
        let replace =
            |at: Target| Edit::Replace { at, base: wish.base.clone(), text: claim.text.clone() };
        let edit = match places.len() {
            1 => replace(wish.at.clone()),
            _ => Edit::Together { edits: places.into_iter().map(replace).collect() },
        };
        let applied = self.apply_as(&edit, What::Rewrite, who, now, wish.finding.clone())?;
        Ok((applied, wish.at))
    }

    /// The claims as they are read from the draft: of a summary one a sentence.
    fn as_it_will_stand(
        &self,
        at: &Target,
        claim: &Claim,
        ids: &[String],
    ) -> Result<Vec<Claim>, DeskError> {
        if !matches!(at.field, Field::Sentence { .. }) {
            return Ok(vec![claim.clone()]);
        }
        let parts = format::split_claims(&claim.text);
        if parts.len() < 2 {
            return Ok(vec![claim.clone()]);
        }
        let articles = self.articles(ids)?;
        let articles: Vec<&Article> = articles.iter().map(|a| &**a).collect();
        let each = parts.into_iter().map(|part| {
            let mut one = Claim { text: part.text, findings: None, ..claim.clone() };
            self.verify(&mut one, &articles);
            one
        });
        Ok(each.collect())
    }

    /// Enters the findings of a claim.
    fn verify(&self, claim: &mut Claim, articles: &[&Article]) {
        let options = verify::Options { language: Some(self.language.clone()) };
        let mut found = claim.findings.take().unwrap_or_default();
        for finding in verify::check(claim, &sources(articles), &options) {
            if !found.contains(&finding) {
                found.push(finding);
            }
        }
        claim.findings = Some(found);
    }

    fn proposal_key(&self, id: &str) -> String {
        format!("{}/{}/{id}", self.edition, self.issue)
    }

    /// What a wish is about, as the draft stands.
    fn prepare(&self, wish: &Wish) -> Result<Prepared, DeskError> {
        let is_claim = matches!(
            wish.at.field,
            Field::Sentence { .. } | Field::Detail { .. } | Field::HighlightText { .. }
        );
        if !is_claim {
            return Err(EditError::Refused {
                code: RefusalCode::Field,
                message: "only a sentence that rests on evidence can be rewritten; change this \
                          text by hand"
                    .to_owned(),
            }
            .into());
        }
        let draft = self.load()?;
        let known = self.known(&draft)?;
        let same = |t: &&crate::review::Checked| t.at == wish.at && t.text == wish.base;
        let text = known.texts.iter().find(same).ok_or(DeskError::Gone)?;
        let entries = known.issue.sections.iter().flat_map(|s| &s.entries);
        let entry = entries.into_iter().find(|e| Some(entry_key(e)) == text.about);
        let mut sources = text.sources.clone();
        for id in entry.map(articles_of).unwrap_or_default() {
            if !sources.contains(&id) {
                sources.push(id);
            }
        }
        let wanted = |f: &&Finding| {
            wish.finding.as_ref().is_some_and(|w| w.kind == f.kind && w.text == f.text)
        };
        let finding = text.findings.iter().find(wanted).cloned();
        Ok(Prepared { sources, finding, link: entry.map(|e| e.link.url.clone()) })
    }

    /// The model and the version of the prompt that a machine's text was written with: those of its
    /// rewriting, else those of the last run.
    pub(super) fn writer(&self, text: &str) -> Result<(Option<String>, Option<String>), DeskError> {
        let key = format!("{}/{}", self.edition, self.issue);
        let rewritten = rewrites::load(&self.store, &key)?;
        if let Some(own) = rewritten.into_iter().rev().find(|r| r.claim.text == text) {
            return Ok((Some(own.model), Some(own.prompt)));
        }
        let named = |s: String| Some(s).filter(|s| !s.is_empty());
        Ok(match Report::load(&self.files()) {
            Ok(report) => (named(report.writer.model), named(report.writer.prompt)),
            // without the account nobody knows
            Err(_) => (None, None),
        })
    }
}

/// What a wish is about.
struct Prepared {
    sources: Vec<String>,
    finding: Option<Finding>,
    link: Option<String>,
}
