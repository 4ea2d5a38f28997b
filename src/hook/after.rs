//! The hooks that come after the fact. None of them can stop anything, and
//! each leaves at once when there is nothing to record.

use std::collections::HashMap;
use std::ffi::OsString;
use std::mem::ManuallyDrop;

use super::settings;
use crate::commit::{self, Oid};
use crate::record::{self, Project, may_link};
use crate::repo::{Head, Moment, Repo};
use crate::report::{Ui, recorded};
use crate::store::State;

/// Reads the variables that configure us.
pub(crate) fn environment() -> Vec<(String, String)> {
    let ours = |(name, value): (OsString, OsString)| {
        let name = name
            .into_string()
            .ok()
            .filter(|name| name.starts_with(crate::config::ENVIRONMENT_PREFIX))?;
        Some((name, value.to_string_lossy().into_owned()))
    };
    std::env::vars_os().filter_map(ours).collect()
}

/// The work tree of a repository, for the rest of the process: what it holds
/// goes with that, and need not be given back piece by piece.
pub(super) fn project(repo: Repo) -> Result<ManuallyDrop<Project>, record::Error> {
    Project::open(repo, &environment()).map(ManuallyDrop::new)
}

/// post-commit: records the commits from the last one seen to HEAD.
pub(super) fn post_commit(_arguments: &[OsString], ui: &mut Ui) {
    // Every pick of a rebase ends here: post-rewrite tells of all of them.
    if settings::git_dir().join("rebase-merge").exists() {
        return;
    }
    tell_failure(catch_up(Moment::AfterCommit, ui), ui);
}

/// post-applypatch: git runs it between two patches, where nothing may be
/// written; what it leaves behind is recorded by the next hook or `sync`.
pub(super) fn post_applypatch(_arguments: &[OsString], ui: &mut Ui) {
    tell_failure(catch_up(Moment::Other, ui), ui);
}

/// post-merge: what others did is not ours to write into this work tree. The
/// last commit seen stays where it is, which is all the journal there need be.
pub(super) fn post_merge(_arguments: &[OsString], ui: &mut Ui) {
    tell_failure(remember_first(), ui);
}

/// post-rewrite: entries follow commits that an amend or a rebase replaced.
/// git passes `amend` or `rebase`, and on stdin a line `old new` for each.
///
/// At the end of a rebase this is the catch-up. Where an autostash waits, a
/// write would conflict with it: then the list is kept for the next hook.
pub(super) fn post_rewrite(arguments: &[OsString], ui: &mut Ui) {
    let mut list = String::new();
    // A hook manager may hand nothing on; the evidence in history remains.
    let _ = std::io::Read::read_to_string(&mut std::io::stdin().lock(), &mut list);
    let command = arguments.first().and_then(|command| command.to_str());
    tell_failure(rewritten(command, &commit::rewritten(&list), ui), ui);
}

fn rewritten(
    command: Option<&str>,
    pairs: &HashMap<Oid, Oid>,
    ui: &mut Ui,
) -> Result<(), record::Error> {
    let repo = Repo::open_in_hook()?;
    let is_rebase = command.map_or_else(|| repo.has_no_step_left(), |command| command == "rebase");
    let state = State::new(repo.git_dir());
    let is_busy = repo.is_busy(if is_rebase { Moment::AfterRebase } else { Moment::Other });
    match (is_rebase, is_busy) {
        // post-commit has seen to an amend, and a rebase tells all at its end.
        (false, true) => return Ok(()),
        (false, false) if state.last_seen()? == repo.head()? => return Ok(()),
        (true, true) => {
            let mut owed = state.rewritten()?;
            owed.extend(pairs);
            return Ok(state.set_rewritten(&owed)?);
        }
        _ => {}
    }
    let project = project(repo)?;
    let caught = project.catch_up(pairs.clone())?;
    recorded::tell(&caught, ui);
    Ok(())
}

/// post-checkout: records that are in no commit yet follow their commits.
/// git passes the old HEAD, the new one, and 1 if a branch was switched.
pub(super) fn post_checkout(arguments: &[OsString], ui: &mut Ui) {
    tell_failure(follow(arguments, ui), ui);
}

fn catch_up(moment: Moment, ui: &mut Ui) -> Result<(), record::Error> {
    // Nearly every commit ends here: no tag in it, and none before it unseen.
    let git_dir = settings::git_dir();
    let just_made = Head::just_made(&git_dir, &settings::common_dir(&git_dir));
    if let Some(head) = &just_made
        && !may_link(&head.message)
        && is_next(&State::new(&git_dir), head)?
    {
        return Ok(State::new(&git_dir).set_last_seen(head.oid)?);
    }
    let repo = Repo::open_in_hook()?;
    let head = match just_made {
        None if repo.is_busy(moment) => None,
        None => repo.message_of_head()?,
        there => there,
    };
    let Some(head) = head else { return Ok(()) };
    let state = State::new(repo.git_dir());
    let is_next = is_next(&state, &head)?;
    if is_next && !may_link(&head.message) {
        return Ok(state.set_last_seen(head.oid)?);
    }
    let project = project(repo)?;
    if is_next && !project.sought()?.may_link(&head.message) {
        return Ok(project.state().set_last_seen(head.oid)?);
    }
    let caught = project.catch_up(HashMap::new())?;
    recorded::tell(&caught, ui);
    retire_active(&project, &head.message, ui)
}

/// Whether nothing but HEAD is to be looked at: all before it has been seen.
/// What a merge brings in has been seen by nobody.
fn is_next(state: &State, head: &Head) -> Result<bool, record::Error> {
    let follows = state.last_seen()?.is_none_or(|seen| head.parents == [seen]);
    Ok(follows && state.owed()?.is_empty())
}

/// Forgets the active task when a commit finishes it, before the next message
/// opens it again.
fn retire_active(project: &Project, message: &[u8], ui: &mut Ui) -> Result<(), record::Error> {
    let Some(active) = project.state().active() else { return Ok(()) };
    let tags = project.read_message(&String::from_utf8_lossy(message))?.tags;
    if record::finishes(&tags, &active, project.config().tick) {
        project.state().set_active(None)?;
        ui.note(format!("{} {} is done, and active no more", active.feature, active.task));
    }
    Ok(())
}

fn remember_first() -> Result<(), record::Error> {
    let repo = Repo::open_in_hook()?;
    let state = State::new(repo.git_dir());
    if state.last_seen()?.is_none()
        && let Some(head) = repo.head()?
    {
        state.set_last_seen(head)?;
    }
    Ok(())
}

fn follow(arguments: &[OsString], ui: &mut Ui) -> Result<(), record::Error> {
    let text = |at: usize| arguments.get(at).and_then(|argument| argument.to_str());
    let (Some(was), Some(head), Some("1")) = (text(0), text(1), text(2)) else { return Ok(()) };
    if was == head {
        return Ok(());
    }
    let repo = Repo::open_in_hook()?;
    let Some(head) = Oid::from_hex(head).filter(|_| !repo.is_busy(Moment::Other)) else {
        return Ok(());
    };
    let (state, was) = (State::new(repo.git_dir()), Oid::from_hex(was));
    if let Some(was) = was {
        state.owe(was)?;
    }
    if !state.has_pending()? {
        return Ok(state.set_last_seen(head)?);
    }
    let project = project(repo)?;
    let followed = project.move_to(was, head)?;
    recorded::tell_followed(&followed, ui);
    Ok(())
}

fn tell_failure(done: Result<(), record::Error>, ui: &mut Ui) {
    if let Err(error) = done {
        ui.warning(format!("nothing was recorded: {error}"));
        ui.hint(&error.hint().unwrap_or_else(|| "git spec-log sync records it later".to_owned()));
    }
}
