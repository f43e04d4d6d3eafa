//! One integration binary, a file a topic. Nothing here reaches the network or sleeps.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod highlights;
mod model;
mod model_bench;
mod model_spend;
mod stub_model;
mod triage;
mod writer;
