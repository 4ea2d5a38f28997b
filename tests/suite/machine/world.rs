//! The repository that a sequence works in.

use std::path::PathBuf;

use crate::histories::{PLACE, begin};
use crate::sandbox::{Output, Sandbox};

use super::steps::{Act, Step};

/// A repository with two work trees at most.
pub(super) struct World {
    sandbox: Sandbox,
    trees: Vec<PathBuf>,
    at: usize,
    has_hooks: bool,
}

impl World {
    pub(super) fn new(has_hooks: bool) -> Self {
        let sandbox = begin();
        match has_hooks {
            true => sandbox.install_hooks(),
            false => drop(sandbox.git(&["version"]).ok()),
        }
        let trees = vec![sandbox.top().to_owned()];
        Self { sandbox, trees, at: 0, has_hooks }
    }

    pub(super) fn trees(&self) -> usize {
        self.trees.len()
    }

    pub(super) fn enter(&mut self, tree: usize) {
        self.at = tree;
    }

    pub(super) fn git(&self, arguments: &[&str]) -> Output {
        self.call(arguments, &[])
    }

    pub(super) fn spec_log(&self, arguments: &[&str]) -> Output {
        self.call(&[&["spec-log"], arguments].concat(), &[])
    }

    pub(super) fn read(&self, path: &str) -> String {
        self.sandbox.read(self.trees[self.at].join(path))
    }

    fn call(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = self.sandbox.command("git");
        command.current_dir(&self.trees[self.at]).args(arguments);
        self.sandbox.run(command.envs(environment.iter().copied()))
    }

    /// A call with the hooks of a step.
    fn act(&self, step: &Step, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        match step.hooked && self.has_hooks {
            true => self.call(arguments, environment),
            false => {
                self.call(&[&["-c", "core.hooksPath=/dev/null"], arguments].concat(), environment)
            }
        }
    }

    fn write(&self, name: &str, text: &str) {
        self.sandbox.write(self.trees[self.at].join(name), text);
    }

    /// Takes a step. What git refuses is no fault; what a person wrote and
    /// has not committed must be there afterwards.
    pub(super) fn walk(&mut self, step: &Step) -> Result<(), String> {
        let (tree, before) = (self.at, self.uncommitted());
        let resolved = self.take(step);
        if resolved || self.at != tree {
            return Ok(());
        }
        let document = self.read(PLACE);
        let kept = |note: &String| {
            let stashed = || self.git(&["stash", "list", "-p"]).stdout;
            let committed = || self.git(&["show", &format!("HEAD:{PLACE}")]).stdout;
            document.contains(note) || committed().contains(note) || stashed().contains(note)
        };
        match before.iter().find(|note| !kept(note)) {
            Some(note) => Err(format!("lost {note:?} from\n{document}")),
            None if document.contains("<<<<<<<") => Err(format!("in conflict:\n{document}")),
            None => Ok(()),
        }
    }

    /// The lines of prose that are in the work tree and not in HEAD.
    fn uncommitted(&self) -> Vec<String> {
        let text = self.read(PLACE);
        if !text.contains("Note ") {
            return Vec::new();
        }
        let committed = self.git(&["show", &format!("HEAD:{PLACE}")]).stdout;
        let notes = text.lines().filter(|line| line.starts_with("Note "));
        notes.filter(|note| !committed.contains(*note)).map(|note| format!("{note}\n")).collect()
    }

    /// Answers whether somebody decided a conflict, prose and all.
    fn take(&mut self, step: &Step) -> bool {
        let own = format!("f{}", step.number);
        match &step.act {
            Act::Commit { message, options } => {
                self.write(&own, &own);
                self.git(&["add", &own]).ok();
                self.commit(step, &[&["-m", message], *options].concat());
            }
            Act::Amend { message, content } => {
                if *content {
                    self.write(&own, "amended");
                    self.git(&["add", &own]).ok();
                }
                let words = message.as_ref().map_or(vec!["--no-edit"], |m| vec!["-m", m]);
                self.commit(step, &[&["--amend"], &words[..]].concat());
            }
            Act::Fixup { kind } => {
                self.write(&own, &own);
                self.git(&["add", &own]).ok();
                self.commit(step, &[&format!("{kind}=HEAD~1"), "--no-edit"]);
            }
            Act::Books { options } => {
                self.commit(step, &[&["-m", "docs: books"], *options].concat())
            }
            Act::Squash { branch, message } => {
                return self.squash(step, branch, message.as_deref());
            }
            Act::Note => self.note(step.number),
            Act::Sync { options } => drop(self.spec_log(&[&["sync"], *options].concat())),
            Act::Tree { number } => self.go(*number),
            Act::Stash => drop(self.act(step, &["stash", "-q"], &[])),
            Act::Pop => return self.pop(step),
            Act::Switch { branch } => drop(self.act(step, &["switch", "-q", branch], &[])),
            Act::Create { branch } => drop(self.act(step, &["switch", "-qc", branch], &[])),
            _ => return self.operate(step),
        }
        false
    }

    fn commit(&self, step: &Step, arguments: &[&str]) {
        let _ = self.act(step, &[&["commit", "-q"], arguments].concat(), &[]);
    }

    fn note(&self, number: usize) {
        let (text, note) = (self.read(PLACE), format!("Note {number}.\n"));
        self.write(
            PLACE,
            &match number % 2 {
                0 => text.replace("## Tasks\n", &format!("{note}\n## Tasks\n")),
                _ => format!("{text}\n{note}"),
            },
        );
    }

    fn go(&mut self, number: usize) {
        if number == self.trees.len() {
            let place = self.sandbox.beside("other");
            let path = place.to_str().expect("UTF-8");
            self.git(&["worktree", "add", "-q", "-b", "other", path]).ok();
            self.trees.push(place);
        }
        self.at = number;
    }

    fn pop(&self, step: &Step) -> bool {
        let output = self.act(step, &["stash", "pop", "-q"], &[]);
        let resolved = output.status != 0 && self.resolve(step);
        if resolved {
            let _ = self.git(&["reset", "-q"]);
            let _ = self.git(&["stash", "drop", "-q"]);
        }
        resolved
    }

    fn squash(&self, step: &Step, branch: &str, message: Option<&str>) -> bool {
        let output = self.act(step, &["merge", "-q", "--squash", branch], &[]);
        let resolved = output.status != 0 && self.resolve(step);
        if output.status == 0 || resolved {
            self.commit(step, &message.map_or(vec!["--no-edit"], |message| vec!["-m", message]));
        }
        resolved
    }

    /// The operations that may stop half-way.
    fn operate(&self, step: &Step) -> bool {
        let behind = |back: &usize| format!("HEAD~{back}");
        match &step.act {
            Act::Interactive { script, over, options, reword } => {
                let editor = format!("sed -i -e '{script}'");
                let words = match script.contains("reword") {
                    true => format!("sed -i -e '1s/.*/{}/'", reword.lines().next().unwrap_or("x")),
                    false => "true".to_owned(),
                };
                let environment = [("GIT_SEQUENCE_EDITOR", &*editor), ("GIT_EDITOR", &words)];
                let base = behind(over);
                let call = [&["rebase", "-q", "-i"], *options, &[&base]].concat();
                self.finish(step, "rebase", self.act(step, &call, &environment))
            }
            Act::Rebase { onto, options } => {
                let call = [&["rebase", "-q"], *options, &[onto]].concat();
                self.finish(step, "rebase", self.act(step, &call, &[]))
            }
            Act::Pick { branch, back } => {
                let call = ["cherry-pick", &format!("{branch}~{back}")];
                self.finish(step, "cherry-pick", self.act(step, &call, &[]))
            }
            // Without its first commit there is no document.
            Act::Revert { back } if !self.has_parent(&behind(back)) => false,
            Act::Revert { back } => {
                let call = ["revert", "--no-edit", &behind(back)];
                self.finish(step, "revert", self.act(step, &call, &[]))
            }
            Act::Merge { branch, options } => {
                let call = [&["merge", "-q"], *options, &[branch]].concat();
                self.finish(step, "merge", self.act(step, &call, &[]))
            }
            _ => false,
        }
    }

    /// Goes on with an operation that stopped; gives it up where more than the
    /// document is in conflict. Answers whether a conflict was decided.
    fn finish(&self, step: &Step, operation: &str, output: Output) -> bool {
        let (mut resolved, mut stopped) = (false, output.status != 0 || operation == "rebase");
        for _ in 0..16 {
            if !stopped || !self.is_in_progress(operation) {
                // An autostash that does not apply is kept, or left in conflict.
                return self.resolve(step) | resolved;
            }
            let in_conflict = !self.unmerged().is_empty();
            if in_conflict && !self.resolve(step) {
                break;
            }
            resolved |= in_conflict;
            let output = self.act(step, &[operation, "--continue"], &[]);
            stopped = output.status != 0 || operation == "rebase";
            if output.status != 0 && self.unmerged().is_empty() && operation != "merge" {
                let _ = self.act(step, &[operation, "--skip"], &[]);
            }
        }
        let _ = self.act(step, &[operation, "--abort"], &[]);
        self.resolve(step) | resolved
    }

    fn has_parent(&self, commit: &str) -> bool {
        self.git(&["rev-parse", "-q", "--verify", &format!("{commit}^")]).status == 0
    }

    fn is_in_progress(&self, operation: &str) -> bool {
        let traces = match operation {
            "rebase" => ["rebase-merge", "rebase-apply"],
            "merge" => ["MERGE_HEAD", "MERGE_HEAD"],
            "revert" => ["REVERT_HEAD", "sequencer"],
            _ => ["CHERRY_PICK_HEAD", "sequencer"],
        };
        let dir = self.git(&["rev-parse", "--absolute-git-dir"]).ok();
        traces.iter().any(|trace| PathBuf::from(dir.trim_end()).join(trace).exists())
    }

    fn unmerged(&self) -> String {
        self.git(&["diff", "--name-only", "--diff-filter=U"]).stdout
    }

    /// Takes one side where the document alone is in conflict; what else is
    /// in conflict is thrown away.
    fn resolve(&self, step: &Step) -> bool {
        let unmerged = self.unmerged();
        if unmerged.trim_end() == PLACE {
            self.git(&["checkout", "-q", step.side, PLACE]).ok();
            self.git(&["add", PLACE]).ok();
        }
        !unmerged.is_empty() && unmerged.trim_end() == PLACE
    }
}
