//! The command line: one file per subcommand, each with its `Args` and `run`.

mod address;
mod backfill;
mod boxes;
mod check;
mod checkpoint;
mod completions;
mod demo;
mod diff;
mod doctor;
mod hook;
mod init;
mod log;
mod man;
mod merge_driver;
mod new;
mod next;
mod park;
mod project;
mod recover;
mod show;
mod start;
mod status;
mod stop;
mod sync;
mod tick;
mod views;
mod why;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::doc::State;
use crate::report::{Exit, Failure, Settings, Ui, When};

/// What every `run` answers.
type Outcome = Result<Exit, Failure>;

/// Keeps the task documents in a git repository true to its commits.
///
/// A commit that says `[PRD-07 Task 1.2]` ticks task 1.2 of PRD-07's document
/// and leaves an entry in its Git Commits section. Without a command the status
/// of every feature is shown.
#[derive(Debug, Parser)]
#[command(name = "git-spec-log", bin_name = "git spec-log", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Args)]
struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', global = true, value_name = "DIR")]
    directory: Vec<PathBuf>,
    /// Print one JSON document on stdout
    #[arg(long, global = true)]
    json: bool,
    /// Use colour: always, auto or never
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always",
        value_parser = parse_when
    )]
    color: Option<When>,
    /// Do not send long output through a pager
    #[arg(long, global = true)]
    no_pager: bool,
    /// Say only what was asked for, and errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Doctor(doctor::Args),
    New(new::Args),
    Status(status::Args),
    Log(log::Args),
    Show(show::Args),
    Why(why::Args),
    Next(next::Args),
    Start(start::Args),
    Stop(stop::Args),
    Tick(tick::Args),
    #[command(name = "untick")]
    Untick(tick::UntickArgs),
    Check(check::Args),
    Sync(sync::Args),
    Backfill(backfill::Args),
    Checkpoint(checkpoint::Args),
    Park(park::Args),
    Recover(recover::Args),
    Demo(demo::Args),
    Hook(hook::Args),
    Completions(completions::Args),
    Man(man::Args),
    MergeDriver(merge_driver::Args),
}

/// The whole of `git-spec-log`.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return explain(&arguments, &error).into(),
    };
    let mut ui = Ui::new(cli.global.settings());
    let outcome = cli.global.enter().and_then(|()| dispatch(cli.command, &mut ui));
    let exit = outcome.unwrap_or_else(|failure| ui.fail(&failure));
    ui.finish(exit).into()
}

fn dispatch(command: Option<Command>, ui: &mut Ui) -> Outcome {
    match command.unwrap_or_else(|| Command::Status(status::Args::default())) {
        Command::Init(args) => init::run(&args, ui),
        Command::Doctor(args) => doctor::run(&args, ui),
        Command::New(args) => new::run(&args, ui),
        Command::Demo(args) => demo::run(&args, ui),
        Command::Hook(args) => hook::run(args),
        Command::Completions(args) => completions::run(&args, ui),
        Command::Man(args) => man::run(&args, ui),
        Command::MergeDriver(args) => merge_driver::run(&args, ui),
        Command::Status(args) => status::run(&args, ui),
        Command::Log(args) => log::run(&args, ui),
        Command::Show(args) => show::run(&args, ui),
        Command::Why(args) => why::run(&args, ui),
        Command::Next(args) => next::run(&args, ui),
        Command::Start(args) => start::run(&args, ui),
        Command::Stop(args) => stop::run(&args, ui),
        Command::Tick(args) => tick::run(&args.boxes, State::Done, ui),
        Command::Untick(args) => tick::run(&args.boxes, State::Open, ui),
        Command::Check(args) => check::run(&args, ui),
        Command::Sync(args) => sync::run(&args, ui),
        Command::Backfill(args) => backfill::run(&args, ui),
        Command::Checkpoint(args) => checkpoint::run(&args, ui),
        Command::Park(_) => park::run(ui),
        Command::Recover(args) => recover::run(&args, ui),
    }
}

impl Global {
    fn settings(&self) -> Settings {
        Settings {
            color: self.color,
            json: self.json,
            no_pager: self.no_pager,
            quiet: self.quiet,
            verbose: self.verbose,
        }
    }

    /// Goes where `-C` says; several are taken one after another, as git does.
    fn enter(&self) -> Result<(), Failure> {
        self.directory.iter().try_for_each(|directory| {
            env::set_current_dir(directory).map_err(|error| {
                let place = directory.display();
                Failure::new("directory", format!("cannot change to `{place}`: {error}"))
            })
        })
    }
}

fn parse_when(text: &str) -> Result<When, String> {
    When::parse(text).ok_or_else(|| "expected always, auto or never".to_owned())
}

/// Prints what clap has to say: help and version as data, the rest as talk.
fn explain(arguments: &[OsString], error: &clap::Error) -> Exit {
    // The command line did not parse, so `--json` is looked for by hand.
    let json = arguments.iter().skip(1).take_while(|arg| *arg != "--").any(|arg| arg == "--json");
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let mut ui = Ui::new(Settings { json: json && !is_help, ..Settings::default() });
    let text = error.render();
    if is_help {
        let text = if ui.colors_data() { text.ansi().to_string() } else { text.to_string() };
        ui.raw(text.as_bytes());
        return ui.finish(Exit::Fine);
    }
    if ui.is_json() {
        let plain = text.to_string();
        let message = plain.lines().next().unwrap_or_default();
        ui.fail(&Failure::usage(message.trim_start_matches("error: ")));
        return ui.finish(Exit::Usage);
    }
    let text = if ui.colors_talk() { text.ansi().to_string() } else { text.to_string() };
    ui.raw_talk(&text);
    ui.finish(Exit::Usage)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_command_is_status_and_color_needs_no_value() {
        let cli = Cli::try_parse_from(["git-spec-log", "--color", "-C", "x"]).expect("a line");
        assert!(cli.command.is_none());
        assert_eq!(cli.global.color, Some(When::Always));
        let cli = Cli::try_parse_from(["git-spec-log", "log", "--color=never", "-q"]);
        assert_eq!(cli.expect("a line").global.color, Some(When::Never));
    }
}
