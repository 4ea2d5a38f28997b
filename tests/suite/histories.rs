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

const WORKSPACE: &str = "# Tasks: Login\n\n**Last Updated**: YYYY-MM-DD HH:MM\n\n## Phase 1: Research\n\n\
    - [ ] 1.1: Store\n  - [ ] 1.1.1 One way\n  - [ ] 1.1.2 Two ways\n- [ ] 1.2: Send\n\n\
    ## Phase 2: Testing\n\n- [ ] 2.1: Test\n- [ ] 2.2: Tell\n";

pub(crate) const RECOVERY: &str = "# Session Recovery: Login\n\n**Workspace**: specs/active/login/\n\
    **Last Updated**: [Date/Time]\n**Current Phase**: [Planning | Research]\n\n\
    ## Current State\n\n### Completed\n- [x] [Completed item 1]\n- [x] [Completed item 2]\n\n\
    ### In Progress\n- [ ] **Current focus**: [Task]\n- **File being modified**: `[path]`\n\
    - **Last action**: [Last thing]\n\n## Files Modified So Far\n\n- `src/[file].py` - [What]\n\n\
    ## Next Steps\n\n1. **Immediate**: [Next]\n2. **After that**: [Then]\n3. Ask Ann about 1.2\n\n\
    ## Notes\n";

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
    begin_with(&[(PLACE, PLAN), (LIST, LIST_PLAN)])
}

fn begin_with(documents: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    documents.iter().for_each(|(path, text)| sandbox.write(path, text));
    sandbox.commit("docs: plan").ok();
    sandbox
}

pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

#[test]
fn hooks_one_by_one_are_one_sync_at_the_end() {
    compare(&[(PLACE, PLAN), (LIST, LIST_PLAN)], "PRD-07");
}

#[test]
fn so_they_are_for_a_workspace_and_its_recovery_file() {
    compare(
        &[("specs/active/login/tasks.md", WORKSPACE), ("specs/active/login/recovery.md", RECOVERY)],
        "login",
    );
}

fn compare(documents: &[(&str, &str)], feature: &str) {
    let begin = || begin_with(documents);
    let first = number("SPEC_LOG_SEED", 1);
    for seed in first..first + number("SPEC_LOG_HISTORIES", 12) {
        let mut steps = steps(&mut Random::new(seed));
        steps.iter_mut().flatten().for_each(|word| *word = word.replace("PRD-07", feature));
        let told: Vec<String> = steps.iter().map(|step| step.join(" ")).collect();
        let (hooked, bare) = (begin(), begin());
        hooked.install_hooks();
        bare.git(&["version"]).ok();
        walk(&hooked, &steps);
        walk(&bare, &steps);
        let head = |sandbox: &Sandbox| sandbox.git(&["rev-parse", "HEAD"]).ok();
        assert_eq!(head(&hooked), head(&bare), "seed {seed}: {told:#?}");
        bare.spec_log(&["sync", "-q"]).ok();
        let texts = |sandbox: &Sandbox| -> Vec<String> {
            let read = |path: &str| std::fs::read_to_string(sandbox.top().join(path));
            documents.iter().map(|(path, _)| read(path).unwrap_or_default()).collect()
        };
        let (by_hooks, by_sync) = (texts(&hooked), texts(&bare));
        for (one, other) in by_hooks.iter().zip(&by_sync) {
            assert!(one == other, "seed {seed}: {told:#?}\nhooks:\n{one}\nsync:\n{other}");
        }
        hooked.spec_log(&["sync", "-q"]).ok();
        assert_eq!(texts(&hooked), by_hooks, "seed {seed}: sync after the hooks changes something");
    }
}
