//! Real git, real hooks, in throwaway repositories.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod bad_input;
mod cli;
mod golden;
mod histories;
mod init;
mod laws;
mod log;
mod machine;
mod next;
mod oracle;
mod reading;
mod record;
mod rewritten;
mod sandbox;
mod show;
mod status;
mod tick;
