//! The only file of `init` that touches the disk; to be merged with `store`.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// What stands in the place of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
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
pub(super) fn look(path: &Path) -> io::Result<Found> {
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
pub(super) fn text(path: &Path) -> Option<String> {
    fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The path without links and `..`, or as it is where that cannot be told.
pub(super) fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if parent != Path::new("") => resolved(parent).join(name),
        _ => path.to_owned(),
    })
}

/// Whether a program can be started from there.
pub(super) fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Makes a symbolic link in one step, in the place of what is there.
pub(super) fn link(path: &Path, target: &Path) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let name = path.file_name().unwrap_or(OsStr::new("hook")).to_string_lossy().into_owned();
    let made = tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .make_in(directory, |temporary| symlink(target, temporary))?;
    made.into_temp_path().persist(path).map_err(|error| error.error)
}

/// Writes a file whole or not at all, with the mode of what is there.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mode = fs::metadata(path).map_or(0o755, |meta| meta.permissions().mode());
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Removes a file or a link.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
