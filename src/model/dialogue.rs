//! A question with a check of what is said: what is wrong goes back, at most twice.

use serde_json::Value;

use super::{Failure, Model, Question, Turn};

/// How often an answer is sent back at most.
const AGAIN: usize = 2;
/// How many complaints are sent back at one time.
const COMPLAINTS: usize = 12;

/// What a check makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<T> {
    /// The answer, where it could be used as it stands.
    pub value: Option<T>,
    /// What is wrong with it, as told to the model. Empty: it is taken at once.
    pub complaints: Vec<String>,
}

/// How a dialogue ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled<T> {
    /// The usable answer with the fewest complaints.
    pub value: T,
    /// What is still wrong with it.
    pub complaints: Vec<String>,
}

/// A dialogue without a usable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsettled {
    /// The model gave no answer.
    Failed(Failure),
    /// It answered, and nothing of it can be used; the complaints of the last answer.
    Unusable(Vec<String>),
}

impl Model {
    /// Asks, checks, and asks again with what was wrong, at most twice. The best answer is taken.
    ///
    /// # Errors
    /// [`Unsettled`] where no answer can be used.
    pub async fn settle<T>(
        &self,
        mut question: Question,
        check: impl Fn(&Value) -> Checked<T>,
    ) -> Result<Settled<T>, Unsettled> {
        let mut best: Option<Settled<T>> = None;
        let mut last = Vec::new();
        for round in 0..=AGAIN {
            let (answer, complaints) = match self.ask(&question).await {
                Ok(reply) => {
                    let checked = check(&reply.value);
                    let better =
                        best.as_ref().is_none_or(|b| checked.complaints.len() < b.complaints.len());
                    if let Some(value) = checked.value.filter(|_| better) {
                        let complaints = checked.complaints.clone();
                        best = Some(Settled { value, complaints });
                    }
                    if checked.complaints.is_empty() {
                        break;
                    }
                    (reply.text, checked.complaints)
                }
                Err(failure) if failure.can_be_mended() && round < AGAIN => {
                    let complaint = mend(&failure);
                    (failure.answer.unwrap_or_default(), vec![complaint])
                }
                // What an earlier round gave is still good.
                Err(_) if best.is_some() => break,
                Err(failure) => return Err(Unsettled::Failed(failure)),
            };
            question.turns = vec![Turn {
                answer: shown(answer),
                feedback: feedback(&complaints, round + 1 == AGAIN),
            }];
            last = complaints;
        }
        best.ok_or(Unsettled::Unusable(last))
    }
}

fn mend(failure: &Failure) -> String {
    use super::Reason;
    match failure.reason {
        Reason::Length => "The answer was too long and broke off. Write shorter.".to_owned(),
        Reason::Blank => "The answer was empty. Answer with the JSON object.".to_owned(),
        Reason::NotJson => "The answer was not one JSON object. Answer with it alone.".to_owned(),
        _ => format!("The answer does not follow the schema: {}.", failure.detail),
    }
}

/// An empty message is refused by some endpoints.
fn shown(answer: String) -> String {
    if answer.trim().is_empty() { "(no answer)".to_owned() } else { answer }
}

/// The last time says so, which also keeps two rounds with the same fault apart in the store.
fn feedback(complaints: &[String], last: bool) -> String {
    let list: Vec<String> = complaints.iter().take(COMPLAINTS).map(|c| format!("- {c}")).collect();
    let once_more = if last { " This is the last time." } else { "" };
    format!(
        "Your answer cannot be used yet:\n{}\nGive the whole answer again, with this put right and the rest kept.{once_more}",
        list.join("\n")
    )
}
