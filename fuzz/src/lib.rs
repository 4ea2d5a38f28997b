//! What a fuzzer runs, one function for each target: it must not panic, and
//! the laws are its oracle.
//!
//! The same functions run over the seeds and over every input that once failed
//! in the ordinary tests (`tests/suite/fuzzed.rs`), without a fuzzer.

pub mod choices;
pub mod config;
pub mod document;
pub mod edit;
pub mod history;
pub mod merge;
pub mod message;
pub mod rewritten;
pub mod seeds;
pub mod session;
pub mod tag;

/// A target: its name, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 8] = [
    ("document", document::run),
    ("edit", edit::run),
    ("session", session::run),
    ("merge", merge::run),
    ("tag", tag::run),
    ("message", message::run),
    ("config", config::run),
    ("rewritten", rewritten::run),
];
