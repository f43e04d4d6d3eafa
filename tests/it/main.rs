//! One integration binary, a file a topic. Nothing here reaches the network or sleeps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, missing_docs)]
#![allow(unreachable_pub, reason = "helpers are shared between the files of this one binary")]

mod browser;
mod ceiling;
mod crash;
mod demo;
mod desk;
mod doctor;
mod draft;
mod draft_crash;
mod earlier;
mod extract;
mod extractive;
mod faults;
mod feeds;
mod format;
mod harness;
mod highlights;
mod house;
mod injection;
mod judge;
mod model;
mod model_bench;
mod model_cost;
mod model_run;
mod model_spend;
mod primary;
mod publishing;
mod quotas;
mod reading;
mod select;
mod small;
mod sources_kinds;
mod sources_run;
mod sources;
mod sources_add;
mod stub_model;
mod terminal;
mod triage;
mod verify;
mod web;
mod whole;
mod writer;
mod writer_parts;
