//! Candidates into the draft and entries out of it, at the desk.

use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::format::Field;
use crate::pipeline::Run;
use crate::pipeline::approval::write_record;
use crate::pipeline::exclude::{TakenAway, exclude};
use crate::pipeline::include::{BroughtIn, Material, prepare, settle};
use crate::review::edit::Target;
use crate::review::key_of_url;
use crate::review::record::{Decision, What};
use crate::store::keep_version;

impl Desk {
    /// Brings the candidate `url` into the draft. While it is fetched and written the draft can be
    /// edited; only to be put in, into the draft as it stands then, the lock is held.
    ///
    /// # Errors
    /// Why not; the draft is then as it was.
    pub async fn include(
        &self,
        run: &Run<'_>,
        url: &str,
        material: Material,
        who: &str,
    ) -> Result<BroughtIn, DeskError> {
        let prepared = prepare(run, url, material).await?;
        let _guard = self.guard();
        let _lock = self.lock()?;
        let before = self.version()?;
        let brought = settle(run, &prepared)?;
        self.note(What::Include, url, before, who, run.now)?;
        Ok(brought)
    }

    /// Takes the entry of `url` out of the draft, and keeps its story out of later runs until it is
    /// brought in again.
    ///
    /// # Errors
    /// Why not; the draft is then as it was.
    pub fn exclude(&self, url: &str, who: &str, now: Timestamp) -> Result<TakenAway, DeskError> {
        let _guard = self.guard();
        let _lock = self.lock()?;
        let before = self.version()?;
        let draft = (&*self.store, self.dir.as_path(), &*self.edition, &*self.issue);
        let taken = exclude(draft, url, now)?;
        self.note(What::Exclude, url, before, who, now)?;
        Ok(taken)
    }

    fn note(
        &self,
        what: What,
        url: &str,
        before: Option<String>,
        who: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        // What the step wrote is kept, to take it back later.
        keep_version(self.store.dir(), &self.files().path())?;
        let decision = Decision {
            at: now,
            who: who.to_owned(),
            what,
            target: Some(Target { entry: Some(key_of_url(url)), field: Field::Entry }),
            draft_before: before,
            draft: self.version()?.unwrap_or_default(),
            ..Decision::default()
        };
        Ok(write_record(&self.files().folder, &decision)?)
    }
}
