//! The ledger against a whole walk, after every step of random histories.
//!
//! `SPEC_LOG_HISTORIES` is the number of histories, `SPEC_LOG_SEED` the first
//! seed. The long run:
//!
//! ```sh
//! SPEC_LOG_HISTORIES=200 cargo test --release --lib ledger
//! ```

use std::cell::Cell;
use std::path::{Path, PathBuf};

use super::*;
use crate::repo::testing::Sandbox;

/// How many steps a history takes.
const STEPS: usize = 25;

/// Where it lies, in a shell.
const LEDGER: &str = "$(git rev-parse --git-common-dir)/spec-log/ledger";

/// An endless row of numbers from a seed.
struct Random(Cell<u64>);

impl Random {
    fn below(&self, most: u64) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mixed = (self.0.get() ^ (self.0.get() >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) % most
    }

    fn pick<'a>(&self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

/// A shallow clone of a long history with two work trees.
struct World {
    sandbox: Sandbox,
    random: Random,
    trees: [PathBuf; 2],
    /// What the clock shows; it jumps now and then.
    clock: Cell<u64>,
}

impl World {
    fn new(seed: u64) -> Self {
        let sandbox = Sandbox::new();
        let random = Random(Cell::new(seed));
        sandbox.sh(&format!(
            "mkdir ../outside/far && cd ../outside/far && git init -q -b main && \
             awk 'BEGIN {{ srand({seed}); for (i = 1; i <= 300; i++) {{ \
               side = i % 9 > 5; \
               printf \"commit refs/heads/%s\\nmark :%d\\n\", side ? \"side\" : \"main\", i; \
               printf \"committer C <c> %d +0000\\n\", 1700000000 + i * 60 + int(rand() * 200); \
               text = \"work \" i (rand() < 0.3 ? \" [PRD-\" i % 7 \" Task 1.1]\" : \"\"); \
               printf \"data %d\\n%s\\n\", length(text), text; \
               if (i > 1) printf \"from :%d\\n\", (i % 9 == 0) ? i - 4 : i - 1; \
               if (i % 9 == 0) printf \"merge :%d\\n\", i - 1; \
               if (i % 9 == 4 && i > 60) printf \"merge :%d\\n\", i - 2 - int(rand() * 50); \
             }} }}' | git fast-import --quiet"
        ));
        let depth = 1 + random.below(250);
        sandbox.sh(&format!(
            "git remote add origin \"file://$PWD/../outside/far\" && \
             git fetch -q --depth={depth} origin && git reset -q --hard origin/main && \
             git worktree add -q -b other ../outside/tree HEAD~{} || \
             git worktree add -q -b other ../outside/tree HEAD",
            random.below(depth)
        ));
        let trees = [sandbox.top().to_owned(), sandbox.outside().join("tree")];
        Self { sandbox, random, trees, clock: Cell::new(1_700_010_000) }
    }

    /// Something that people do, or that befalls a repository.
    fn step(&self) -> String {
        let (random, few) = (&self.random, self.random.below(4) + 1);
        if random.below(8) == 0 {
            self.clock.set(1_000_000_000 + random.below(4) * 350_000_000);
        }
        let date = self.clock.replace(self.clock.get() + 60);
        let dated = format!("GIT_COMMITTER_DATE='@{date} +0000' git");
        let text = format!(
            "step {date} {}",
            random.pick(&[
                "",
                "",
                "[PRD-3 Task 1.1]",
                "[plan Task A1]",
                "[PRD 7.1]",
                "größe [",
                "[PRD-4]"
            ])
        );
        let branch = random.pick(&["main", "one", "two", "three"]);
        match random.below(21) {
            0..=1 => format!("{dated} commit -q --allow-empty -m '{text}'"),
            2..=3 => format!(
                "for i in 1 2 3 4 5 6 7 8 9; do {dated} commit -q --allow-empty -m \"{text} $i\"; done"
            ),
            4 => {
                format!("{dated} -c i18n.commitEncoding=latin1 commit -q --allow-empty -m '{text}'")
            }
            5 => format!("{dated} commit -q --allow-empty --amend -m '{text}'"),
            6 => format!("git reset -q --hard HEAD~{few}"),
            7 => format!("git reset -q --hard HEAD~{}", random.below(90)),
            8 => format!("git switch -q {branch} || git switch -q -c {branch}"),
            9 => format!("git switch -q -c {branch} HEAD~{}", random.below(40)),
            10 => format!("{dated} merge -q -s ours --no-ff -m 'join {text}' {branch}"),
            11 => format!("{dated} rebase -q --empty=keep HEAD~{few} --onto {branch}"),
            12 => format!("{dated} rebase -q --force-rebase --empty=keep HEAD~{few}"),
            13 => format!("{dated} cherry-pick --allow-empty {branch}"),
            14 => format!(
                "{dated} revert -n {branch}; {dated} commit -q --allow-empty \
                           -m \"Revert \\\"x\\\"\" -m \"This reverts commit $(git rev-parse {branch}).\""
            ),
            15 => "git reflog expire --expire=now --all; git gc -q --prune=now".to_owned(),
            16 => format!("git fetch -q --deepen={} origin", random.below(60) + 1),
            17 => format!("git fetch -q --depth={} origin", random.below(200) + 1),
            18 => format!(
                "git replace -f HEAD~{few} {branch}; git replace -f --graft HEAD HEAD~{few}"
            ),
            19 => format!(
                "git replace -d $(git replace -l); git switch -q --orphan o{date}; {dated} commit -q --allow-empty -m '{text}'"
            ),
            _ => random
                .pick(&[
                    "truncate -s 100 LEDGER",
                    "head -c 300 /dev/zero > LEDGER",
                    "printf x | dd of=LEDGER bs=1 seek=200 conv=notrunc 2>/dev/null",
                    "printf x | dd of=LEDGER bs=1 seek=$(($(wc -c < LEDGER) - 9)) \
                     conv=notrunc 2>/dev/null",
                    "rm -rf LEDGER && mkdir LEDGER",
                    "rm -rf LEDGER",
                    "git fetch -q --unshallow origin",
                ])
                .replace("LEDGER", &format!("\"{LEDGER}\"")),
        }
    }

    /// Asks for HEAD, and for a commit that lies somewhere below it.
    fn check(&self, tree: &Path) -> Result<(), String> {
        let project = Project::open(self.sandbox.hook_in(tree), &[]).unwrap();
        let spec = format!("HEAD~{}", self.random.below(70));
        let lower = self.git(tree, &format!("rev-parse -q --verify {spec}"));
        let head = project.repo().head().unwrap();
        for oid in head.into_iter().chain(Oid::from_hex(lower.trim())) {
            self.compare(tree, &project, oid)?;
        }
        Ok(())
    }

    fn git(&self, tree: &Path, arguments: &str) -> String {
        let git = "git --no-replace-objects";
        self.sandbox.sh(&format!("cd '{}' && {git} {arguments}", tree.display()))
    }

    fn compare(&self, tree: &Path, project: &Project, oid: Oid) -> Result<(), String> {
        let sorted = |mut found: Vec<Candidate>| {
            assert!(found.is_sorted_by(|a, b| a.seconds >= b.seconds));
            found.sort_by_key(|candidate| candidate.oid);
            found
        };
        let names = |found: &[Candidate]| found.iter().map(|c| c.oid).collect::<Vec<_>>();
        let mut found = Vec::new();
        let visit = &mut |one| {
            found.push(one);
            Ok::<_, Error>(ControlFlow::Continue(()))
        };
        project.visit_below(oid, 1, &|_| true, visit).unwrap();
        let found = sorted(found);
        let mut fresh = Ledger::default();
        let walk = project.add_history(&mut fresh, oid).unwrap();
        let walked = fresh.newest_first(walk.segment, &|_| true).map(Result::unwrap);
        let walked = sorted(walked.collect());
        if found != walked {
            let (found, walked) = (names(&found), names(&walked));
            return Err(format!("{oid}: the ledger says {found:?}, a walk {walked:?}"));
        }
        let log = self.git(tree, &format!("log --encoding=none -z --format=%H%n%B {oid}"));
        let said = log.split('\0').filter_map(|commit| commit.split_once('\n'));
        let said = said.filter(|(_, message)| tag::may_hold_tag(message.as_bytes()));
        let mut said: Vec<Oid> = said.filter_map(|(name, _)| Oid::from_hex(name)).collect();
        said.sort_unstable();
        match names(&walked) == said {
            true => Ok(()),
            false => Err(format!("{oid}: a walk says {:?}, git {said:?}", names(&walked))),
        }
    }
}

#[test]
fn the_ledger_is_a_whole_walk_whatever_becomes_of_history() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
    };
    let first = number("SPEC_LOG_SEED", 1);
    let last = first + number("SPEC_LOG_HISTORIES", 2);
    for seed in first..last {
        let world = World::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut told = Vec::new();
        for _ in 0..STEPS {
            let tree = &world.trees[world.random.below(2) as usize];
            let step = format!("rmdir \"{LEDGER}\" 2>/dev/null; {}", world.step());
            world.sandbox.sh(&format!("cd '{}' && {step} 2>&1", tree.display()));
            told.push(step);
            for tree in &world.trees {
                if let Err(fault) = world.check(tree) {
                    panic!("seed {seed}:\n  {}\n{}: {fault}", told.join("\n  "), tree.display());
                }
            }
        }
    }
}
