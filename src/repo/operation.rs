//! Which operation is in progress, and whether a write would get in its way.
//!
//! Read from the files git leaves in the work tree's own git directory; with a
//! reftable, `CHERRY_PICK_HEAD` and `REVERT_HEAD` are in that. Measured with git 2.47.3, what a hook finds there:
//!
//! | hook, after | left there | another step follows |
//! | --- | --- | --- |
//! | post-commit, an ordinary commit, a merge finished by hand | nothing | no |
//! | post-commit, one clean pick | `CHERRY_PICK_HEAD` | no |
//! | post-commit, one clean revert | nothing | no |
//! | post-commit, one pick or revert with a conflict, `--continue` or `commit` | nothing | no |
//! | post-commit, a sequence, not its last | `sequencer/todo` of two lines or more, the first one done; `CHERRY_PICK_HEAD` after a clean pick | yes |
//! | post-commit, a sequence, its last, clean | `sequencer/todo` of one line, done | no |
//! | post-commit, a sequence, its last, after a conflict | nothing | no |
//! | post-merge, an automatic merge | `MERGE_HEAD` | no |
//! | post-commit in a rebase, its last pick too | `rebase-merge/`, `CHERRY_PICK_HEAD` | yes |
//! | post-rewrite `rebase` | `rebase-merge/` or `rebase-apply/`, `autostash` in it | the autostash only |
//! | post-applypatch | `rebase-apply/` | yes |
//! | any, in a bisection | `BISECT_LOG` | yes |
//!
//! Outside a hook, `CHERRY_PICK_HEAD`, `REVERT_HEAD`, `MERGE_HEAD` and
//! `sequencer/` each mean a stop at a conflict.

use super::Repo;

/// What git is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Nothing.
    None,
    /// A rebase, of either kind.
    Rebase {
        /// Whether the person's own changes wait to come back at the end.
        autostash: bool,
    },
    /// `git am`.
    Am,
    /// A merge, stopped or in its post-merge.
    Merge,
    /// A cherry-pick.
    CherryPick {
        /// The steps its list still names, the one just made included; zero
        /// for a single pick.
        listed: usize,
    },
    /// A revert.
    Revert {
        /// As for a cherry-pick.
        listed: usize,
    },
    /// A bisection.
    Bisect,
}

/// When the question is asked: git cleans up after some operations only when
/// the hook has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// In post-commit.
    AfterCommit,
    /// In post-merge.
    AfterMerge,
    /// In post-rewrite, called with `rebase`.
    AfterRebase,
    /// In any other hook, and in a command a person runs.
    Other,
}

impl Repo {
    /// The operation in progress in this work tree.
    pub fn operation(&self) -> Operation {
        let there = |name: &str| self.git_dir().join(name).exists();
        if there("rebase-merge") {
            return Operation::Rebase { autostash: there("rebase-merge/autostash") };
        }
        if there("rebase-apply") {
            let rebase = Operation::Rebase { autostash: there("rebase-apply/autostash") };
            return if there("rebase-apply/applying") { Operation::Am } else { rebase };
        }
        if there("MERGE_HEAD") {
            return Operation::Merge;
        }
        let listed = self.sequence();
        let reverts = listed.as_ref().is_some_and(|(_, reverts)| *reverts);
        let left = listed.as_ref().map_or(0, |(count, _)| *count);
        let [is_revert, is_pick] = self.has_beside_head(["REVERT_HEAD", "CHERRY_PICK_HEAD"]);
        if is_revert || reverts {
            return Operation::Revert { listed: left };
        }
        if is_pick || listed.is_some() {
            return Operation::CherryPick { listed: left };
        }
        if self.bisects() { Operation::Bisect } else { Operation::None }
    }

    /// Whether a write to the work tree would get in the way of what git is
    /// doing, so that it has to wait.
    pub fn is_busy(&self, moment: Moment) -> bool {
        match (self.operation(), moment) {
            (Operation::None, _) => false,
            (
                Operation::CherryPick { listed } | Operation::Revert { listed },
                Moment::AfterCommit,
            ) => listed > 1 || self.bisects(),
            (Operation::Merge, Moment::AfterMerge) => self.bisects(),
            (Operation::Rebase { autostash }, Moment::AfterRebase) => autostash || self.bisects(),
            _ => true,
        }
    }

    /// Whether the next commit is about others, whoever words its message: one
    /// of a rebase, a pick, a revert, a merge or a squash.
    pub fn composes_message(&self) -> bool {
        let is_own = matches!(self.operation(), Operation::None | Operation::Bisect);
        !is_own || self.git_dir().join("SQUASH_MSG").exists()
    }

    /// Whether a rebase has made its last step, for a hook that was not told
    /// why it runs.
    pub fn has_no_step_left(&self) -> bool {
        let todo = crate::store::read_plain(&self.git_dir().join("rebase-merge/git-rebase-todo"));
        let is_step = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
        todo.ok().flatten().is_some_and(|todo| {
            String::from_utf8_lossy(&todo).lines().filter(|l| is_step(l)).count() == 0
        })
    }

    fn bisects(&self) -> bool {
        self.git_dir().join("BISECT_LOG").exists()
    }

    /// How many steps a sequence lists, and whether they are reverts; `None`
    /// when there is no sequence. One that cannot be read counts as long.
    fn sequence(&self) -> Option<(usize, bool)> {
        let path = self.git_dir().join("sequencer/todo");
        let Ok(text) = crate::store::read_plain(&path) else { return Some((usize::MAX, false)) };
        let Some(text) = text else {
            return self.git_dir().join("sequencer").exists().then_some((usize::MAX, false));
        };
        let text = String::from_utf8_lossy(&text);
        let mut steps =
            text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let first = steps.next();
        let reverts = first.is_some_and(|step| step.starts_with("revert"));
        Some((usize::from(first.is_some()) + steps.count(), reverts))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;
    use super::*;

    /// A history with something to pick, merge and trip over, and hooks that
    /// copy the git directory's top aside for a look afterwards.
    fn prepared() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.commit("f", "base", "base");
        sandbox.git(&["switch", "-q", "-c", "side"]);
        for name in ["s1", "s2", "s3"] {
            sandbox.commit(name, name, name);
        }
        sandbox.commit("f", "side", "sf");
        sandbox.git(&["switch", "-q", "main"]);
        sandbox.commit("m1", "m1", "m1");
        sandbox.commit("m2", "m2", "m2");
        sandbox.commit("f", "main", "mf");
        let hook = "#!/bin/sh\nn=../outside/seen/$(date +%s%N)-${0##*/}\nmkdir -p $n; \
                    cp -r .git $n/.git\n";
        for name in ["post-commit", "post-merge", "post-rewrite", "post-applypatch"] {
            sandbox.write(&format!(".git/hooks/{name}"), hook);
        }
        sandbox.sh("chmod +x .git/hooks/*");
        sandbox
    }

    /// What each hook of a script found, in order: its name, the operation and
    /// whether it had to keep still at its moment.
    fn seen(script: &str) -> Vec<(String, Operation, bool)> {
        let sandbox = prepared();
        sandbox.sh(&format!("export GIT_EDITOR=true; {script}"));
        let seen = sandbox.outside().join("seen");
        let Ok(entries) = std::fs::read_dir(&seen) else { return Vec::new() };
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let look = |name: &std::ffi::OsString| {
            let repo = sandbox.hook_in(&seen.join(name));
            let hook = name.to_str().unwrap().split_once('-').unwrap().1.to_owned();
            let moment = match hook.as_str() {
                "post-commit" => Moment::AfterCommit,
                "post-merge" => Moment::AfterMerge,
                "post-rewrite" => Moment::AfterRebase,
                _ => Moment::Other,
            };
            (hook, repo.operation(), repo.is_busy(moment))
        };
        names.iter().map(look).collect()
    }

    fn after_commit(script: &str) -> Vec<(Operation, bool)> {
        let commits = seen(script).into_iter().filter(|(hook, ..)| hook == "post-commit");
        commits.map(|(_, operation, busy)| (operation, busy)).collect()
    }

    const FIX: &str = "echo z >f; git add f";

    #[test]
    fn a_single_pick_or_revert_is_over_in_its_post_commit() {
        use Operation::*;
        let single = [(CherryPick { listed: 0 }, false)];
        assert_eq!(after_commit("git cherry-pick side~3"), single);
        assert_eq!(after_commit("git revert --no-edit HEAD~1"), [(None, false)]);
        for finish in ["git cherry-pick --continue", "git commit -qm x"] {
            let script = format!("git cherry-pick side; {FIX}; {finish}");
            assert_eq!(after_commit(&script), [(None, false)], "{finish}");
        }
    }

    #[test]
    fn a_sequence_is_over_with_its_last_step() {
        use Operation::*;
        let picks = [(CherryPick { listed: 2 }, true), (CherryPick { listed: 1 }, false)];
        assert_eq!(after_commit("git cherry-pick side~3 side~2"), picks);
        let reverts = [(Revert { listed: 2 }, true), (Revert { listed: 1 }, false)];
        assert_eq!(after_commit("git revert --no-edit HEAD~1 HEAD~2"), reverts);
        let script = format!("git cherry-pick side side~3; {FIX}; git cherry-pick --continue");
        assert_eq!(after_commit(&script), picks);
        let script = format!("git cherry-pick side~3 side; {FIX}; git commit -qm x");
        assert_eq!(after_commit(&script), [(CherryPick { listed: 2 }, true), (None, false)]);
    }

    #[test]
    fn a_merge_is_over_in_its_hook() {
        use Operation::*;
        let merged = seen("git merge -q --no-edit side~1");
        assert_eq!(merged, [("post-merge".to_owned(), Merge, false)]);
        let script = format!("git merge -q side; {FIX}; git commit -qm x");
        assert_eq!(after_commit(&script), [(None, false)]);
    }

    #[test]
    fn a_rebase_is_over_in_post_rewrite_unless_a_stash_waits() {
        use Operation::Rebase;
        for (flags, stash) in [("", false), ("--autostash", true)] {
            let script = format!(
                "git switch -q --detach side~1; echo d >>s1; {} git rebase -q {flags} main",
                if stash { "" } else { "git checkout -q s1;" }
            );
            let found = seen(&script);
            let (rewrite, picks) = found.split_last().unwrap();
            assert_eq!(*rewrite, ("post-rewrite".into(), Rebase { autostash: stash }, stash));
            assert_eq!(picks.len(), 3);
            assert!(picks.iter().all(|(_, _, busy)| *busy));
        }
        let found = seen("git switch -q --detach side~1; git rebase -q --apply main");
        assert_eq!(found.last().unwrap().1, Rebase { autostash: false });
    }

    #[test]
    fn am_and_bisect_keep_everything_still() {
        let script = "git format-patch -q -o ../outside/p -2 side~1; git am -q ../outside/p/*";
        assert_eq!(seen(script)[0], ("post-applypatch".into(), Operation::Am, true));
        let script = "git bisect start; git commit -q --allow-empty -m x";
        assert_eq!(after_commit(script), [(Operation::Bisect, true)]);
    }

    #[test]
    fn a_stop_at_a_conflict_is_busy_for_everybody_else() {
        use Operation::*;
        let stops = [
            ("git cherry-pick side", CherryPick { listed: 0 }),
            ("git revert --no-edit HEAD~3", Revert { listed: 0 }),
            ("git merge -q side", Merge),
            ("git rebase -q side", Rebase { autostash: false }),
            ("git bisect start", Bisect),
        ];
        for (script, operation) in stops {
            let sandbox = prepared();
            sandbox.sh(script);
            let repo = sandbox.repo();
            assert_eq!((repo.operation(), repo.is_busy(Moment::Other)), (operation, true));
        }
        let sandbox = prepared();
        assert!(!sandbox.repo().is_busy(Moment::Other));
    }
}
