//! prepare-commit-msg: the active task's tag goes into a message without one.
//!
//! A message that is there already (`-m`, `-F`) gets it here, so that a person
//! sees it in the editor too. An empty one, or a template, must stay as it is:
//! git gives a commit up where nobody has changed it. It is remembered, and
//! commit-msg adds the tag to what became of it.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::after::project;
use super::{commit_msg, settings};
use crate::record::{self, Draft};
use crate::repo::Repo;
use crate::report::Ui;
use crate::store::{self, Active, State, hooks, read_plain};
use crate::tag::message::clean;

/// git passes the message's file and where the message comes from; a merge, a
/// squash and a commit that is used again need nothing.
pub(super) fn prepare_commit_msg(arguments: &[OsString], ui: &mut Ui) {
    let state = State::new(&settings::git_dir());
    // Nearly every commit ends here: nobody has started a task.
    let (Some(active), Some(path)) = (state.active(), arguments.first()) else { return };
    let path = Path::new(path);
    let done = match arguments.get(1).map(|source| source.to_string_lossy()).as_deref() {
        None | Some("template") => remember(path, &state),
        Some("message") => forget(&state).and_then(|()| add(path, &active)),
        Some(_) => forget(&state),
    };
    tell_failure(done, ui);
}

/// Adds the tag to a message that was left to the editor, and answers what the
/// file then holds.
pub(super) fn finish(path: &Path, message: Vec<u8>, ui: &mut Ui) -> Vec<u8> {
    let state = State::new(&settings::git_dir());
    let Some(before) = state.take_draft() else { return message };
    let Some(active) = state.active() else { return message };
    match add_to_edited(path, &message, &before, &active) {
        Ok(tagged) => tagged.unwrap_or(message),
        Err(error) => {
            tell_failure(Err(error), ui);
            message
        }
    }
}

fn forget(state: &State) -> Result<(), record::Error> {
    Ok(state.set_draft(None)?)
}

fn remember(path: &Path, state: &State) -> Result<(), record::Error> {
    let repo = Repo::open_in_hook()?;
    Ok(state.set_draft(Some(&cleaned(&read(path)?, &repo)))?)
}

fn add(path: &Path, active: &Active) -> Result<(), record::Error> {
    let message = read(path)?;
    write_tagged(path, message, Repo::open_in_hook()?, active).map(|_| ())
}

fn add_to_edited(
    path: &Path,
    message: &[u8],
    before: &str,
    active: &Active,
) -> Result<Option<Vec<u8>>, record::Error> {
    let repo = Repo::open_in_hook()?;
    match cleaned(message, &repo) == before {
        true => Ok(None),
        false => write_tagged(path, message.to_vec(), repo, active),
    }
}

/// Writes the message with its tag, where it takes one.
fn write_tagged(
    path: &Path,
    message: Vec<u8>,
    repo: Repo,
    active: &Active,
) -> Result<Option<Vec<u8>>, record::Error> {
    let draft = commit_msg::draft(message, &repo);
    let tagged = project(repo)?.with_active_tag(&draft, active)?;
    if let Some(tagged) = &tagged {
        hooks::replace(path, tagged).map_err(failed("write", path))?;
    }
    Ok(tagged)
}

/// A message as git would store it now.
fn cleaned(message: &[u8], repo: &Repo) -> String {
    let Draft { message, editor, .. } = commit_msg::draft(message.to_vec(), repo);
    clean(&repo.decode(&message), &repo.cleanup(editor))
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> store::Error {
    store::Error::io(verb, &path.to_string_lossy())
}

fn read(path: &Path) -> Result<Vec<u8>, record::Error> {
    Ok(read_plain(path).map_err(failed("read", path))?.unwrap_or_default())
}

fn tell_failure(done: Result<(), record::Error>, ui: &mut Ui) {
    if let Err(error) = done {
        ui.warning(format!("the message got no tag: {error}"));
        error.hint().iter().for_each(|hint| ui.hint(hint));
    }
}
