//! `git spec-log demo`: real commits through the real hooks, put in by the
//! `init` that everybody uses, in a repository that can be thrown away.

use std::path::{Path, PathBuf};

use super::init::facts::programs;
use super::{Outcome, diff, init};
use crate::record;
use crate::repo::{Spoken, Throwaway};
use crate::report::{Exit, Failure, Ink, Line, Settings, Ui};
use crate::store::{Scratch, Store, empty_directory};

/// See it work: a throwaway repository, real commits through the real hooks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to make it, new or empty; a temporary directory where none is named
    #[arg(value_name = "DIR")]
    // Not `directory`: clap would take it for the global -C.
    pub place: Option<PathBuf>,
}

const DOCUMENT: &str = "prd/tasks/07_login.md";

const BEFORE: &str = include_str!("07_login.md");

/// How wide what hooks say may be, for a terminal of 80 columns.
const WIDTH: usize = 76;

/// Each commit: the file it changes, and its message.
const COMMITS: [(&str, &str); 4] = [
    ("src/mail.rs", "feat: mail the link [PRD-07 Task 1.2]"),
    ("src/token.rs", "feat: hash the tokens [PRD-07 Task 1.1.1]"),
    ("tests/expiry.rs", "test: begin with expiry [PRD07 Tsk 2.1 wip]"),
    ("tests/expiry.rs", "test: begin with expiry [PRD-07 Task 2.1 wip]"),
];

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    if ui.is_json() {
        return Err(Failure::usage("the demo is for people: it has no --json"));
    }
    let programs = programs()?;
    let Some(directory) = &args.place else {
        let scratch = Scratch::new().map_err(record::Error::from)?;
        play(scratch.path(), &programs, ui)?;
        ui.line("");
        ui.line("The repository was temporary and is gone; git spec-log demo DIR keeps it.");
        return Ok(Exit::Fine);
    };
    let directory = empty_directory(directory).map_err(record::Error::from)?;
    play(&directory, &programs, ui)?;
    ui.line("");
    ui.line(format!("The repository is in {}", directory.display()));
    Ok(Exit::Fine)
}

fn play(top: &Path, programs: &Path, ui: &mut Ui) -> Result<(), Failure> {
    let repo = Throwaway::init(top, programs).map_err(record::Error::from)?;
    let write = |path: &str, old: Option<&str>, new: &str| {
        let store = Store::new(top);
        store.make_parents(path)?;
        store.replace(path, old.map(str::as_bytes), new.as_bytes())
    };
    write(DOCUMENT, None, BEFORE).map_err(record::Error::from)?;
    git(&repo, &["add", "prd"])?;
    git(&repo, &["commit", "-q", "-m", "docs: plan the login"])?;
    ui.line(format!("A feature file, {DOCUMENT}, and the hooks beside it:"));
    install(&repo, ui)?;
    let mut code = String::new();
    for (path, message) in COMMITS {
        let old = Some(code.as_str()).filter(|_| top.join(path).exists());
        let new = format!("// {message}\n");
        write(path, old, &new).map_err(record::Error::from)?;
        code = new;
        git(&repo, &["add", path])?;
        commit(&repo, message, ui)?;
    }
    let after = Store::new(top).read(DOCUMENT).map_err(record::Error::from)?.unwrap_or_default();
    ui.line("");
    ui.line("What the hooks made of the feature file:");
    ui.line("");
    diff::show(DOCUMENT, BEFORE.as_bytes(), &after, ui);
    status(&repo, ui)
}

fn install(repo: &Throwaway, ui: &mut Ui) -> Result<(), Failure> {
    command("git spec-log init", ui);
    let args =
        init::Args { mode: init::Mode::Auto, dry_run: false, uninstall: false, agents: false };
    let mut silent = Ui::new(Settings { quiet: true, ..Settings::default() });
    init::run_in(repo.environment(), &args, &mut silent)?;
    ui.line(format!("  {} hooks are installed", crate::hook::HOOKS.len()));
    Ok(())
}

/// Commits, and shows what the hooks say, which may be a refusal.
fn commit(repo: &Throwaway, message: &str, ui: &mut Ui) -> Result<(), Failure> {
    command(&format!("git commit -qm '{message}'"), ui);
    let spoken = repo.run(&["commit", "-q", "-m", message]).map_err(record::Error::from)?;
    let ink = if spoken.is_fine { Ink::Good } else { Ink::Bad };
    for line in spoken.stderr.lines().flat_map(folded) {
        ui.line(Line::new(ink, &format!("  {line}")));
    }
    if !spoken.is_fine {
        ui.line("  (refused: nothing is committed, and the tag is put right)");
    }
    Ok(())
}

fn status(repo: &Throwaway, ui: &mut Ui) -> Result<(), Failure> {
    command("git spec-log status", ui);
    let color = if ui.colors_data() { "--color=always" } else { "--color=never" };
    let spoken = repo.run(&["spec-log", color, "status"]).map_err(record::Error::from)?;
    ui.raw(spoken.stdout.as_bytes());
    spoken.stderr.lines().for_each(|line| ui.line(line));
    Ok(())
}

/// A line in pieces that fit beside each other's indentation.
fn folded(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let last = pieces.last_mut().expect("one piece at least");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= WIDTH {
            *last += &format!(" {word}");
        } else {
            pieces.push(format!("  {word}"));
        }
    }
    pieces
}

fn command(text: &str, ui: &mut Ui) {
    ui.line("");
    ui.line(Line::new(Ink::Name, &format!("$ {text}")));
}

/// Runs git, which must succeed.
fn git(repo: &Throwaway, args: &[&str]) -> Result<Spoken, Failure> {
    let spoken = repo.run(args).map_err(record::Error::from)?;
    match spoken.is_fine {
        true => Ok(spoken),
        false => {
            let said = spoken.stderr.trim();
            Err(Failure::new("demo", format!("`git {}` failed: {said}", args.join(" "))))
        }
    }
}
