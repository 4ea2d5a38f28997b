//! `git spec-log merge-driver`

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::commit::Oid;
use crate::doc::dialect::{Dialect, FEATURE_FILE};
use crate::merge::{Joined, Merged, Sides, Three};
use crate::record::{self, Project};
use crate::repo::{Marking, Repo, merge_files};
use crate::report::{Exit, Failure, Ui};
use crate::store::{self, Store};

/// The most lines of a document that is merged by what it means.
const MOST_LINES: usize = 200_000;

/// Merge three versions of a document for git; the result replaces OURS
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The version that both sides come from (%O)
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    /// The version that is merged into, and the result (%A)
    #[arg(value_name = "OURS")]
    pub ours: PathBuf,
    /// The version that is merged in (%B)
    #[arg(value_name = "THEIRS")]
    pub theirs: PathBuf,
    /// Where the document lies (%P)
    #[arg(value_name = "PATH")]
    pub path: Option<OsString>,
    /// How many characters a conflict marker has (%L)
    #[arg(value_name = "MARKER_SIZE", default_value_t = Marking::default().size)]
    pub marker_size: usize,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    // The default hook prints, and printing to a closed stderr panics again.
    let told = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let merged = panic::catch_unwind(AssertUnwindSafe(|| merge(args)));
    panic::set_hook(told);
    let broke = || Failure::new("merge-driver", "spec-log broke on this document");
    let conflicts = match merged.unwrap_or_else(|_| Err(broke())) {
        Ok(conflicts) => conflicts,
        Err(failure) => {
            let place = args.path.as_deref().unwrap_or(args.ours.as_os_str()).to_string_lossy();
            ui.warning(format!("`{place}` is merged line by line: {}", failure.message));
            let files = [&*args.base, &*args.ours, &*args.theirs];
            merge_files(files, args.marking()).map_err(record::Error::from)?
        }
    };
    Ok(if conflicts { Exit::Findings } else { Exit::Fine })
}

impl Args {
    fn marking(&self) -> Marking<'static> {
        Marking { size: self.marker_size, ..Marking::default() }
    }
}

/// Merges the files by what they mean; answers whether they disagree. OURS is
/// untouched after a failure.
fn merge(args: &Args) -> Result<bool, Failure> {
    let texts =
        Three { base: read(&args.base)?, ours: read(&args.ours)?, theirs: read(&args.theirs)? };
    let before = texts.ours.clone();
    let repo = Repo::discover(Path::new(".")).map_err(record::Error::from)?;
    let project = Project::open(repo, &crate::hook::environment())?;
    let merged = merge_texts(&project, args, texts)?;
    if merged.text != before {
        write(&args.ours, &before, &merged.text)?;
    }
    Ok(merged.conflicts)
}

fn merge_texts(project: &Project, args: &Args, texts: Three<Vec<u8>>) -> Result<Merged, Failure> {
    let join = |texts: Three<Vec<u8>>| {
        let Three { base, ours, theirs } = &texts;
        let joined = project.repo().join_texts(base, ours, theirs, args.marking());
        let joined = joined.map_err(record::Error::from)?;
        let (text, conflicts) = (joined.text, joined.conflicts);
        Ok::<_, record::Error>(Joined { text, conflicts, marker: args.marker_size })
    };
    let Some((path, dialect)) = place(project, args) else {
        // No document of ours: whoever set the driver for it gets git's merge.
        let joined = join(texts)?;
        return Ok(Merged { text: joined.text, conflicts: joined.conflicts > 0 });
    };
    let sides = Sides::read(&path, dialect, texts);
    let history = project.history_of(&sides, &tips(project));
    Ok(sides.merge(&history, join)?)
}

/// The document's path and dialect; without a path it is a feature file that
/// names its feature itself.
fn place(project: &Project, args: &Args) -> Option<(String, &'static Dialect)> {
    let Some(path) = &args.path else { return Some((String::new(), &FEATURE_FILE)) };
    let path = path.to_str()?;
    project.places().books_dialect(path).map(|dialect| (path.to_owned(), dialect))
}

/// The commits whose histories are merged. git names those that `merge` brings
/// in by variables, for the labels of conflicts.
fn tips(project: &Project) -> Vec<Oid> {
    let named = std::env::vars_os().filter_map(|(name, _)| {
        name.to_str().and_then(|name| name.strip_prefix("GITHEAD_")).and_then(Oid::from_hex)
    });
    named.chain(project.repo().head().ok().flatten()).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let place = path.display();
    let failed =
        |why: String| Failure::new("merge-driver", format!("cannot read `{place}`: {why}"));
    let bytes = store::read_plain(path).map_err(|error| failed(error.to_string()))?;
    let bytes = bytes.ok_or_else(|| failed("it is not there".to_owned()))?;
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
    if bytes.len() as u64 > store::LIMIT || lines > MOST_LINES {
        return Err(failed("it is too large".to_owned()));
    }
    Ok(bytes)
}

/// Replaces the file whole, so that git's own merge could still be run on it
/// if we were killed.
fn write(path: &Path, before: &[u8], text: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("`{}` is no file", path.display())))?;
    let store = Store::new(folder.unwrap_or(Path::new(".")));
    Ok(store.replace(name, Some(before), text).map_err(record::Error::from)?)
}
