//! Facts about a repository's hooks → what to do about each. Nothing is asked
//! and nothing is written here.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::hook_file::{self, Refusal, quote};
use super::manager::{self, Manager};
use crate::hook::Hook;
use crate::repo::Site;
use crate::store::hooks::Found;

/// How hooks are put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum Way {
    /// Settings `hook.spec-log-<hook>.*`.
    Config,
    /// Files in the hooks directory.
    File,
}

/// What is known about one hook.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Facts<'a> {
    pub hook: &'a Hook,
    /// Our program for it, absolute.
    pub program: PathBuf,
    /// Its file in the hooks directory.
    pub path: PathBuf,
    /// What stands there.
    pub found: Found,
    /// A file of a hook manager or a shared hook that already names our program.
    pub pasted: Option<String>,
}

/// What becomes of one hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum Action {
    /// It is put in.
    Install,
    /// An older one of ours is replaced.
    Update,
    /// It is there already.
    Keep,
    /// Ours is taken out.
    Remove,
    /// Nothing of ours is there.
    Absent,
    /// It is left to a person; the hint holds what to paste.
    Paste,
}

/// What is written for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Change {
    /// A symbolic link to our program.
    Link { path: PathBuf, target: PathBuf },
    /// A script with our block in it, or without it.
    Write { path: PathBuf, bytes: Vec<u8> },
    /// A link that is all ours goes.
    Delete { path: PathBuf },
    /// Values of a section in the repository's configuration.
    Set { section: String, values: Vec<(&'static str, String)> },
    /// The same taken out.
    Unset { section: String },
    /// A page of the work tree becomes this, if it still holds what it did.
    Page { top: PathBuf, name: &'static str, old: Option<Vec<u8>>, new: Vec<u8> },
    /// What was remembered between hooks goes.
    Forget { directory: PathBuf },
}

/// One hook's fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Step {
    pub hook: &'static str,
    pub action: Action,
    /// The file or the section of the configuration concerned.
    pub place: String,
    /// Why it is left to a person.
    pub reason: Option<String>,
    /// What to paste or run.
    pub hint: Option<String>,
    pub change: Option<Change>,
}

impl Step {
    fn new(hook: &Hook, action: Action, place: String, change: Option<Change>) -> Self {
        Self { hook: hook.name, action, place, reason: None, hint: None, change }
    }

    fn paste(facts: &Facts, reason: String, hint: String) -> Self {
        let place = facts.path.display().to_string();
        Self {
            reason: Some(reason),
            hint: Some(hint),
            ..Self::new(facts.hook, Action::Paste, place, None)
        }
    }
}

/// Whether a link is one of ours: it leads to a program of the hook's name.
pub(in crate::cli) fn is_ours(hook: &Hook, target: &Path) -> bool {
    target.file_name().is_some_and(|name| name.to_string_lossy() == hook.program())
}

/// Puts one hook into the configuration.
pub(in crate::cli) fn set(facts: &Facts, site: &Site) -> Step {
    let section = section(facts.hook);
    let command = command(facts.hook, &facts.program);
    let value = |key: &str| {
        let name = format!("{section}.{key}");
        site.settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    };
    let event = facts.hook.name;
    let action = match (value("command"), value("event")) {
        (Some(old), Some(on)) if old == command && on == event => Action::Keep,
        (None, None) => Action::Install,
        _ => Action::Update,
    };
    let values = vec![("command", command), ("event", event.to_owned())];
    let change = Change::Set { section: section.clone(), values };
    Step::new(facts.hook, action, section, (action != Action::Keep).then_some(change))
}

/// Takes one hook out of the configuration.
pub(in crate::cli) fn unset(facts: &Facts, site: &Site) -> Step {
    let section = section(facts.hook);
    let prefix = format!("{section}.");
    match site.settings.iter().any(|(name, _)| name.starts_with(&prefix)) {
        true => {
            let change = Change::Unset { section: section.clone() };
            Step::new(facts.hook, Action::Remove, section, Some(change))
        }
        false => Step::new(facts.hook, Action::Absent, section, None),
    }
}

/// The section of the configuration for a hook.
pub(in crate::cli) fn section(hook: &Hook) -> String {
    format!("hook.{}", hook.program())
}

/// git starts one word without shell characters directly, which is fastest; it
/// reports a program that is missing as a failed hook. Where that would be
/// felt, a shell function stands between.
fn command(hook: &Hook, program: &Path) -> String {
    let program = quote(program);
    match hook.status_matters {
        false => program,
        true => format!("f() {{ test ! -x {program} || {program} \"$@\" || test $? -ne 1; }}; f"),
    }
}

/// The program that [`command`] runs.
pub(in crate::cli) fn program_of(command: &str) -> Option<PathBuf> {
    match command.strip_prefix("f() { test ! -x ") {
        Some(rest) => rest.split_once(" || ").map(|(program, _)| hook_file::unquote(program)),
        None => Some(hook_file::unquote(command)),
    }
}

/// Puts one hook into the hooks directory.
pub(in crate::cli) fn place(facts: &Facts, site: &Site, programs: &Path) -> Step {
    let Facts { hook, path, program, .. } = facts;
    let done = |action, change| Step::new(hook, action, path.display().to_string(), change);
    if let Some(file) = &facts.pasted {
        return Step::new(hook, Action::Keep, file.clone(), None);
    }
    if let Some((reason, hint)) = not_here(facts, site, programs) {
        return Step::paste(facts, reason, hint);
    }
    let link = Change::Link { path: path.clone(), target: program.clone() };
    match &facts.found {
        Found::Nothing => done(Action::Install, Some(link)),
        Found::Link(target) if target == program => done(Action::Keep, None),
        Found::Link(target) if is_ours(hook, target) => done(Action::Update, Some(link)),
        Found::Link(target) => {
            let reason = format!("it is a link to `{}`", target.display());
            Step::paste(facts, reason, call_it(facts))
        }
        Found::Other => Step::paste(facts, "it is no regular file".to_owned(), call_it(facts)),
        Found::File { bytes, executable } => join(facts, bytes, *executable, programs)
            .unwrap_or_else(|(reason, hint)| Step::paste(facts, reason, hint)),
    }
}

/// Joins someone else's script, or says why not and what to paste.
fn join(
    facts: &Facts,
    script: &[u8],
    is_executable: bool,
    programs: &Path,
) -> Result<Step, (String, String)> {
    let Facts { hook, path, program, .. } = facts;
    let hooks = path.parent().unwrap_or(Path::new("."));
    let is_joined = matches!(hook_file::remove(script), Ok(Some(_)));
    if let Some(manager) = manager::owner(script).filter(|_| !is_joined) {
        let reason = format!("{} generates it", manager.name());
        return Err((reason, manager::paste(manager, hook, hooks, programs)));
    }
    if !is_executable {
        let reason = "it is not executable, so git ignores it".to_owned();
        return Err((reason, format!("chmod +x {}, then init again", quote(path))));
    }
    let block = hook_file::block(hook, program);
    let bytes = hook_file::install(script, &block).map_err(|refusal| refused(facts, &refusal))?;
    let action = match (is_joined, bytes == script) {
        (_, true) => Action::Keep,
        (true, false) => Action::Update,
        (false, false) => Action::Install,
    };
    let change = Change::Write { path: path.clone(), bytes };
    let place = path.display().to_string();
    Ok(Step::new(hook, action, place, (action != Action::Keep).then_some(change)))
}

fn refused(facts: &Facts, refusal: &Refusal) -> (String, String) {
    let reason = match refusal {
        Refusal::Binary => "it is a program, not a script".to_owned(),
        Refusal::Interpreter(name) => format!("it is a script for `{name}`, not for a shell"),
        Refusal::Damaged => {
            let marks = "remove the lines from `# >>> spec-log` to `# <<< spec-log <<<`, then \
                         init again";
            return ("a block of spec-log in it is damaged".to_owned(), marks.to_owned());
        }
    };
    (reason, call_it(facts))
}

fn call_it(facts: &Facts) -> String {
    let stdin = if facts.hook.reads_stdin { ", with its stdin" } else { "" };
    let refuse = match facts.hook.name {
        "commit-msg" => " and fail only when that exits with 1",
        _ => "",
    };
    let program = quote(&facts.program);
    format!("let it run: {program} \"$@\"{stdin}{refuse}")
}

/// Why no file may be written into the hooks directory at all, and what to
/// paste instead.
fn not_here(facts: &Facts, site: &Site, programs: &Path) -> Option<(String, String)> {
    let Facts { hook, .. } = facts;
    if manager::is_husky(site) {
        let hint = manager::paste(Manager::Husky, hook, &site.hooks, programs);
        return Some(("husky owns the hooks here".to_owned(), hint));
    }
    let line = manager::shell_line(hook);
    let to_paste = format!("add to {}:\n{line}", facts.path.display());
    if is_elsewhere(site) {
        let (scope, value) = site.hooks_path.clone().unwrap_or_default();
        let reason = format!("core.hooksPath is `{value}` ({scope}), outside this repository");
        return Some((reason, to_paste));
    }
    let reason = "its directory is tracked, so what is written there is everyone's";
    site.tracks_hooks.then(|| (reason.to_owned(), to_paste))
}

/// Whether the hooks directory serves other repositories too.
pub(in crate::cli) fn is_elsewhere(site: &Site) -> bool {
    let is_shared = |(scope, _): &(String, String)| scope == "global" || scope == "system";
    let is_inside = site.hooks.starts_with(&site.common)
        || site.top.as_ref().is_some_and(|top| site.hooks.starts_with(top));
    site.hooks_path.as_ref().is_some_and(is_shared) || !is_inside
}

/// Takes one hook out of a hooks directory: our link, or our block.
pub(in crate::cli) fn take_out(facts: &Facts) -> Step {
    let Facts { hook, path, .. } = facts;
    let done = |action, change| Step::new(hook, action, path.display().to_string(), change);
    match &facts.found {
        Found::Link(target) if is_ours(hook, target) => {
            done(Action::Remove, Some(Change::Delete { path: path.clone() }))
        }
        Found::File { bytes, .. } => match hook_file::remove(bytes) {
            Ok(Some(bytes)) => {
                done(Action::Remove, Some(Change::Write { path: path.clone(), bytes }))
            }
            Ok(None) => done(Action::Absent, None),
            Err(refusal) => {
                let (reason, hint) = refused(facts, &refusal);
                Step::paste(facts, reason, hint)
            }
        },
        _ => done(Action::Absent, None),
    }
}
