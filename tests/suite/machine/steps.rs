//! What a person may do, and sequences of it.

use crate::histories::{PLACE, TASKS, message};
use crate::laws::Random;

/// Which steps a sequence may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// All of them.
    Anything,
    /// Those that leave the documents to the tool, so that with hooks and
    /// without the same history comes about.
    Twins,
}

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Its place in the sequence: what its files and messages are named by.
    pub(super) number: usize,
    /// Whether the hooks run.
    pub(super) hooked: bool,
    /// Which side is taken where a document is in conflict.
    pub(super) side: &'static str,
    /// What is done.
    pub(super) act: Act,
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A commit of a file of its own, with everything else (`-a`) or without.
    Commit {
        message: String,
        options: &'static [&'static str],
    },
    /// An amend: a new message, new content, or both.
    Amend {
        message: Option<String>,
        content: bool,
    },
    /// A commit to be folded into HEAD's parent.
    Fixup {
        kind: &'static str,
    },
    /// `rebase -i` over so many commits, the list changed by a sed script.
    Interactive {
        script: &'static str,
        over: usize,
        options: &'static [&'static str],
        reword: String,
    },
    /// A rebase onto another branch.
    Rebase {
        onto: String,
        options: &'static [&'static str],
    },
    /// One commit of another branch, so far behind its tip.
    Pick {
        branch: String,
        back: usize,
    },
    /// A commit taken back.
    Revert {
        back: usize,
    },
    Merge {
        branch: String,
        options: &'static [&'static str],
    },
    /// `merge --squash` and a commit, with git's message or one line.
    Squash {
        branch: String,
        message: Option<String>,
    },
    Stash,
    Pop,
    Switch {
        branch: String,
    },
    Create {
        branch: String,
    },
    /// The documents are committed.
    Books {
        options: &'static [&'static str],
    },
    Sync {
        options: &'static [&'static str],
    },
    /// A person writes a line of prose into the document.
    Note,
    /// A person ticks a box, or takes a tick away.
    Tick {
        command: &'static str,
        task: &'static str,
    },
    /// Work goes on in another work tree.
    Tree {
        number: usize,
    },
    /// Where records go from now on.
    Mode {
        record: &'static str,
    },
    /// From now on documents are merged by the driver.
    Driver,
}

const COMMITS: [&[&str]; 5] = [&[], &[], &["-a"], &["-a"], &["--no-verify"]];
const REBASES: [&[&str]; 4] =
    [&["--autostash"], &["--autostash"], &["--autostash", "--apply"], &[]];
const ONTO: [&[&str]; 3] = [
    &["--autostash", "--onto", "main"],
    &["--autostash", "--onto", "b1"],
    &["--autostash", "--apply", "--onto", "main"],
];
/// The task that no commit names.
const OWN: &str = "2.3";
const LISTS: [&str; 8] = [
    "1s/^pick/reword/",
    "2s/^pick/squash/",
    "2s/^pick/fixup/",
    "1s/^pick/drop/",
    "2s/^pick/drop/",
    "1{h;d};2{G}",
    "1s/^pick/edit/",
    "s/^pick/pick/",
];

/// A random sequence: two branches that both did something, what random says,
/// and a commit that brings what an autostash kept from the hooks.
pub(super) fn sequence(random: &mut Random, kind: Kind) -> Vec<Step> {
    let commit = |message: String| Act::Commit { message, options: &[] };
    let mut acts: Vec<Act> = Vec::new();
    if kind == Kind::Anything {
        let record = ["worktree", "worktree", "stage", "next"][random.below(4)];
        acts.push(Act::Mode { record });
        acts.extend((random.below(2) == 0).then_some(Act::Driver));
    }
    acts.push(commit(message(0, random)));
    acts.push(Act::Create { branch: "b1".to_owned() });
    acts.extend((1..3).map(|number| commit(message(number, random))));
    if kind == Kind::Anything {
        acts.push(Act::Books { options: &["-a"] });
    }
    acts.push(Act::Switch { branch: "main".to_owned() });
    acts.push(commit(message(6, random)));
    if random.below(2) == 0 {
        acts.push(Act::Create { branch: "b2".to_owned() });
        acts.push(commit(message(7, random)));
    }
    while acts.len() < 20 + random.below(6) {
        let act = act(acts.len(), random, kind);
        let wants_clean = matches!(
            act,
            Act::Switch { .. }
                | Act::Rebase { .. }
                | Act::Interactive { .. }
                | Act::Merge { .. }
                | Act::Squash { .. }
                | Act::Pick { .. }
        );
        if kind == Kind::Anything && wants_clean && random.below(3) > 0 {
            acts.push(Act::Books { options: &["-a"] });
        }
        acts.push(act);
    }
    acts.push(commit("feat: last [PRD-07 Task 2.2 wip]".to_owned()));
    let last = acts.len() - 1;
    let step = |(number, act)| Step {
        number,
        hooked: kind == Kind::Twins || number == last || random.below(6) > 0,
        side: ["--ours", "--theirs"][random.below(2)],
        act,
    };
    acts.into_iter().enumerate().map(step).collect()
}

fn act(number: usize, random: &mut Random, kind: Kind) -> Act {
    let is_free = kind == Kind::Anything;
    let options = |lists: &[&'static [&'static str]], random: &mut Random| match is_free {
        true => lists[random.below(lists.len())],
        false => lists[0],
    };
    match random.below(if is_free { 52 } else { 36 }) {
        0 | 1 => Act::Amend {
            message: (random.below(3) > 0).then(|| message(number, random)),
            content: random.below(2) == 0,
        },
        2 => Act::Fixup { kind: ["--fixup", "--squash"][random.below(2)] },
        3..=7 => Act::Interactive {
            script: LISTS[random.below(LISTS.len())],
            over: 2 + random.below(4),
            options: interactive(random, is_free),
            reword: message(number, random),
        },
        8 => Act::Rebase { onto: branch(random), options: options(&REBASES, random) },
        9 => Act::Rebase {
            onto: format!("HEAD~{}", 1 + random.below(3)),
            options: options(&ONTO, random),
        },
        10 => Act::Pick { branch: branch(random), back: random.below(3) },
        11 | 12 => Act::Revert { back: random.below(3) },
        13 | 14 => {
            let all: [&[&str]; 3] = [&["--no-edit"], &["--no-edit", "--no-ff"], &["--ff-only"]];
            Act::Merge { branch: branch(random), options: all[random.below(3)] }
        }
        15 => Act::Squash {
            branch: branch(random),
            message: (random.below(2) == 0).then(|| message(number, random)),
        },
        16..=18 => Act::Switch { branch: branch(random) },
        19 => Act::Create { branch: format!("b{}", 1 + random.below(3)) },
        20..=35 => {
            Act::Commit { message: message(number, random), options: options(&COMMITS, random) }
        }
        36..=39 => Act::Books { options: [&["-a"][..], &["--", PLACE]][random.below(2)] },
        40 => Act::Stash,
        41 | 42 => Act::Pop,
        43 | 44 => Act::Sync { options: &["-q"] },
        45 => Act::Sync { options: [&["-q", "--commit"][..], &["-q", "--prune"]][random.below(2)] },
        46 => Act::Note,
        47 => Act::Tick {
            command: ["tick", "untick"][random.below(2)],
            task: [OWN, OWN, TASKS[random.below(TASKS.len())]][random.below(3)],
        },
        48 => Act::Tree { number: random.below(3) },
        _ => Act::Interactive {
            script: LISTS[random.below(LISTS.len())],
            over: 3 + random.below(4),
            options: interactive(random, is_free),
            reword: message(number, random),
        },
    }
}

fn interactive(random: &mut Random, is_free: bool) -> &'static [&'static str] {
    let all: [&[&str]; 4] = [
        &["--autostash"],
        &["--autostash", "--autosquash"],
        &["--autostash", "--rebase-merges"],
        &[],
    ];
    all[random.below(if is_free { 4 } else { 3 })]
}

fn branch(random: &mut Random) -> String {
    ["main", "main", "b1", "b1", "b2", "other1"][random.below(6)].to_owned()
}
