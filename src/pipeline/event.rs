//! What a run tells while it works.

/// A part of the run that takes time and can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Asking the sources.
    Collect,
    /// Fetching and reading articles.
    Read,
    /// Judging what the edition wants, by a model.
    Triage,
    /// Writing entries.
    Write,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A phase begins, with so many units to do.
    Begin(Phase, usize),
    /// A unit is taken up.
    Start(Phase, &'a str),
    /// A unit is done; the text says what was wrong with it, if anything.
    End(Phase, &'a str, Option<&'a str>),
    /// A phase is over.
    Close(Phase),
}

/// Who is told.
pub trait Events: Sync {
    /// Takes one event.
    fn on(&self, event: Event<'_>);
}
