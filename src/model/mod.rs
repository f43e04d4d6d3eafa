//! The door to language models: any OpenAI-compatible endpoint.
//!
//! A [`Question`] goes in, a [`Reply`] that follows its schema comes out, or a [`Failure`] with a
//! reason of a closed list. What the door holds to:
//!
//! * **Paid once.** A raw answer is stored under the hash of its question before it is read, and
//!   serves every later run (`asking.rs`, `request.rs`).
//! * **Counted.** What a call may cost is reserved before it is sent and settled after, over all
//!   runs of an issue; a ceiling stops the run before it is passed (`spend.rs`, `book.rs`).
//! * **Patient, not stubborn.** One loop waits and tries again, and only where that can help; a
//!   throttle pauses all tasks, a refused key ends all calls (`asking.rs`, `gate.rs`, `status.rs`).
//! * **Believed only after a look.** How an answer ended comes first, then its shape (`reading.rs`,
//!   `repair.rs`, `schema.rs`); what it says is checked by the rooms that ask.
//!
//! It refuses to stream, to hedge, to follow redirects and to use a proxy of the environment. Keys
//! are in no error and in no log. The model's address is outside the web's guard: it is the
//! owner's choice. Text bodies are logged nowhere here; the terminal silences the target
//! `async_openai`.

mod options;
mod endpoint;
mod preset;
mod question;
mod failure;
mod clock;
mod body;
mod transport;
mod status;
mod gate;
mod book;
mod spend;
mod request;
mod reading;
mod repair;
mod schema;
mod door;
mod asking;
mod plan;
mod probe;
mod dialogue;
mod prompts;
mod fence;

pub use book::{IssueCost, Spent, costs};
pub use clock::Clock;
pub use dialogue::{Checked, Settled, Unsettled};
pub use door::Model;
pub use endpoint::Described;
pub use failure::{Failure, ModelError, Reason};
pub use fence::{fence, language_name};
pub use options::{Options, Override, Price, Writer};
pub use plan::{Plan, Planned};
pub use preset::{PRESETS, Preset};
pub use probe::Probed;
pub use prompts::{Prompt, PromptError, Prompts};
pub use question::{Account, Kind, Level, Question, Reply, Turn, Usage};
