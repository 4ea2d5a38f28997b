//! Real git, real hooks, in throwaway repositories.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod check;
mod cli;
mod golden;
mod init;
mod laws;
mod messages;
mod oracle;
mod record;
mod sandbox;
