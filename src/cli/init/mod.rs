//! `git spec-log init`: puts the hooks into a repository beside what is there,
//! and takes them out again.
//!
//! What is ours is told by its name alone (a link to `spec-log-<hook>`, the
//! marks of a block, a section `hook.spec-log-<hook>`), so uninstalling needs
//! no record that could be lost or go stale, and nothing foreign is removed.
//!
//! A link, not a copy: git skips a hook whose link dangles, so a program that
//! was uninstalled blocks nothing, and a new build is used at once.

mod agents;
mod documents;
pub(super) mod driver;
pub(super) mod facts;
pub(super) mod hook_file;
pub(super) mod manager;
mod marked;
pub(super) mod plan;
mod tell;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::documents::Documents;
use self::facts::{look, programs};
use self::plan::{Action, Change, Step, Way};
use self::tell::Suggestion;
use super::Outcome;
use crate::hook::HOOKS;
use crate::record::{self, Project};
use crate::repo::{self, Environment, Repo, Site};
use crate::report::{Exit, Failure, Ink, Line, Ui};
use crate::store::{State, Store, hooks};

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
    /// Tell agents in AGENTS.md how to work here, in a block of six lines that
    /// --uninstall takes out again
    #[arg(long, conflicts_with = "uninstall")]
    pub agents: bool,
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
    run_in(Environment::of_process(), args, ui)
}

/// `init` in the directory and with the variables of a caller.
pub(super) fn run_in(environment: Environment, args: &Args, ui: &mut Ui) -> Outcome {
    let site = Site::ask(environment).map_err(record::Error::from)?;
    ui.configure(site.setting("color.ui").as_deref(), site.setting("core.pager").as_deref());
    if args.uninstall {
        let steps = all_out(&site)?;
        let plan = Plan { way: None, steps, suggestions: Vec::new(), documents: None };
        return apply(args, &site, &plan, ui);
    }
    if site.top.is_none() {
        return Err(record::Error::from(repo::Error::Bare).into());
    }
    let programs = programs()?;
    match way(args.mode, &site)? {
        None => print(args, &site, &programs, ui),
        Some(way) => install(args, &site, way, &programs, ui),
    }
}

/// Where hooks go; `None` where they are only printed.
fn way(mode: Mode, site: &Site) -> Result<Option<Way>, Failure> {
    Ok(match mode {
        Mode::Print => None,
        Mode::File => Some(Way::File),
        Mode::Auto if !site.has_config_hooks() => Some(Way::File),
        Mode::Config if !site.has_config_hooks() => return Err(too_old(site)),
        Mode::Auto | Mode::Config => Some(Way::Config),
    })
}

fn install(args: &Args, site: &Site, way: Way, programs: &Path, ui: &mut Ui) -> Outcome {
    // What cannot be read would make every hook say so: better here, once.
    let repo = Repo::discover_in(Path::new(""), site.environment().clone());
    let repo = repo.map_err(record::Error::from)?;
    let head = repo.head().map_err(record::Error::from)?;
    let state = State::new(repo.git_dir());
    let documents = documents::find(Project::open(repo, &crate::hook::environment()));
    let mut steps = steps(site, way, programs)?;
    if let Some(top) = site.top.as_deref().filter(|_| args.agents) {
        steps.push(agents::set(top));
    }
    let plan = Plan {
        way: Some(way),
        steps,
        suggestions: suggestions(site, &documents),
        documents: Some(documents),
    };
    let exit = apply(args, site, &plan, ui)?;
    // History from before the hooks is `sync`'s, not the first hook's.
    if let Some(head) =
        head.filter(|_| !args.dry_run && state.last_seen().is_ok_and(|seen| seen.is_none()))
    {
        state.set_last_seen(head).map_err(record::Error::from)?;
    }
    Ok(exit)
}

/// Everything that `init` will do and say.
struct Plan {
    way: Option<Way>,
    steps: Vec<Step>,
    suggestions: Vec<Suggestion>,
    documents: Option<Documents>,
}

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
    Ok(out_of_other.chain(in_it).chain([driver::set(site, programs)]).collect())
}

fn without_settings(site: &Site) -> Site {
    let mut site = site.clone();
    site.settings.clear();
    site
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
    steps.push(driver::unset(site));
    if let Some(top) = &site.top {
        steps.push(agents::unset(top));
    }
    steps.extend(State::directories(&site.common).into_iter().map(forget));
    steps.retain(|step| step.action != Action::Absent);
    Ok(steps)
}

/// What hooks remember is of no use without them; `sync` needs none of it.
fn forget(directory: PathBuf) -> Step {
    Step {
        hook: "state",
        action: Action::Remove,
        place: directory.display().to_string(),
        reason: None,
        hint: None,
        change: Some(Change::Forget { directory }),
    }
}

/// `--mode print`: what to paste by hand, as data.
fn print(args: &Args, site: &Site, programs: &Path, ui: &mut Ui) -> Outcome {
    if ui.is_json() {
        return Err(Failure::usage("--mode print is text to paste: it has no --json"));
    }
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
    if args.agents {
        ui.line(Line::new(Ink::Faint, "# AGENTS.md"));
        agents::BLOCK.lines().for_each(|line| ui.line(line));
    }
    Ok(Exit::Fine)
}

/// What a person may want besides.
fn suggestions(site: &Site, documents: &Documents) -> Vec<Suggestion> {
    // git refuses to rebase over a document that a hook has just written.
    let auto_stash = (!site.auto_stash).then(|| Suggestion {
        why: &[
            "a rebase stops at the documents that hooks have written; to let git put",
            "them aside by itself:",
        ],
        command: "git config rebase.autoStash true".to_owned(),
    });
    auto_stash.into_iter().chain(driver::suggestion(site, documents)).collect()
}

/// Writes what was planned, unless it is only to be shown, and tells of it.
fn apply(args: &Args, site: &Site, plan: &Plan, ui: &mut Ui) -> Outcome {
    if !args.dry_run {
        let mut changes = plan.steps.iter().filter_map(|step| step.change.as_ref());
        changes.try_for_each(|change| write(site, change))?;
    }
    match ui.is_json() {
        true => tell::json(args, plan, ui),
        false => tell::people(args, site, plan, ui),
    }
    let left = plan.steps.iter().any(|step| step.action == Action::Paste);
    Ok(if left { Exit::Findings } else { Exit::Fine })
}

fn write(site: &Site, change: &Change) -> Result<(), Failure> {
    let set = |section: &str, key: &str, value: &str| site.set(&format!("{section}.{key}"), value);
    match change {
        Change::Link { path, target } => {
            hooks::link(path, target).map_err(|error| failed("link", path, &error))
        }
        Change::Write { path, bytes } => {
            hooks::replace(path, bytes).map_err(|error| failed("write", path, &error))
        }
        Change::Delete { path } => {
            hooks::remove(path).map_err(|error| failed("remove", path, &error))
        }
        Change::Page { top, name, old, new } => Store::new(top)
            .replace(name, old.as_deref(), new)
            .map_err(|error| record::Error::from(error).into()),
        Change::Set { section, values } => values
            .iter()
            .try_for_each(|(key, value)| set(section, key, value))
            .map_err(|error| record::Error::from(error).into()),
        Change::Forget { directory } => {
            State::forget(directory).map_err(|error| failed("remove", directory, &error))
        }
        Change::Unset { section } => {
            site.remove_section(section).map_err(|error| record::Error::from(error).into())
        }
    }
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new("hooks", format!("cannot {verb} `{}`: {error}", path.display()))
}
