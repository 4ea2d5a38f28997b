//! A three-way merge of texts, git's own.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::NamedTempFile;

use super::child::find_git;
use super::{Environment, Error, Repo};

/// How many conflicts `git merge-file` counts; more are a failure.
const MOST_CONFLICTS: i32 = 127;

/// A text that git merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedText {
    /// The text, with markers where the sides disagree.
    pub text: Vec<u8>,
    /// How many conflicts it holds, 127 at most.
    pub conflicts: usize,
}

/// How a conflict is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marking<'a> {
    /// How many characters a marker has.
    pub size: usize,
    /// What base, ours and theirs are called behind it.
    pub labels: [&'a str; 3],
}

impl Default for Marking<'_> {
    fn default() -> Self {
        Self { size: 7, labels: ["base", "ours", "theirs"] }
    }
}

impl Repo {
    /// Merges two texts that come from one base; `None` where they disagree.
    pub fn merge_texts(
        &self,
        base: &[u8],
        ours: &[u8],
        theirs: &[u8],
    ) -> Result<Option<Vec<u8>>, Error> {
        match self.join_texts(base, ours, theirs, Marking::default()) {
            Ok(joined) => Ok((joined.conflicts == 0).then_some(joined.text)),
            Err(Error::Child { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Merges two texts that come from one base, with markers where they
    /// disagree, in the style that `merge.conflictStyle` asks for.
    ///
    /// # Errors
    /// Texts that git takes for binary.
    pub fn join_texts(
        &self,
        base: &[u8],
        ours: &[u8],
        theirs: &[u8],
        marking: Marking<'_>,
    ) -> Result<JoinedText, Error> {
        let files = [ours, base, theirs].map(written);
        let [Ok(ours), Ok(base), Ok(theirs)] = files else {
            let source = io::Error::other("cannot write a temporary file");
            return Err(started(files.into_iter().find_map(Result::err).unwrap_or(source)));
        };
        let size = format!("--marker-size={}", marking.size);
        let [base_label, our_label, their_label] = marking.labels;
        let paths = [&ours, &base, &theirs].map(|file| file.path().to_string_lossy().into_owned());
        let mut args = vec!["merge-file", "-p", "-q", &size];
        args.extend(["-L", our_label, "-L", base_label, "-L", their_label]);
        args.extend(paths.iter().map(String::as_str));
        let output = self.git_output(&args)?;
        match output.status.code() {
            Some(conflicts @ 0..=MOST_CONFLICTS) => Ok(JoinedText {
                text: output.stdout,
                conflicts: usize::try_from(conflicts).unwrap_or_default(),
            }),
            _ => {
                let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                Err(Error::Child { command: "merge-file".to_owned(), said })
            }
        }
    }
}

/// Merges the files of a merge driver in place, as git does where no driver is
/// set; answers whether they disagree. Needs no repository.
pub fn merge_files(files: [&Path; 3], marking: Marking<'_>) -> Result<bool, Error> {
    let [base, ours, theirs] = files;
    let program = find_git(&Environment::of_process(), None).ok_or(Error::NoGit)?;
    let [base_label, our_label, their_label] = marking.labels;
    let output = Command::new(program)
        .args(["merge-file", "-q", &format!("--marker-size={}", marking.size)])
        .args(["-L", our_label, "-L", base_label, "-L", their_label, "--"])
        .args([ours, base, theirs])
        .stdin(Stdio::null())
        .output()
        .map_err(started)?;
    match output.status.code() {
        Some(conflicts @ 0..=MOST_CONFLICTS) => Ok(conflicts > 0),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(Error::Child { command: "merge-file".to_owned(), said })
        }
    }
}

fn written(text: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(text)?;
    file.flush()?;
    Ok(file)
}

fn started(source: io::Error) -> Error {
    Error::Start { command: "merge-file".to_owned(), source }
}
