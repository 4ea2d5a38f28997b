//! What the work tree and the index hold that HEAD does not.

use super::{Error, Repo};

/// A path that differs from HEAD, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncommitted {
    /// The path, relative to the work tree; a folder nothing in which is
    /// tracked ends in `/`.
    pub path: String,
    /// `staged`, `unstaged`, `both`, `untracked`, `deleted` or `conflicted`.
    pub state: &'static str,
}

impl Repo {
    /// The paths that a commit of everything would change, sorted as git does:
    /// what is tracked first.
    pub fn uncommitted(&self) -> Result<Vec<Uncommitted>, Error> {
        // A monitor that is set for the file system would be started.
        let said = self.git(&[
            "-c",
            "core.fsmonitor=false",
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--untracked-files=normal",
        ])?;
        let records = said.0.split(|&byte| byte == 0);
        Ok(records.filter_map(read).collect())
    }
}

/// Reads `XY path` (git-status, *Short Format*).
fn read(record: &[u8]) -> Option<Uncommitted> {
    let (code, path) = (record.get(..2)?, record.get(3..)?);
    let state = match code {
        b"??" => "untracked",
        b"DD" | b"AA" => "conflicted",
        [b'U', _] | [_, b'U'] => "conflicted",
        [b'D', _] | [_, b'D'] => "deleted",
        [_, b' '] => "staged",
        [b' ', _] => "unstaged",
        _ => "both",
    };
    Some(Uncommitted { path: String::from_utf8_lossy(path).into_owned(), state })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;

    #[test]
    fn every_path_is_told_with_where_it_differs() {
        let sandbox = Sandbox::new();
        for path in ["a", "b", "c", "d", "e f/ü"] {
            sandbox.write(path, "1");
        }
        sandbox.git(&["add", "-A"]);
        sandbox.git(&["commit", "-qm", "first"]);
        sandbox.git(&["config", "status.showUntrackedFiles", "no"]);
        sandbox.git(&["config", "status.renames", "copies"]);
        for path in ["a", "b", "e f/ü"] {
            sandbox.write(path, "2");
        }
        sandbox.git(&["add", "b", "e f"]);
        sandbox.write("b", "3");
        sandbox.git(&["rm", "-q", "c"]);
        sandbox.git(&["mv", "d", "moved"]);
        sandbox.write("new/one", "1");
        let found = sandbox.repo().uncommitted().unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.path.as_str(), one.state)).collect();
        let wanted = [
            ("a", "unstaged"),
            ("b", "both"),
            ("c", "deleted"),
            ("d", "deleted"),
            ("e f/ü", "staged"),
            ("moved", "staged"),
            ("new/", "untracked"),
        ];
        assert_eq!(found, wanted);
    }
}
