//! Whether git runs our program for each hook, and which one.

use std::path::{Path, PathBuf};

use super::Finding;
use crate::cli::init::facts::{look, programs};
use crate::cli::init::plan::{self, Action, Facts};
use crate::cli::init::{hook_file, manager};
use crate::hook::{HOOKS, VERSION_LINE};
use crate::repo::Site;
use crate::report::Failure;
use crate::store::hooks::{self, Found};

/// A way on which git reaches a program of ours.
struct Reach {
    /// The hook file, the setting or the manager's file.
    place: String,
    /// What runs; none where it is looked up in PATH.
    program: Option<PathBuf>,
}

/// Judges every hook, and what stands in the way of all.
pub(super) fn examine(site: &Site) -> Result<Vec<Finding>, Failure> {
    let mut findings = around(site);
    let own = match programs() {
        Ok(own) => own,
        Err(failure) => {
            let finding = Finding::error(failure.code, failure.message);
            findings.push(Finding { hint: failure.hint, ..finding });
            PathBuf::new()
        }
    };
    for hook in HOOKS {
        let facts = look(hook, site, &site.hooks, &own)?;
        findings.extend(judge(&facts, site, &own));
    }
    Ok(findings)
}

/// What decides on all hooks at once.
fn around(site: &Site) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some((scope, value)) = &site.hooks_path {
        let message = format!("git takes hooks from core.hooksPath `{value}` ({scope})");
        findings.push(match plan::is_elsewhere(site) {
            true => Finding::warning("hooks-path", message + ", outside this repository")
                .hint("git spec-log init says what to add there"),
            false => Finding::ok("hooks-path", message),
        });
    }
    if let Some(manager) = manager::present(site) {
        let message = format!("{} manages hooks here", manager.name());
        findings.push(Finding::ok("hook-manager", message));
    }
    if !site.settings.is_empty() && !site.has_config_hooks() {
        let (major, minor) = site.version;
        let message = format!("git {major}.{minor} ignores the hooks that the configuration sets");
        findings.push(
            Finding::warning("config-hooks-ignored", message)
                .hint("git spec-log init --mode file puts them into files"),
        );
    }
    findings
}

fn judge(facts: &Facts<'_>, site: &Site, own: &Path) -> Vec<Finding> {
    let reaches: Vec<Reach> =
        [in_file(facts), in_settings(facts, site)].into_iter().flatten().collect();
    let mut findings: Vec<_> = reaches.iter().map(|reach| check(facts, reach)).collect();
    match reaches.as_slice() {
        [] => findings.push(missing(facts, site, own)),
        [_] => {}
        _ => findings.push(
            Finding::warning("installed-twice", format!("{} runs twice", facts.hook.name))
                .hint("git spec-log init leaves one of the two"),
        ),
    }
    findings
}

fn in_file(facts: &Facts<'_>) -> Option<Reach> {
    let place = || facts.path.display().to_string();
    if let Some(pasted) = &facts.pasted {
        return Some(Reach { place: pasted.clone(), program: None });
    }
    match &facts.found {
        Found::Link(target) if plan::is_ours(facts.hook, target) => {
            // A relative link starts where it stands.
            let target = facts.path.parent().unwrap_or(Path::new("/")).join(target);
            Some(Reach { place: place(), program: Some(target) })
        }
        Found::File { bytes, executable: true } => {
            let program = hook_file::program(bytes)?;
            Some(Reach { place: place(), program: Some(program) })
        }
        _ => None,
    }
}

fn in_settings(facts: &Facts<'_>, site: &Site) -> Option<Reach> {
    let section = plan::section(facts.hook);
    let name = format!("{section}.command");
    let (_, command) = site.settings.iter().find(|(known, _)| *known == name)?;
    let program = plan::program_of(command)?;
    site.has_config_hooks().then_some(Reach { place: section, program: Some(program) })
}

/// Looks at the program, which is not started: nothing that a repository
/// names is.
fn check(facts: &Facts<'_>, reach: &Reach) -> Finding {
    let (name, place) = (facts.hook.name, &reach.place);
    let again = "git spec-log init";
    let Some(program) = &reach.program else {
        return Finding::ok("hook", format!("{name} is called from {place}, found in PATH"));
    };
    let shown = program.display();
    match hooks::look(program) {
        Ok(Found::Nothing) | Err(_) => {
            let message = format!("{name} leads to `{shown}`, which is not there ({place})");
            Finding::error("program-missing", message).hint(again)
        }
        _ if !hooks::is_program(program) => {
            let message = format!("{name} leads to `{shown}`, which cannot be run ({place})");
            Finding::error("program-not-executable", message).hint(format!("chmod +x {shown}"))
        }
        _ if !hooks::mentions(program, VERSION_LINE.as_bytes()) => {
            let message = format!("{name} leads to `{shown}`, which is of another version");
            Finding::warning("program-stale", message)
                .hint(format!("{again}, after installing this version"))
        }
        _ => Finding::ok("hook", format!("{name} runs {shown}")),
    }
}

/// Why git does not reach us, as `init` would see it.
fn missing(facts: &Facts<'_>, site: &Site, own: &Path) -> Finding {
    let name = facts.hook.name;
    let step = plan::place(facts, site, own);
    let message = match (step.action, step.reason) {
        (Action::Paste, Some(reason)) => format!("{name} does not reach spec-log: {reason}"),
        _ => format!("{name} is not installed"),
    };
    let hint = step.hint.filter(|_| !site.has_config_hooks());
    Finding::error("hook-missing", message).hint(hint.unwrap_or("git spec-log init".to_owned()))
}
