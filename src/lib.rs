//! `digestgen` drafts an issue of a digest that can be proved: every claim shows the sentence it
//! rests on, every candidate has one outcome with a reason, no paid call is made twice.
//!
//! This page is the map and the law. **Data flows down the list below, imports point up it**: a
//! module names only modules above its own line (`tests/it/house.rs` holds that).
//!
//! ```text
//! Source → Candidate → Page → Article → Story → Entry → Issue → Draft → Approved → Receipt
//!          collect     fetch  extract   select  summarize       format  review     publish
//! ```
//!
//! * **Craft** is pure functions on text: [`text`], [`template`].
//! * **Doors** are the only modules that touch the world: [`store`] the disk, [`net`] the open
//!   web, [`model`] language models.
//! * **Rooms** stand in the order an article walks through them. `extract`, `discover`, `verify`, `compose`,
//!   `format` and `review` are pure: no input or output, no clock; time, environment and
//!   randomness are arguments.
//! * **Wiring** puts the rooms together: [`config`], [`pipeline`].
//!
//! One item that fails is data (an [`select::Outcome`]); a run that fails is an error.

// craft
pub mod text;
pub mod template;
// doors
pub mod store;
pub mod net;
pub mod model;
// rooms
pub mod collect;
pub mod fetch;
pub mod extract;
pub mod discover;
pub mod select;
pub mod verify;
pub mod summarize;
pub mod related;
pub mod compose;
pub mod format;
pub mod review;
pub mod publish;
// wiring
pub mod config;
pub mod pipeline;
pub mod server;
