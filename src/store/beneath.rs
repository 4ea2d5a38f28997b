//! Opening what lies below a directory, and nothing else.
//!
//! Each step is an `openat` without following symlinks. Linux could do it in
//! one `openat2`; the steps work everywhere, and a document lies two or three
//! directories deep.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{self, FileType, Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};

use super::Error;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The directory that a path lies in, empty for the top, and the last name.
pub(super) fn split(path: &str) -> Result<(&str, &str), Error> {
    match path.split('/').all(is_name) {
        true => Ok(path.rsplit_once('/').unwrap_or(("", path))),
        false => Err(Error::Outside { path: path.to_owned() }),
    }
}

/// Opens the directory that a path lies in and returns it with the last name;
/// `None` when a directory on the way is not there.
pub(super) fn parent<'p>(root: &Path, path: &'p str) -> Result<Option<(OwnedFd, &'p str)>, Error> {
    let (above, name) = split(path)?;
    let Some(mut dir) = top(root)? else { return Ok(None) };
    for part in above.split('/').filter(|part| !part.is_empty()) {
        match directory(&dir, part, path)? {
            Some(below) => dir = below,
            None => return Ok(None),
        }
    }
    Ok(Some((dir, name)))
}

/// Opens the top of the work tree, which may itself be reached by a symlink.
pub(super) fn top(root: &Path) -> Result<Option<OwnedFd>, Error> {
    match retry_on_intr(|| fs::open(root, DIRECTORY, Mode::empty())) {
        Ok(dir) => Ok(Some(dir)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(Error::io("open", &root.to_string_lossy())(error)),
    }
}

/// Opens a directory of a directory; `path` is the document it is for.
pub(super) fn directory(dir: &OwnedFd, name: &str, path: &str) -> Result<Option<OwnedFd>, Error> {
    let flags = DIRECTORY | OFlags::NOFOLLOW;
    match retry_on_intr(|| fs::openat(dir, name, flags, Mode::empty())) {
        Ok(below) => Ok(Some(below)),
        Err(Errno::NOENT) => Ok(None),
        Err(Errno::LOOP | Errno::NOTDIR) => Err(Error::NotRegular { path: path.to_owned() }),
        Err(error) => Err(Error::io("open", path)(error)),
    }
}

/// Opens a regular file of a directory for reading and tells how long it is;
/// `None` when there is none.
pub(super) fn file(dir: &OwnedFd, name: &str, path: &str) -> Result<Option<(File, u64)>, Error> {
    // Without NONBLOCK a FIFO would wait for somebody to write to it.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = flags | OFlags::CLOEXEC;
    let not_regular = || Error::NotRegular { path: path.to_owned() };
    match retry_on_intr(|| fs::openat(dir, name, flags, Mode::empty())) {
        Ok(file) => match regular_len(&file).map_err(Error::io("read", path))? {
            Some(len) => Ok(Some((File::from(file), len))),
            None => Err(not_regular()),
        },
        Err(Errno::NOENT) => Ok(None),
        Err(Errno::LOOP | Errno::MLINK | Errno::NXIO | Errno::NODEV | Errno::OPNOTSUPP) => {
            Err(not_regular())
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn regular_len(file: impl AsFd) -> Result<Option<u64>, Errno> {
    let stat = retry_on_intr(|| fs::fstat(&file))?;
    let is_regular = FileType::from_raw_mode(stat.st_mode).is_file();
    Ok(is_regular.then(|| u64::try_from(stat.st_size).unwrap_or(0)))
}

/// Whether a part of a path is a plain name and not git's own directory,
/// which a file system without case may also call `.GIT`.
pub(super) fn is_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains('\0') && !part.eq_ignore_ascii_case(".git")
}
