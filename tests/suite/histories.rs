//! Hooks one by one are the same as no hooks and one `sync` at the end, on
//! random histories.
//!
//! `SPEC_LOG_HISTORIES` is the number of histories, `SPEC_LOG_SEED` the first
//! seed; a failure prints the seed and the steps.

use std::fmt::Write;

use crate::laws::Random;
use crate::sandbox::Sandbox;

pub(crate) const PLACE: &str = "prd/tasks/07_login.md";

pub(crate) const PLAN: &str = "# Feature: Login (PRD 07)\n\n**Status:** Not Started\n\n**Started:** YYYY-MM-DD\n\n\
    **Last Updated:** YYYY-MM-DD HH:MM\n\n## Tasks\n\n### Phase 1: Core\n\n\
    - [ ] Task 1.1: Store\n  - [ ] Subtask 1.1.1\n  - [ ] Subtask 1.1.2\n- [ ] Task 1.2: Send\n\n\
    ### Phase 2: Rest\n\n- [ ] Task 2.1: Test\n- [ ] Task 2.2: Tell\n- [ ] Task 2.3: Ask\n\n\
    ## Progress Summary\n\n\
    - **Phase 1:** 0% complete (0/2 tasks done)\n- **Phase 2:** 0% complete (0/3 tasks done)\n\
    - **Overall:** 0% complete (0/5 tasks done)\n\n## Git Commits\n\n## Notes\n";

/// The tasks that commits name; the last one of the plan is a person's alone.
pub(crate) const TASKS: [&str; 6] = ["1.1", "1.1.1", "1.1.2", "1.2", "2.1", "2.2"];

/// A document that has no place for entries.
pub(crate) const LIST: &str = "specs/active/vault/tasks.md";

pub(crate) const LIST_PLAN: &str =
    "# Tasks: Vault\n\n- [ ] A1: Dig\n- [ ] A2: Fill\n- [ ] A3: Lock\n";

pub(crate) const LIST_TASKS: [&str; 3] = ["A1", "A2", "A3"];

pub(crate) const DOCUMENTS: [&str; 2] = [PLACE, LIST];

/// One step of a history, as arguments of git; `FILE` in front writes a file.
fn steps(random: &mut Random) -> Vec<Vec<String>> {
    let mut steps: Vec<Vec<String>> = Vec::new();
    let mut branches = 1;
    let mut commits = 0;
    for number in 0..12 + random.below(8) {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        match random.below(12) {
            0 if commits > 1 => steps.push(words("revert --no-edit HEAD")),
            1 if commits > 0 => {
                let mut amend = words("commit -q --amend -m");
                amend.push(message(number, random));
                steps.push(amend);
            }
            2 => {
                branches += 1;
                steps.push(words(&format!("switch -qc b{}", branches - 1)));
            }
            3 if branches > 1 => {
                steps.push(words(&format!("switch -q {}", branch(random.below(branches)))))
            }
            4 if branches > 1 => {
                steps.push(words(&format!("merge -q --no-edit {}", branch(random.below(branches)))))
            }
            5 if branches > 1 => {
                steps.push(words(&format!("cherry-pick {}", branch(random.below(branches)))))
            }
            _ => {
                steps.push(vec!["FILE".to_owned(), format!("f{number}")]);
                steps.push(vec!["commit".to_owned(), "-qm".to_owned(), message(number, random)]);
                commits += 1;
            }
        }
    }
    steps.push(vec!["FILE".to_owned(), "last".to_owned()]);
    steps.push(vec![
        "commit".to_owned(),
        "-qm".to_owned(),
        "feat: last [PRD-07 Task 2.2 wip]".to_owned(),
    ]);
    steps
}

fn branch(number: usize) -> String {
    if number == 0 { "main".to_owned() } else { format!("b{number}") }
}

pub(crate) fn message(number: usize, random: &mut Random) -> String {
    let mut message = format!("feat: step {number}");
    if random.below(5) > 0 {
        let word = ["", "", "", " wip", " done", " reopen"][random.below(6)];
        write!(message, " [PRD-07 Task {}{word}]", TASKS[random.below(6).min(random.below(6))])
            .expect("a String takes it");
    }
    if random.below(5) == 0 {
        write!(message, "\n\nAlso [PRD-07 Task {}].", TASKS[random.below(6).min(random.below(6))])
            .expect("a String takes it");
    }
    if random.below(6) == 0 {
        write!(message, "\n\nAlso [vault Task {}].", LIST_TASKS[random.below(3)])
            .expect("a String takes it");
    }
    message
}

fn walk(sandbox: &Sandbox, steps: &[Vec<String>]) {
    for step in steps {
        let arguments: Vec<&str> = step.iter().map(String::as_str).collect();
        match arguments.as_slice() {
            ["FILE", name] => {
                sandbox.write(name, name);
                sandbox.git(&["add", name]).ok();
            }
            // What git refuses, it refuses in both sandboxes alike.
            arguments => {
                let output = sandbox.git(arguments);
                if output.status != 0 {
                    let _ = sandbox.git(&[arguments[0], "--abort"]);
                }
            }
        }
    }
}

pub(crate) fn begin() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, PLAN);
    sandbox.write(LIST, LIST_PLAN);
    sandbox.commit("docs: plan").ok();
    sandbox
}

pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

#[test]
fn hooks_one_by_one_are_one_sync_at_the_end() {
    let first = number("SPEC_LOG_SEED", 1);
    for seed in first..first + number("SPEC_LOG_HISTORIES", 12) {
        let steps = steps(&mut Random::new(seed));
        let told: Vec<String> = steps.iter().map(|step| step.join(" ")).collect();
        let (hooked, bare) = (begin(), begin());
        hooked.install_hooks();
        bare.git(&["version"]).ok();
        walk(&hooked, &steps);
        walk(&bare, &steps);
        let head = |sandbox: &Sandbox| sandbox.git(&["rev-parse", "HEAD"]).ok();
        assert_eq!(head(&hooked), head(&bare), "seed {seed}: {told:#?}");
        bare.spec_log(&["sync", "-q"]).ok();
        let read = |sandbox: &Sandbox| DOCUMENTS.map(|path| sandbox.read(path)).concat();
        let (one, other) = (read(&hooked), read(&bare));
        assert!(one == other, "seed {seed}: {told:#?}\nhooks:\n{one}\nsync:\n{other}");
        hooked.spec_log(&["sync", "-q"]).ok();
        assert_eq!(read(&hooked), one, "seed {seed}: sync after the hooks changes something");
    }
}
