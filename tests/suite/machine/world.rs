//! The repository that a sequence works in.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::histories::{DOCUMENTS, PLACE, begin};
use crate::sandbox::{Output, Sandbox};

use super::oracle::notes;
use super::steps::{Act, Step};

/// A repository with three work trees at most.
pub(super) struct World {
    sandbox: Sandbox,
    trees: Vec<PathBuf>,
    at: usize,
    has_hooks: bool,
    /// The tasks whose box a person has set.
    by_hand: BTreeSet<String>,
    /// Whether a person decided a conflict or reverted a commit.
    took_back: bool,
    /// What a person wrote, committed, and gave up when they decided a
    /// conflict for a side that lacks it: it stays in HEAD alone.
    given_up: BTreeSet<String>,
}

impl World {
    pub(super) fn new(has_hooks: bool) -> Self {
        let sandbox = begin();
        match has_hooks {
            true => sandbox.install_hooks(),
            false => drop(sandbox.git(&["version"]).ok()),
        }
        let trees = vec![sandbox.top().to_owned()];
        let (by_hand, given_up) = (BTreeSet::new(), BTreeSet::new());
        Self { sandbox, trees, at: 0, has_hooks, by_hand, took_back: false, given_up }
    }

    /// Whether a person decided a conflict or reverted a commit, and with it
    /// what is in the documents.
    pub(super) fn took_back(&self) -> bool {
        self.took_back
    }

    /// Whether a person took a line out that HEAD has.
    pub(super) fn gave_up(&self, note: &str) -> bool {
        self.given_up.contains(note)
    }

    /// The states of the tasks that follow from commits alone: those that no
    /// person has set, nor any of their parts.
    pub(super) fn by_commits(&self, states: &str) -> String {
        let is_by_hand = |line: &&str| self.by_hand.iter().any(|id| id.starts_with(id_of(line)));
        let lines = states.lines().filter(|line| id_of(line) != "2.3" && !is_by_hand(line));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// The text of all documents.
    pub(super) fn documents(&self) -> String {
        DOCUMENTS.map(|path| self.read(path)).concat()
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
        if let Act::Tick { command, task } = step.act {
            return self.tick(command, task);
        }
        let (tree, before) = (self.at, self.uncommitted());
        let resolved = self.take(step);
        self.took_back |= resolved || matches!(step.act, Act::Revert { .. });
        if resolved {
            let committed = self.git(&["show", &format!("HEAD:{PLACE}")]).stdout;
            let document = self.read(PLACE);
            let lost = notes(&committed).filter(|note| !document.contains(note));
            self.given_up.extend(lost.map(str::to_owned));
        }
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
            None if self.documents().contains("<<<<<<<") => {
                Err(format!("in conflict:\n{}", self.documents()))
            }
            None => Ok(()),
        }
    }

    /// A person sets a box, and it stays as they set it.
    fn tick(&mut self, command: &str, task: &str) -> Result<(), String> {
        self.by_hand.insert(task.to_owned());
        self.spec_log(&["sync", "-q"]).ok();
        self.spec_log(&[command, "-q", "--file", PLACE, task]).ok();
        let before = self.read(PLACE);
        self.spec_log(&["sync", "-q"]).ok();
        let box_of = |text: &str| {
            let line = text.lines().find(|line| line.contains(&format!("sk {task}")));
            line.map(str::to_owned)
        };
        let after = self.read(PLACE);
        match box_of(&before) == box_of(&after) {
            true => Ok(()),
            false => Err(format!("{command} {task} does not stay:\n{before}\n{after}")),
        }
    }

    /// The lines of a person that are in the work tree and not in HEAD.
    fn uncommitted(&self) -> Vec<String> {
        let text = self.read(PLACE);
        if !text.contains("Note ") && !text.contains("[x] Task 2.3") {
            return Vec::new();
        }
        let committed = self.git(&["show", &format!("HEAD:{PLACE}")]).stdout;
        let is_new = |note: &&str| !committed.contains(*note);
        notes(&text).filter(is_new).map(|note| format!("{note}\n")).collect()
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
            Act::Mode { record } => {
                self.git(&["config", "speclog.record", record]).ok();
            }
            Act::Driver => self.set_driver(),
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
        while self.trees.len() <= number {
            let name = format!("other{}", self.trees.len());
            let place = self.sandbox.beside(&name);
            let path = place.to_str().expect("UTF-8");
            self.git(&["worktree", "add", "-q", "-b", &name, path]).ok();
            self.trees.push(place);
        }
        self.at = number;
    }

    /// For this repository alone, so that no step commits it.
    fn set_driver(&self) {
        let lines = DOCUMENTS.map(|path| format!("{path} merge=spec-log\n"));
        self.sandbox.write(".git/info/attributes", lines.concat());
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

    /// Takes one side where documents alone are in conflict; what else is in
    /// conflict is thrown away.
    fn resolve(&self, step: &Step) -> bool {
        let unmerged = self.unmerged();
        let documents: Vec<&str> = unmerged.lines().collect();
        if documents.is_empty() || !documents.iter().all(|path| DOCUMENTS.contains(path)) {
            return false;
        }
        self.git(&[&["checkout", "-q", step.side, "--"], &documents[..]].concat()).ok();
        self.git(&[&["add", "--"], &documents[..]].concat()).ok();
        true
    }
}

/// The task of a line of states.
fn id_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}
