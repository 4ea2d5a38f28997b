//! Documents on disk, and the little state of our own in the git directory.
//!
//! This is the only place that names `std::fs`. A document is reached one
//! directory at a time, each opened without following a symlink, so that no
//! link that somebody swaps in meanwhile can lead outside the work tree.
//!
//! | file | its one job |
//! | --- | --- |
//! | `glob` | patterns for documents: match a path, or say where to look |
//! | `find` | the documents below a work tree that match patterns |
//! | `beneath` | opening what lies below a directory, and nothing else |
//! | `replace` | a document is old or new, never half |
//! | `temp` | the temporary files that all writing goes through |
//! | `create` | new files, all or none |
//! | `hooks` | hook files, outside the work tree too |
//! | `scratch` | directories for repositories that are made for show |
//! | `lock` | one writer at a time |
//! | `pieces` | long files of the git directory, piece by piece |
//! | `ledger` | which commits may hold a tag, as far as a walk has found out |
//! | `state` | last commit seen, what is pending, what is owed, the active task |

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod beneath;
mod create;
mod error;
mod find;
mod glob;
pub mod hooks;
mod ledger;
mod lock;
mod pieces;
mod replace;
mod scratch;
mod state;
mod temp;

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Mode, OFlags, statat};

pub use error::Error;
pub use glob::Globs;
pub use ledger::{Candidate, Ledger, NewestFirst, Torn, sum};
pub use lock::Lock;
pub(crate) use pieces::{Pieces, paths_in};
pub use scratch::{Scratch, empty_directory};
pub use state::{Active, Owed, Pending, State};

use temp::Temp;

/// The largest document that is read or written, in bytes.
pub const LIMIT: u64 = 8 << 20;

/// The most lines of a document that is read.
pub const LINES: usize = 200_000;

/// The documents of one work tree.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The store of the work tree whose top this is. Nothing is touched yet.
    pub fn new(work_tree: &Path) -> Self {
        Self { root: work_tree.to_path_buf() }
    }

    /// Something that reads many documents.
    pub fn reader(&self) -> Reader<'_> {
        Reader { root: &self.root, folder: None }
    }

    /// Reads a document, its path relative to the top with `/` between;
    /// `None` when there is nothing.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        self.reader().read(path)
    }

    /// Reads at most the first `limit` bytes of a document: enough for its id.
    pub fn read_prefix(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        self.reader().read_prefix(path, limit)
    }

    /// Whether anything is at a path, whatever it is. Where that cannot be
    /// told, as below a symlink, the answer is yes.
    pub fn exists(&self, path: &str) -> bool {
        match beneath::parent(&self.root, path) {
            Ok(Some((dir, name))) => statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW).is_ok(),
            Ok(None) => false,
            Err(_) => true,
        }
    }
}

/// Reads one document after the other. The folder of the last one stays open:
/// most lie in it too.
pub struct Reader<'s> {
    root: &'s Path,
    folder: Option<(String, OwnedFd)>,
}

impl Reader<'_> {
    /// Reads a document as [`Store::read`] does.
    pub fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some((mut file, len)) = self.open(path)? else { return Ok(None) };
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
        // The file may grow while it is read.
        let read = file.by_ref().take(LIMIT + 1).read_to_end(&mut bytes);
        read.map_err(Error::io("read", path))?;
        if bytes.len() as u64 > LIMIT {
            return Err(Error::TooLarge { path: path.to_owned() });
        }
        let lines = || bytes.iter().filter(|&&byte| byte == b'\n').count();
        if bytes.len() > LINES && lines() > LINES {
            return Err(Error::TooManyLines { path: path.to_owned() });
        }
        Ok(Some(bytes))
    }

    /// Reads the beginning of a document as [`Store::read_prefix`] does.
    pub fn read_prefix(&mut self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        let Some((mut file, _)) = self.open(path)? else { return Ok(None) };
        let mut bytes = Vec::with_capacity(limit.min(1 << 16));
        let read = file.by_ref().take(limit as u64).read_to_end(&mut bytes);
        read.map_err(Error::io("read", path))?;
        Ok(Some(bytes))
    }

    fn open(&mut self, path: &str) -> Result<Option<(File, u64)>, Error> {
        let (above, name) = beneath::split(path)?;
        if self.folder.as_ref().is_none_or(|(open, _)| open != above) {
            let parent = beneath::parent(self.root, path)?;
            self.folder = parent.map(|(dir, _)| (above.to_owned(), dir));
        }
        let Some((_, dir)) = &self.folder else { return Ok(None) };
        match beneath::file(dir, name, path)? {
            Some((_, len)) if len > LIMIT => Err(Error::TooLarge { path: path.to_owned() }),
            found => Ok(found),
        }
    }
}

/// Reads a file of the git directory whole; `None` when it is not there.
pub(crate) fn read_plain(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => match error.kind() {
            // Where a file stands in the place of its folder, it is not there.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
            _ => Err(error),
        },
    }
}

/// Brings a file of the git directory to the disk, and its name; nothing to do
/// where there is none.
pub(crate) fn flush(path: &Path) -> io::Result<()> {
    match File::open(path) {
        Ok(file) => file.sync_all()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// Writes a file of the git directory by rename, so that a reader without a
/// lock sees old or new, and makes its folder where there is none.
fn replace_plain(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    in_folder(path, || put_plain(path, bytes, false))
}

/// The same, so that a power cut leaves it there.
fn keep_plain(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    in_folder(path, || put_plain(path, bytes, true))
}

fn put_plain(path: &Path, bytes: &[u8], is_kept: bool) -> io::Result<()> {
    let dir = OwnedFd::from(File::open(path.parent().unwrap_or(Path::new(".")))?);
    let mut temp = Temp::create(&dir)?;
    temp.write(bytes)?;
    if is_kept {
        temp.file.sync_all()?;
    }
    temp.rename_to(path)?;
    if is_kept {
        rustix::fs::fsync(&dir)?;
    }
    Ok(())
}

/// Writes over what a file of the git directory holds, which costs a tenth of
/// a rename. A reader without a lock may see a part of it: the bytes must show
/// that they are whole.
fn overwrite_plain(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    in_folder(path, || {
        // Without NONBLOCK a FIFO would wait for somebody to read from it.
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mode = Mode::from_raw_mode(0o666);
        let file = File::from(rustix::fs::open(path, flags | OFlags::CLOEXEC, mode)?);
        file.write_all_at(bytes, 0)?;
        match file.metadata()?.len() > bytes.len() as u64 {
            true => file.set_len(bytes.len() as u64),
            false => Ok(()),
        }
    })
}

/// Writes a file, and where its folder is not there makes that first.
fn in_folder(path: &Path, write: impl Fn() -> io::Result<()>) -> Result<(), Error> {
    let written = write().or_else(|error| match (error.kind(), path.parent()) {
        (io::ErrorKind::NotFound, Some(dir)) => std::fs::create_dir_all(dir).and_then(|()| write()),
        _ => Err(error),
    });
    written.map_err(Error::io("write", &path.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("top/d/.GIT")).unwrap();
        std::fs::write(dir.path().join("top/d/a.md"), "hello").unwrap();
        std::fs::write(dir.path().join("top/d/.GIT/a.md"), "hello").unwrap();
        std::fs::write(dir.path().join("secret.md"), "secret").unwrap();
        let store = Store::new(&dir.path().join("top"));
        (dir, store)
    }

    #[test]
    fn a_document_is_read_whole_or_in_part() {
        let (_dir, store) = store();
        assert_eq!(store.read("d/a.md").unwrap().unwrap(), b"hello");
        assert_eq!(store.read_prefix("d/a.md", 2).unwrap().unwrap(), b"he");
        assert_eq!(store.read("d/none.md").unwrap(), None);
        assert_eq!(store.read("none/a.md").unwrap(), None);
        assert!(store.exists("d/a.md") && store.exists("d"));
        assert!(!store.exists("d/none.md") && !store.exists("none/a.md"));
        let mut reader = store.reader();
        for (path, text) in [
            ("d/a.md", Some("hello")),
            ("d/none.md", None),
            ("none/a.md", None),
            ("d/a.md", Some("hello")),
        ] {
            assert_eq!(reader.read(path).unwrap().as_deref(), text.map(str::as_bytes), "{path}");
        }
    }

    #[test]
    fn nothing_outside_the_tree_is_read() {
        let (_dir, store) = store();
        for path in [
            "../secret.md",
            "/etc/hosts",
            "",
            "d//a.md",
            "./d/a.md",
            "d/..",
            "d/.GIT/a.md",
            ".git/config",
            "a\0b",
            "d/",
        ] {
            assert!(matches!(store.read(path), Err(Error::Outside { .. })), "{path:?}");
            assert!(matches!(store.replace(path, None, b""), Err(Error::Outside { .. })));
        }
    }

    #[test]
    fn only_a_regular_file_is_a_document() {
        let (dir, store) = store();
        let top = dir.path().join("top");
        symlink("d/a.md", top.join("inside.md")).unwrap();
        symlink("../secret.md", top.join("link.md")).unwrap();
        symlink("d", top.join("linked")).unwrap();
        symlink("nowhere", top.join("dangling.md")).unwrap();
        let fifo = std::process::Command::new("mkfifo").arg(top.join("fifo.md")).status();
        assert!(fifo.unwrap().success());
        std::os::unix::net::UnixListener::bind(top.join("socket.md")).unwrap();
        for path in [
            "inside.md",
            "link.md",
            "linked/a.md",
            "dangling.md",
            "fifo.md",
            "socket.md",
            "d",
            "d/a.md/x",
        ] {
            let error = store.read(path).unwrap_err();
            assert!(matches!(error, Error::NotRegular { .. }), "{path}: {error}");
            assert!(store.replace(path, Some(b"secret"), b"x").is_err());
        }
        assert_eq!(std::fs::read(dir.path().join("secret.md")).unwrap(), b"secret");
    }

    #[test]
    fn an_absurd_document_is_refused() {
        let (dir, store) = store();
        let file = File::create(dir.path().join("top/big.md")).unwrap();
        file.set_len(LIMIT).unwrap();
        assert_eq!(store.read("big.md").unwrap().unwrap().len() as u64, LIMIT);
        file.set_len(LIMIT + 1).unwrap();
        let error = store.read("big.md").unwrap_err();
        assert_eq!(error.to_string(), "cannot read `big.md`: it is larger than 8 MiB");
    }
}
