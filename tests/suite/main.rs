//! Real git, real hooks, in throwaway repositories.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod active;
mod architecture;
mod bad_input;
mod check;
mod checkpoint;
mod cli;
mod demo;
mod dialects;
mod doctor;
mod faults;
mod golden;
mod handles;
mod histories;
mod hook_table;
mod hostile;
mod init;
mod laws;
mod log;
mod machine;
mod merge_laws;
mod merging;
mod messages;
mod new;
mod next;
mod next_commit;
mod oracle;
mod pointers;
mod reading;
mod readme;
mod record;
mod recover;
mod recovery;
mod rewritten;
mod sandbox;
mod shapes;
mod show;
mod status;
mod surroundings;
mod tick;
mod whole_feature;
mod wild;
