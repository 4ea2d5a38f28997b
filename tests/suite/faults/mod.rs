//! Every system call of everything that writes is failed, or our program
//! killed before it, one at a time; then what lies there is looked at, and
//! what the next run makes of it. Needs strace, and is skipped without.
//!
//! The ordinary tests take a few points of each scenario. The long run takes
//! `SPEC_LOG_FAULTS` points of each, all where it is larger:
//!
//! ```sh
//! SPEC_LOG_FAULTS=99999 cargo test --locked --test suite faults -- --nocapture
//! ```

/// A test for each scenario.
macro_rules! scenarios {
    ($($test:ident: $name:literal,)*) => {$(
        #[test]
        fn $test() {
            try_scenario($name);
        }
    )*};
}

mod points;
mod power;
mod scenarios;
mod snapshot;

use std::path::PathBuf;

use crate::histories::number;
use crate::sandbox::Output;
use points::{Point, Tracer};
use scenarios::{Scenario, Status, World};
use snapshot::Snapshot;

/// How many points of each scenario the ordinary tests take.
const FEW: u64 = 5;

/// How many failures are shown of a scenario.
const SHOWN: usize = 12;

/// A scenario's repository, and what runs without a fault make of it.
struct Bench<'a> {
    tracer: &'a Tracer,
    scenario: &'a Scenario,
    world: World<'a>,
    before: Snapshot,
    after: Snapshot,
    /// With HEAD's own documents: a record that moves is taken out first.
    between: Snapshot,
    /// What the next run makes of `before`, and of `after`.
    repaired: [Snapshot; 2],
}

impl<'a> Bench<'a> {
    fn new(tracer: &'a Tracer, scenario: &'a Scenario) -> Self {
        let world = World::new(scenario);
        let before = world.look();
        world.clean(world.repair());
        let unbegun = world.look();
        world.reset();
        world.restore_documents();
        let between = world.look();
        world.reset();
        world.clean(world.command());
        let after = world.look();
        world.clean(world.repair());
        let repaired = [unbegun, world.look()];
        Self { tracer, scenario, world, before, after, between, repaired }
    }

    fn points(&self) -> Vec<Point> {
        self.world.reset();
        self.tracer.points(self.world.command(), &self.world.beside("trace"))
    }

    /// Tries one point; answers what is wrong.
    fn try_point(&self, point: &Point) -> Result<(), String> {
        self.world.reset();
        let ended = self.world.run(self.tracer.inject(self.world.command(), point));
        let found = self.world.look();
        if let Some(lock) = found.lock() {
            return Err(format!("`{lock}` is left"));
        }
        if !point.kills() {
            self.judge_status(point, &ended, &found)?;
            found.has_no_more_names_than(&[&self.before, &self.after])?;
        }
        if self.scenario.status == Status::Merge {
            return self.judge_merge(&found);
        }
        found.is_one_of(&[&self.before, &self.after, &self.between])?;
        let next = self.world.run(self.world.repair());
        if next.status != 0 {
            return Err(format!("the next run fails: {next:?}"));
        }
        let (found, [one, other]) = (self.world.look(), &self.repaired);
        found.has_no_more_names_than(&[one, other, &self.after])?;
        found.is_wholly_one_of(&[one, other]).map_err(|why| format!("then {why}"))
    }

    /// A hook always passes, and says what it did not do; everything else has
    /// done its work where it says so.
    fn judge_status(&self, point: &Point, ended: &Output, found: &Snapshot) -> Result<(), String> {
        if ended.stderr.contains("error while loading shared libraries") {
            return Ok(());
        }
        let is_done = found.is_one_of(&[&self.after]);
        match (self.scenario.status, ended.status) {
            // A document that cannot be read is named, and the others are written.
            (Status::Command, 0) if !point.must_be_told() && !ended.stderr.is_empty() => Ok(()),
            (Status::Command, 0) => is_done.map_err(|why| format!("status 0, but {why}")),
            (Status::Hook, 0) if is_done.is_ok() || !point.must_be_told() => Ok(()),
            (Status::Hook, 0) if !ended.stderr.is_empty() => Ok(()),
            (Status::Hook, 0) => Err("nothing was done, and nothing said".to_owned()),
            (Status::Merge, 0..=1) | (Status::Command | Status::Merge, 2..=128) => Ok(()),
            (Status::Command, 1) => Ok(()),
            _ => Err(format!("it ends with {ended:?}")),
        }
    }

    /// Where it cannot merge by meaning, git merges by lines: ours stays, or
    /// both sides are there.
    fn judge_merge(&self, found: &Snapshot) -> Result<(), String> {
        let text = found.text("ours");
        let has_both = ["feat: store", "feat: send"].iter().all(|side| text.contains(side));
        match has_both || text == self.before.text("ours") {
            true => Ok(()),
            false => Err(format!("a side is lost: {text:?}")),
        }
    }
}

fn try_scenario(name: &str) {
    let Some(tracer) = Tracer::find() else {
        eprintln!("skipped: there is no strace that works here");
        return;
    };
    let scenario = scenarios::named(name);
    let bench = Bench::new(&tracer, &scenario);
    let all = bench.points();
    let wanted = number("SPEC_LOG_FAULTS", FEW).min(all.len() as u64) as usize;
    // Spread over the run, first and last alike.
    let chosen: Vec<&Point> = (0..wanted).map(|at| &all[at * all.len() / wanted]).collect();
    let mut wrong = Vec::new();
    for point in &chosen {
        if let Err(why) = bench.try_point(point) {
            wrong.push(format!("{point}: {why}"));
        }
    }
    println!("{name}: {} of {} fault points, {} wrong", chosen.len(), all.len(), wrong.len());
    wrong.iter().take(SHOWN).for_each(|line| println!("  {line}"));
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
}

/// Where the machine has a program that a sandbox has not.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(name));
    found.find(|path| path.is_file())
}

/// A hook and a `sync` that start `git` too, and every call of these names.
fn calls(names: &str) -> Option<Vec<String>> {
    let tracer = Tracer::find()?;
    let mut found = Vec::new();
    for name in ["post-commit, stage", "sync --commit", "merge-driver"] {
        let scenario = scenarios::named(name);
        let world = World::new(&scenario);
        found.extend(tracer.calls(world.command(), &world.beside("trace"), names));
    }
    Some(found)
}

#[test]
fn git_alone_is_started() {
    let Some(calls) = calls("execve") else { return };
    let started = calls.iter().filter(|call| call.contains(" = 0"));
    let programs: Vec<&str> = started.filter_map(|call| call.split('"').nth(1)).collect();
    assert!(programs.iter().any(|program| program.ends_with("/git")), "{programs:?}");
    for program in programs {
        // The hooks are git's to start, and are ours.
        if program.contains("/.git/hooks/") {
            continue;
        }
        let name = program.rsplit('/').next().unwrap_or(program);
        assert!(
            program.starts_with('/') && (name == "git" || name.contains("spec-log")),
            "{program}"
        );
    }
}

#[test]
fn no_network_is_opened() {
    let Some(calls) = calls("socket,connect,sendto") else { return };
    let network = calls.iter().find(|call| call.contains("AF_INET"));
    assert_eq!(network, None);
}

#[test]
fn the_next_hook_comes_back_to_a_document_that_could_not_be_opened() {
    let Some(tracer) = Tracer::find() else { return };
    let (hidden, other) = ("prd/tasks/07_login.md", "prd/tasks/08_logout.md");
    let first = ["post-commit", "post-commit, stage", "pre-commit, next", "sync"];
    for name in first {
        let scenario = scenarios::named(name);
        let world = World::new(&scenario);
        let output = world.run(tracer.hide(world.command(), "07_login.md"));
        assert_eq!(output.status == 0, scenario.status == Status::Hook, "{name}: {output:?}");
        assert!(output.stderr.contains("cannot read `prd/tasks/07_login.md`"), "{output:?}");
        let found = world.look();
        assert!(!found.text(hidden).contains("[x]") && found.text(other).contains("[x]"));
        let next = if name == "sync" { "spec-log-post-commit" } else { scenario.program() };
        world.clean(world.start(&[next]));
        assert!(world.look().text(hidden).contains("[x] Task 1.1"), "{name}");
    }
}

#[test]
fn records_wait_while_the_document_that_may_be_theirs_cannot_be_opened() {
    let Some(tracer) = Tracer::find() else { return };
    let scenario = scenarios::named("post-commit");
    let world = World::new(&scenario);
    // Only its text says which feature it tracks.
    world.rename("prd/tasks/07_login.md", "prd/tasks/login.md");
    let output = world.run(tracer.hide(world.command(), "login.md"));
    assert!(output.stderr.contains("cannot read `prd/tasks/login.md`"), "{output:?}");
    assert!(!output.stderr.contains("no document tracks"), "{output:?}");
    world.clean(world.command());
    assert!(world.look().text("prd/tasks/login.md").contains("[x] Task 1.1"));
}

scenarios! {
    post_commit_survives_every_fault: "post-commit",
    post_commit_that_stages_survives_every_fault: "post-commit, stage",
    pre_commit_that_records_survives_every_fault: "pre-commit, next",
    post_rewrite_survives_every_fault: "post-rewrite",
    post_checkout_survives_every_fault: "post-checkout",
    prepare_commit_msg_survives_every_fault: "prepare-commit-msg",
    commit_msg_survives_every_fault: "commit-msg",
    sync_survives_every_fault: "sync",
    sync_that_commits_survives_every_fault: "sync --commit",
    park_survives_every_fault: "park",
    init_survives_every_fault: "init",
    uninstalling_survives_every_fault: "init --uninstall",
    checkpoint_survives_every_fault: "checkpoint",
    new_survives_every_fault: "new",
    tick_survives_every_fault: "tick",
    merge_driver_survives_every_fault: "merge-driver",
}
