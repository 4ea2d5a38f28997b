//! What git and the repository are like, and what is left over in them.

use super::Finding;
use crate::repo::{Moment, Operation, Repo, Site};
use crate::store::State;

/// Which git is asked.
pub(super) fn git(site: &Site) -> Finding {
    let (major, minor) = site.version;
    let message = format!("git {major}.{minor} ({})", site.program().display());
    match site.version {
        (0, 0) => Finding::warning("git", format!("{message} tells no version")),
        _ => Finding::ok("git", message),
    }
}

/// What holds records up, and what this work tree remembers.
pub(super) fn examine(repo: &Repo) -> Vec<Finding> {
    let mut findings = vec![reader(repo)];
    findings.extend(index(repo));
    findings.extend(operation(repo));
    findings.extend(state(repo));
    if repo.is_shallow() {
        let message = "history is shallow: what lies before its edge is not known here";
        findings.push(Finding::ok("shallow", message));
    }
    findings
}

/// Who reads refs, the index and configuration.
fn reader(repo: &Repo) -> Finding {
    let message = match repo.needs_git() {
        None => "libgit2 reads this repository".to_owned(),
        Some(why) => format!("git itself is asked what libgit2 cannot read: {why}"),
    };
    Finding::ok("reader", message)
}

fn index(repo: &Repo) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lock = repo.git_dir().join("index.lock");
    if lock.exists() {
        let message = format!("`{}` keeps git from committing", lock.display());
        findings.push(
            Finding::warning("index-lock", message)
                .hint("remove it if no other git is at work here"),
        );
    }
    if repo.needs_git().is_none() && repo.index_needs_git() {
        let message = "libgit2 cannot read this index (split or sparse): git itself is asked";
        findings.push(Finding::ok("index-format", message));
    }
    findings
}

fn operation(repo: &Repo) -> Option<Finding> {
    let name = match repo.operation() {
        Operation::None => return None,
        Operation::Rebase { .. } => "a rebase",
        Operation::Am => "git am",
        Operation::Merge => "a merge",
        Operation::CherryPick { .. } => "a cherry-pick",
        Operation::Revert { .. } => "a revert",
        Operation::Bisect => "a bisection",
    };
    let message = format!("{name} is in progress: nothing is recorded until it ends");
    repo.is_busy(Moment::Other).then(|| Finding::warning("operation", message))
}

fn state(repo: &Repo) -> Vec<Finding> {
    let state = State::new(repo.git_dir());
    let (seen, pending) = match (state.last_seen(), state.pending()) {
        (Ok(seen), Ok(pending)) => (seen, pending.len()),
        (Err(error), _) | (_, Err(error)) => {
            return vec![Finding::warning("last-seen", error.to_string())];
        }
    };
    let mut findings = vec![match seen {
        Some(oid) => Finding::ok("last-seen", format!("the last commit seen is {}", oid.abbrev(7))),
        None => Finding::ok("last-seen", "no commit has been seen yet"),
    }];
    match pending {
        0 => {}
        1 => findings.push(Finding::ok("pending", "1 record is in no commit yet")),
        count => {
            findings.push(Finding::ok("pending", format!("{count} records are in no commit yet")))
        }
    }
    findings
}
