//! Links commits to the task documents of a git repository and keeps those
//! documents true.
//!
//! *A document and commits go in, a patch comes out.* The modules up to
//! [`plan`] and [`check`] are total functions over owned values: they read no
//! file, ask no clock, know no git and print nothing. What can fail stands at
//! the rim, in [`repo`] and [`store`]; [`record`] joins the two and is the one
//! function behind every hook and `git spec-log sync`.
//!
//! | module | its one job |
//! | --- | --- |
//! | [`task`] | ids of features and tasks: parse, order, print |
//! | [`commit`] | what the core needs of a commit, owned |
//! | [`patch`] | edits in offsets of the original, applied back to front |
//! | [`problem`] | a fault as a value: code, place, message, hint |
//! | [`tag`] | a message → the tags in it, and what nearly was one |
//! | [`check`] | documents × messages × facts of history → problems |
//! | [`template`] | templates, names and a plan → new documents |
//! | [`merge`] | base, ours, theirs → the merged document |
//! | [`config`] | what the team, the person and the environment set, as one value |
//! | [`repo`] | what git knows, copied out at the door |
//! | [`store`] | documents and our own state on disk |
//! | [`hook`] | one function per git hook, and the guard around it |
//! | [`cli`] | one file per subcommand |
//! | [`report`] | every word printed, colour, JSON envelopes, exit codes |

pub mod check;
pub mod cli;
pub mod commit;
pub mod config;
pub mod doc;
pub mod hook;
pub mod merge;
pub mod patch;
pub mod plan;
pub mod problem;
pub mod record;
pub mod repo;
pub mod report;
pub mod store;
pub mod tag;
pub mod task;
pub mod template;
