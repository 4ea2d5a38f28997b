//! Hook files: what stands in the place of one, and writing it whole or not at
//! all. They lie in the git directory or where `core.hooksPath` says, so the
//! rules for documents do not hold for them; what may be written is for `init`
//! to decide.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::temp::Temp;

/// What stands in the place of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A symbolic link, to this target as it is written.
    Link(PathBuf),
    /// A file.
    File {
        /// What it holds.
        bytes: Vec<u8>,
        /// Whether git would run it.
        executable: bool,
    },
    /// A directory, a device, a FIFO.
    Other,
}

/// Looks at a place without following a link.
pub fn look(path: &Path) -> io::Result<Found> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Found::Nothing);
        }
        Err(error) => return Err(error),
    };
    Ok(if meta.is_symlink() {
        Found::Link(fs::read_link(path)?)
    } else if meta.is_file() {
        let executable = meta.permissions().mode() & 0o111 != 0;
        Found::File { bytes: fs::read(path)?, executable }
    } else {
        Found::Other
    })
}

/// A small file's text, if it is there and readable.
pub fn text(path: &Path) -> Option<String> {
    fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The path without links and `..`, or as it is where that cannot be told.
pub fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if parent != Path::new("") => resolved(parent).join(name),
        _ => path.to_owned(),
    })
}

/// Whether a program can be started from there.
pub fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Whether the file holds these bytes anywhere; false where it cannot be read.
pub fn mentions(path: &Path, needle: &[u8]) -> bool {
    fs::read(path).is_ok_and(|bytes| finds(&bytes, needle))
}

/// Horspool's search: a program has some ten million bytes.
fn finds(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((_, head)) = needle.split_last() else { return true };
    let mut skip = [needle.len(); 256];
    for (at, &byte) in head.iter().enumerate() {
        skip[usize::from(byte)] = needle.len() - 1 - at;
    }
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + needle.len()) {
        if window == needle {
            return true;
        }
        at += skip[usize::from(window[needle.len() - 1])];
    }
    false
}

/// Makes a symbolic link in one step, in the place of what is there.
pub fn link(path: &Path, target: &Path) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    // A link is never half made, so one that a killed program left will do.
    let temporary = directory.join(".spec-log-link.tmp");
    let _ = fs::remove_file(&temporary);
    symlink(target, &temporary)?;
    fs::rename(&temporary, path).inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// Writes a file whole or not at all, with the mode of what is there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mode = fs::metadata(path).map_or(0o755, |meta| meta.permissions().mode());
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let folder = OwnedFd::from(fs::File::open(directory)?);
    let mut temp = Temp::create(&folder)?;
    temp.write(bytes)?;
    temp.file.set_permissions(fs::Permissions::from_mode(mode))?;
    temp.file.sync_all()?;
    temp.rename_to(path)?;
    Ok(rustix::fs::fsync(&folder)?)
}

/// Removes a file or a link.
pub fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_written_whole_with_its_mode_and_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hooks/post-commit");
        replace(&path, b"#!/bin/sh\n").unwrap();
        assert!(is_program(&path));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).unwrap();
        replace(&path, b"#!/bin/sh\ntrue\n").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o750);
        link(&path, Path::new("/nowhere")).unwrap();
        assert_eq!(look(&path).unwrap(), Found::Link("/nowhere".into()));
        assert!(!is_program(&path));
        assert_eq!(fs::read_dir(dir.path().join("hooks")).unwrap().count(), 1);
        remove(&path).unwrap();
        assert_eq!(look(&path).unwrap(), Found::Nothing);
        assert_eq!(look(&path.join("x/y")).unwrap(), Found::Nothing);
        assert_eq!(look(dir.path()).unwrap(), Found::Other);
    }

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        for (bytes, needle, wanted) in
            [("abcab", "cab", true), ("abc", "abc", true), ("abab", "abc", false), ("", "a", false)]
        {
            assert_eq!(finds(bytes.as_bytes(), needle.as_bytes()), wanted, "{needle} in {bytes}");
        }
    }
}
