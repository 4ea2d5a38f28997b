//! `git spec-log hook`

use std::ffi::OsString;

use super::Outcome;
use crate::hook;
use crate::report::Failure;

/// Do the work of a git hook; for hook managers that want one program
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The hook, by git's name: commit-msg, prepare-commit-msg, post-commit …
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What git gives the hook
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}

pub(super) fn run(args: Args) -> Outcome {
    let known = hook::HOOKS.iter().find(|hook| hook.name == args.name);
    let Some(known) = known else {
        let names: Vec<_> = hook::HOOKS.iter().map(|hook| hook.name).collect();
        let unknown = Failure::usage(format!("`{}` is no hook of spec-log", args.name));
        return Err(unknown.hint(format!("the hooks are {}", names.join(", "))));
    };
    Ok(hook::work(known.work, &args.arguments))
}
