//! `git spec-log man`

use clap::CommandFactory;

use super::{Cli, Outcome};
use crate::report::{Exit, Failure, Ui};

/// Print a manual page
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The command whose page is wanted
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// List the commands that have a page
    #[arg(long, conflicts_with = "command")]
    pub list: bool,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let mut whole = Cli::command();
    whole.build();
    if args.list {
        let names = whole.get_subcommands().map(|command| command.get_name());
        names.filter(|&name| name != "help").for_each(|name| ui.line(name));
        return Ok(Exit::Fine);
    }
    let command = match &args.command {
        None => whole,
        Some(name) => whole.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::usage(format!("`{name}` is no command of git spec-log"))
                .hint("git spec-log man --list")
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .manual("Git Spec Log")
        .render(&mut page)
        .map_err(|error| Failure::from_error("man", &error))?;
    ui.raw(&page);
    Ok(Exit::Fine)
}
