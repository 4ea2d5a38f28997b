//! `git spec-log init`: puts the hooks into a repository beside what is there,
//! and takes them out again.
//!
//! What is ours is told by its name alone (a link to `spec-log-<hook>`, the
//! marks of a block, a section `hook.spec-log-<hook>`), so uninstalling needs
//! no record that could be lost or go stale, and nothing foreign is removed.
//!
//! A link, not a copy: git skips a hook whose link dangles, so a program that
//! was uninstalled blocks nothing, and a new build is used at once.

mod disk;
mod git;
mod hook_file;
mod manager;
mod plan;
mod tell;

use std::env;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::disk::Found;
use self::git::Site;
use self::manager::Manager;
use self::plan::{Action, Change, Facts, Step, Way};
use super::Outcome;
use crate::hook::{HOOKS, Hook};
use crate::report::{Exit, Failure, Ink, Line, Ui};

/// Put the hooks into this repository beside what is there, or take them out
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where hooks go: the configuration (git 2.54 and later) or files
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub mode: Mode,
    /// Say what would be done and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take the hooks out; everything else stays as it is
    #[arg(long)]
    pub uninstall: bool,
}

/// `--mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    /// The configuration where git knows hooks there, else files
    Auto,
    /// The repository's configuration
    Config,
    /// Files in the hooks directory
    File,
    /// Print what to paste and write nothing
    Print,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let site = Site::ask()?;
    ui.configure(git::setting("color.ui").as_deref(), git::setting("core.pager").as_deref());
    if args.uninstall {
        let steps = all_out(&site)?;
        return apply(args, None, &steps, &[], ui);
    }
    let programs = programs()?;
    let way = match args.mode {
        Mode::Print => return print(&site, &programs, ui),
        Mode::File => Way::File,
        Mode::Auto if !site.has_config_hooks() => Way::File,
        Mode::Config if !site.has_config_hooks() => return Err(too_old(&site)),
        Mode::Auto | Mode::Config => Way::Config,
    };
    let steps = steps(&site, way, &programs)?;
    let exit = apply(args, Some(way), &steps, &suggestions(&site), ui)?;
    if !args.dry_run {
        set_last_seen_to_head(&site);
    }
    Ok(exit)
}

/// History from before the hooks is `backfill`'s, not the first hook's.
/// To be wired with `store::State`.
fn set_last_seen_to_head(_site: &Site) {}

fn too_old(site: &Site) -> Failure {
    let (major, minor) = site.version;
    let message = format!("git {major}.{minor} knows no hooks in its configuration (2.54 does)");
    Failure::new("git-too-old", message).hint("git spec-log init --mode file")
}

/// Every hook the chosen way, and out of the other: both would run.
fn steps(site: &Site, way: Way, programs: &Path) -> Result<Vec<Step>, Failure> {
    let facts = HOOKS.iter().map(|hook| look(hook, site, &site.hooks, programs));
    let facts = facts.collect::<Result<Vec<_>, _>>()?;
    let in_it = facts.iter().map(|facts| match way {
        Way::Config => plan::set(facts, site),
        Way::File => plan::place(facts, site, programs),
    });
    let out_of_other = facts.iter().map(|facts| match way {
        Way::Config if plan::is_elsewhere(site) => plan::unset(facts, &without_settings(site)),
        Way::Config => plan::take_out(facts),
        Way::File => plan::unset(facts, site),
    });
    let out_of_other = out_of_other.filter(|step| step.action != Action::Absent);
    Ok(out_of_other.chain(in_it).collect())
}

fn without_settings(site: &Site) -> Site {
    Site { settings: Vec::new(), ..site.clone() }
}

/// Every hook out of the configuration, the hooks directory and, where
/// `core.hooksPath` was set later, git's own.
fn all_out(site: &Site) -> Result<Vec<Step>, Failure> {
    let mut directories = vec![site.common.join("hooks")];
    if !plan::is_elsewhere(site) && site.hooks != directories[0] {
        directories.push(site.hooks.clone());
    }
    let nowhere = Path::new("");
    let mut steps = Vec::new();
    for hook in HOOKS {
        for directory in &directories {
            let facts = look(hook, site, directory, nowhere)?;
            steps.push(plan::take_out(&facts));
            if directory == &directories[0] {
                steps.push(plan::unset(&facts, site));
            }
        }
    }
    steps.retain(|step| step.action != Action::Absent);
    Ok(steps)
}

fn look<'a>(
    hook: &'a Hook,
    site: &Site,
    directory: &Path,
    programs: &Path,
) -> Result<Facts<'a>, Failure> {
    let path = directory.join(hook.name);
    let found = disk::look(&path).map_err(|error| failed("read", &path, &error))?;
    let program = programs.join(hook.program());
    Ok(Facts { hook, program, path, found, pasted: pasted(hook, site) })
}

/// Where a person has already pasted a call of our program.
fn pasted(hook: &Hook, site: &Site) -> Option<String> {
    let top = site.top.as_ref()?;
    let managers = [Manager::Husky, Manager::Lefthook, Manager::PreCommit];
    let mut places: Vec<_> = managers.iter().flat_map(|manager| manager.places(hook)).collect();
    if site.tracks_hooks || plan::is_elsewhere(site) {
        places.push(site.hooks.join(hook.name).display().to_string());
    }
    let names_it = |text: String| text.contains(&hook.program());
    let legacy = site.hooks.join(format!("{}.legacy", hook.name));
    if matches!(disk::look(&legacy), Ok(Found::Link(target)) if plan::is_ours(hook, &target)) {
        return Some(legacy.display().to_string());
    }
    places.into_iter().find(|place| disk::text(&top.join(place)).is_some_and(names_it))
}

/// The directory of our hook programs: that of this one, by the name under
/// which PATH knows it, because a package manager's real paths change with
/// every version.
fn programs() -> Result<PathBuf, Failure> {
    let own = env::current_exe().map_err(|error| Failure::from_error("programs", &error))?;
    let own = disk::resolved(&own);
    let beside = own.parent().unwrap_or(Path::new("/")).to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&path).filter(|directory| directory.is_absolute());
    let known = |directory: &PathBuf| disk::resolved(&directory.join("git-spec-log")) == own;
    let has_all = |directory: &PathBuf| first_missing(directory).is_none();
    if let Some(directory) = in_path.filter(known).find(has_all) {
        return Ok(directory);
    }
    match first_missing(&beside) {
        None => Ok(beside),
        Some(program) => {
            let place = beside.display();
            let message = format!("`{program}` is not beside `git-spec-log` in `{place}`");
            Err(Failure::new("programs", message).hint("run install.sh again"))
        }
    }
}

fn first_missing(directory: &Path) -> Option<String> {
    let mut programs = HOOKS.iter().map(Hook::program);
    programs.find(|program| !disk::is_program(&directory.join(program)))
}

/// `--mode print`: what to paste by hand, as data.
fn print(site: &Site, programs: &Path, ui: &mut Ui) -> Outcome {
    let manager = manager::present(site);
    for hook in HOOKS {
        let path = site.hooks.join(hook.name);
        ui.line(Line::new(Ink::Faint, &format!("# {}", path.display())));
        let text = match manager {
            Some(manager) => manager::paste(manager, hook, &site.hooks, programs) + "\n",
            None => hook_file::block(hook, &programs.join(hook.program())),
        };
        text.lines().for_each(|line| ui.line(line));
    }
    Ok(Exit::Fine)
}

/// What a person may want besides.
fn suggestions(site: &Site) -> Vec<&'static str> {
    // git refuses to rebase over a document that a hook has just written.
    if site.auto_stash { Vec::new() } else { vec!["git config rebase.autoStash true"] }
}

/// Writes what was planned, unless it is only to be shown, and tells of it.
fn apply(
    args: &Args,
    way: Option<Way>,
    steps: &[Step],
    suggestions: &[&str],
    ui: &mut Ui,
) -> Outcome {
    if !args.dry_run {
        steps.iter().filter_map(|step| step.change.as_ref()).try_for_each(write)?;
    }
    match ui.is_json() {
        true => tell::json(args, way, steps, suggestions, ui),
        false => tell::people(args, steps, suggestions, ui),
    }
    let left = steps.iter().any(|step| step.action == Action::Paste);
    Ok(if left { Exit::Findings } else { Exit::Fine })
}

fn write(change: &Change) -> Result<(), Failure> {
    match change {
        Change::Link { path, target } => {
            disk::link(path, target).map_err(|error| failed("link", path, &error))
        }
        Change::Write { path, bytes } => {
            disk::replace(path, bytes).map_err(|error| failed("write", path, &error))
        }
        Change::Delete { path } => {
            disk::remove(path).map_err(|error| failed("remove", path, &error))
        }
        Change::Set { section, command, event } => {
            git::set(&format!("{section}.command"), command)?;
            git::set(&format!("{section}.event"), event)
        }
        Change::Unset { section } => git::remove_section(section),
    }
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new("hooks", format!("cannot {verb} `{}`: {error}", path.display()))
}
