//! Power cuts: the repository lies on an ext4 image, and what the disk has
//! seen of it is copied. What was not flushed is not in the copy, and the
//! journal is replayed when that is mounted.
//!
//! Mounts are made in a namespace of their own, which goes with the command:
//! nothing is left, whatever ends the tests. Only root may, and strace and
//! mkfs.ext4 are needed; skipped without.
//!
//! The ordinary tests cut after each command has ended. The long run cuts
//! before `SPEC_LOG_POWER` of its writing calls too, all where it is larger:
//!
//! ```sh
//! SPEC_LOG_POWER=99999 cargo test --locked --test suite power -- --nocapture
//! ```

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::points::{Point, Tracer};
use super::scenarios::{self, World};
use super::snapshot::Snapshot;
use super::{Bench, program};
use crate::histories::number;
use crate::sandbox::Output;

/// Mounts an image at the repository, runs a command in it, and copies the
/// image as the disk has it then; and the files before and after.
const RUN: &str = r#"
run() { PATH=$SYSTEM "$@"; }
run mount -o "loop,noatime,commit=600$OPTIONS" "$IMAGE" "$TOP" || exit 125
# The power may leave locks of git's own, which a person has to take away.
run find "$TOP/.git" -name '*.lock' -delete
run rm -rf "$FOUND" "$LEFT" "$TOP/lost+found" && run cp -a "$TOP" "$FOUND" && cd "$TOP" || exit 125
"$@"
status=$?
run cp "$IMAGE" "$CUT" && run cp -a "$TOP" "$LEFT" || exit 125
exit $status
"#;

/// How the image is mounted: as usual, and with no care for programs that
/// rename without a flush.
const OPTIONS: [&str; 2] = ["", ",noauto_da_alloc"];

/// When the power is cut.
enum Cut<'p> {
    /// Before a call.
    Before(&'p Point),
    /// So long after the start; then all that was started ends.
    After(Duration),
    /// When the command has ended.
    AtTheEnd,
}

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(point) => point.fmt(f),
            Self::After(time) => write!(f, "after {time:?}"),
            Self::AtTheEnd => f.write_str("at the end"),
        }
    }
}

/// A disk with a scenario's repository.
struct Disk<'a> {
    world: &'a World<'a>,
    options: &'static str,
}

impl<'a> Disk<'a> {
    /// The repository as it is now; `None` where it cannot be had.
    fn new(world: &'a World<'a>, options: &'static str) -> Option<Self> {
        let disk = Self { world, options };
        let image = disk.image("new");
        fs::File::create(&image).expect("a file").set_len(16 << 20).expect("a length");
        let mut mkfs = Command::new(program("mkfs.ext4")?);
        mkfs.args(["-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0", "-d"]);
        let made = mkfs.arg(world.top()).arg(&image).output().expect("mkfs starts");
        let works = || disk.run("new", Command::new("true")).status == 0;
        (made.status.success() && program("unshare").is_some() && works()).then_some(disk)
    }

    fn image(&self, name: &str) -> PathBuf {
        self.world.beside(&format!("{name}.ext4"))
    }

    /// Runs a command on an image; what the disk has seen then is `cut`.
    fn run(&self, image: &str, command: Command) -> Output {
        let mounted = self.image("mounted");
        fs::copy(self.image(image), &mounted).expect("a copy");
        let mut run = Command::new(program("unshare").unwrap_or_default());
        run.args(["--mount", "sh", "-c", RUN, "sh"]);
        run.arg(command.get_program()).args(command.get_args()).env_clear();
        run.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let places = [("TOP", "work"), ("FOUND", "found"), ("LEFT", "left")];
        run.envs(places.map(|(name, place)| (name, self.world.beside(place))));
        run.env("SYSTEM", std::env::var_os("PATH").unwrap_or_default());
        run.env("IMAGE", mounted).env("CUT", self.image("cut")).env("OPTIONS", self.options);
        self.world.run(run)
    }

    /// What the power left, what the next run made of it, and how that ended.
    fn look(&self) -> (Snapshot, Snapshot, Output) {
        let next = self.run("cut", self.world.repair());
        let [found, left] = ["found", "left"].map(|place| self.world.beside(place));
        (self.world.look_at(&found), self.world.look_at(&left), next)
    }
}

impl Bench<'_> {
    /// Cuts the power once; answers what is wrong.
    fn cut(&self, disk: &Disk<'_>, cut: &Cut<'_>) -> Result<(), String> {
        let command = self.world.command();
        let ended = disk.run(
            "new",
            match cut {
                Cut::Before(point) => self.tracer.inject(command, point),
                Cut::After(time) => ended_after(*time, command),
                Cut::AtTheEnd => command,
            },
        );
        let (found, left, next) = disk.look();
        if next.status == 125 {
            return Err(format!("it cannot be mounted: {next:?}"));
        }
        let is_started_by_git = matches!(cut, Cut::After(_));
        if ended.status == 0 {
            // What git writes besides need not have come to the disk.
            found.has_documents_of(&[&self.after])?;
        }
        match is_started_by_git {
            true => found.has_documents_of(&[&self.before, &self.after])?,
            false => found.is_one_of(&[&self.before, &self.after, &self.between])?,
        }
        if next.status != 0 {
            return Err(format!("the next run fails: {next:?}"));
        }
        let [one, other] = &self.repaired;
        let wanted: &[&Snapshot] = match is_started_by_git {
            true if found.is_ahead_of(&self.before) => &[other],
            true => &[one],
            false => &[one, other],
        };
        let repaired = match is_started_by_git {
            true => left.has_documents_of(wanted),
            false => left.is_one_of(wanted),
        };
        repaired.and_then(|()| left.has_records_of(wanted)).map_err(|why| format!("then {why}"))
    }
}

/// A command that is killed with all that it has started.
fn ended_after(time: Duration, command: Command) -> Command {
    let mut killed = Command::new(program("timeout").unwrap_or_default());
    killed.args(["-s", "KILL", &time.as_secs_f64().to_string()]);
    killed.arg(command.get_program()).args(command.get_args());
    killed.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    killed
}

fn try_scenario(name: &str) {
    let scenario = scenarios::named(name);
    let Some(tracer) = Tracer::find() else { return skip() };
    let bench = Bench::new(&tracer, &scenario);
    bench.world.reset();
    let wanted = number("SPEC_LOG_POWER", 0);
    let (mut tried, mut wrong) = (0, Vec::new());
    for options in OPTIONS.into_iter().take(if wanted > 0 { 2 } else { 1 }) {
        let Some(disk) = Disk::new(&bench.world, options) else { return skip() };
        let points = bench.points();
        bench.world.reset();
        let cuts = match scenario.is_gits() {
            true => times(&disk, wanted),
            false => spread(&points, wanted).map(Cut::Before).collect(),
        };
        for cut in cuts.iter().chain([&Cut::AtTheEnd]) {
            tried += 1;
            if let Err(why) = bench.cut(&disk, cut) {
                wrong.push(format!("{cut}{options}: {why}"));
            }
        }
    }
    println!("{name}: {tried} power cuts, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
}

/// The points at which a writing call is not made, so many of them.
fn spread(points: &[Point], wanted: u64) -> impl Iterator<Item = &Point> {
    let writing: Vec<&Point> = points.iter().filter(|p| p.kills() && p.writes()).collect();
    let wanted = wanted.min(writing.len() as u64) as usize;
    (0..wanted).map(move |at| writing[at * writing.len() / wanted])
}

/// Times from the start to the end of a command, so many.
fn times<'p>(disk: &Disk<'_>, wanted: u64) -> Vec<Cut<'p>> {
    let start = Instant::now();
    let _ = disk.run("new", disk.world.command());
    let whole = start.elapsed();
    let wanted = u32::try_from(wanted.min(1000)).unwrap_or(0);
    (0..wanted).map(|at| Cut::After(whole * (at + 1) / wanted)).collect()
}

fn skip() {
    eprintln!("skipped: no ext4 image can be mounted here, or there is no strace");
}

scenarios! {
    post_commit_survives_a_power_cut: "post-commit",
    post_commit_that_stages_survives_a_power_cut: "post-commit, stage",
    pre_commit_that_records_survives_a_power_cut: "pre-commit, next",
    post_rewrite_survives_a_power_cut: "post-rewrite",
    post_checkout_survives_a_power_cut: "post-checkout",
    sync_survives_a_power_cut: "sync",
    sync_that_commits_survives_a_power_cut: "sync --commit",
    park_survives_a_power_cut: "park",
    init_survives_a_power_cut: "init",
    uninstalling_survives_a_power_cut: "init --uninstall",
    checkpoint_survives_a_power_cut: "checkpoint",
    new_survives_a_power_cut: "new",
    tick_survives_a_power_cut: "tick",
    a_commit_survives_a_power_cut: "git commit",
}
