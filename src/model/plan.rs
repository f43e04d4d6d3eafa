//! What would be asked: a door that answers from the store, and notes what it would have to ask.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::clock::TokioClock;
use super::{Failure, Kind, Model, ModelError, Options, Question, Reason, Usage, request};
use crate::store::Store;

/// Questions of one kind that would be asked, and those that are paid for already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Requests, each question once.
    pub calls: u64,
    /// Answers that the store has.
    pub stored: u64,
    /// About how many tokens the prompts have.
    pub input_tokens: u64,
    /// The most tokens the answers may have.
    pub most_output: u64,
}

impl Planned {
    /// Adds another kind's or story's.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.stored += other.stored;
        self.input_tokens += other.input_tokens;
        self.most_output += other.most_output;
    }
}

/// By kind of question.
pub type Plan = BTreeMap<Kind, Planned>;

/// What was noted so far.
#[derive(Default)]
pub(super) struct Notebook(Mutex<Plan>);

impl Notebook {
    pub(super) fn note(&self, kind: Kind, planned: &Planned) {
        let mut plan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plan.entry(kind).or_default().add(planned);
    }
}

impl Model {
    /// A door that sends nothing: what is not stored is [`Reason::Offline`] and noted, see
    /// [`Model::take_plan`]. It needs no key.
    ///
    /// # Errors
    /// Wrong options, or a store that refuses.
    pub fn planning(options: Options, store: Arc<Store>, issue: &str) -> Result<Self, ModelError> {
        let endpoint = options.endpoint()?;
        let clock = Arc::new(TokioClock::start());
        let mut model = Self::build(options, endpoint, None, store, issue, clock)?;
        model.notebook = Some(Notebook::default());
        Ok(model)
    }

    /// What was noted since this was last called.
    pub fn take_plan(&self) -> Plan {
        let Some(Notebook(plan)) = &self.notebook else {
            return Plan::new();
        };
        std::mem::take(&mut *plan.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a question instead of sending it.
    pub(super) fn plan(&self, question: &Question) -> Result<Failure, Failure> {
        let input_tokens = request::tokens(request::bytes(question));
        self.check_size(question, input_tokens)?;
        let most_output = u64::from(question.max_output);
        let planned = Planned { calls: 1, stored: 0, input_tokens, most_output };
        if let Some(notebook) = &self.notebook {
            notebook.note(question.kind, &planned);
        }
        Ok(Failure::new(Reason::Offline, "no answer to this question is stored"))
    }

    /// The name of the model that answers a kind of question.
    pub fn name_for(&self, kind: Kind) -> &str {
        &self.endpoint.target(kind).name
    }

    /// What `usage` costs, in millionths of the currency; `None` where no price is known.
    pub fn cost_of(&self, kind: Kind, usage: Usage) -> Option<u64> {
        self.endpoint.target(kind).price.map(|price| price.cost(usage))
    }

    /// The most that the issue may cost, in millionths of the currency.
    pub fn ceiling_micros(&self) -> Option<u64> {
        self.spend.ceiling()
    }

    /// The currency of prices and ceiling.
    pub fn currency(&self) -> &str {
        &self.options.currency
    }
}
