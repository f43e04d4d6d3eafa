//! One integration binary, a file a topic. Nothing here reaches the network or sleeps.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod model;
mod stub_model;
mod triage;
mod writer;
