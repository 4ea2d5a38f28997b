//! Replacing a document: old or new after a crash, a full disk or a power
//! cut, never half (measured with every system call failed in turn).

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use rustix::fs::{self, AtFlags, Gid, RenameFlags, Uid};
use rustix::io::Errno;

use super::temp::{self, Temp};
use super::{Error, LIMIT, Store, beneath};

impl Store {
    /// Replaces a document that holds `old` by `new`, or creates one where
    /// there is nothing (`old` is `None`): a temporary file beside it, fsync,
    /// one more comparison, rename, fsync of the directory. The mode stays.
    ///
    /// After an error the document is as it was and nothing lies beside it;
    /// only the last fsync can fail with the new text in place.
    pub fn replace(&self, path: &str, old: Option<&[u8]>, new: &[u8]) -> Result<(), Error> {
        if new.len() as u64 > LIMIT {
            return Err(Error::TooLarge { path: path.to_owned() });
        }
        let Some((dir, name)) = beneath::parent(&self.root, path)? else {
            return Err(Error::io("write", path)(Errno::NOENT));
        };
        let target = Target { dir: &dir, name, path };
        let before = target.compare(old)?;
        if old == Some(new) {
            return Ok(());
        }
        let failed = || Error::io("write", path);
        let mut temp = Temp::create(&dir).map_err(Error::io("write", path))?;
        temp.write(new).map_err(failed())?;
        if let Some(before) = before {
            like(&temp.file, &before).map_err(failed())?;
        }
        temp.file.sync_all().map_err(failed())?;
        // An editor may have saved since the document was read.
        target.compare(old)?;
        temp.settle(&target, old.is_some())?;
        fs::fsync(&dir).map_err(Error::io("make durable", path))
    }

    /// Takes away what killed programs left beside a document.
    pub fn sweep_beside(&self, path: &str) {
        if let Ok(Some((dir, _))) = beneath::parent(&self.root, path) {
            temp::sweep(&dir);
        }
    }
}

/// The document that is replaced.
struct Target<'a> {
    dir: &'a OwnedFd,
    name: &'a str,
    path: &'a str,
}

impl Target<'_> {
    /// Fails unless the document holds what it should; returns it opened.
    fn compare(&self, wanted: Option<&[u8]>) -> Result<Option<File>, Error> {
        let changed = || Error::ChangedMeanwhile { path: self.path.to_owned() };
        let file = beneath::file(self.dir, self.name, self.path)?;
        match (file, wanted) {
            (None, None) => Ok(None),
            (Some((mut file, _)), Some(wanted)) => {
                let mut bytes = Vec::with_capacity(wanted.len() + 1);
                let most = wanted.len() as u64 + 1;
                let read = Read::by_ref(&mut file).take(most).read_to_end(&mut bytes);
                read.map_err(Error::io("read", self.path))?;
                if bytes == wanted { Ok(Some(file)) } else { Err(changed()) }
            }
            _ => Err(changed()),
        }
    }
}

/// Gives the new file the old one's mode and, where that is allowed, owner.
fn like(new: &File, old: &File) -> std::io::Result<()> {
    let (was, is) = (old.metadata()?, new.metadata()?);
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        let (uid, gid) = (Uid::from_raw(was.uid()), Gid::from_raw(was.gid()));
        // Only root may; for anybody else the file becomes theirs, as with an
        // editor that saves by renaming.
        let _ = fs::fchown(new, Some(uid), Some(gid));
    }
    new.set_permissions(PermissionsExt::from_mode(was.mode() & 0o7777))
}

impl Temp<'_> {
    /// Puts the file in its place: over a document that was there, or without
    /// overwriting one that came meanwhile.
    fn settle(mut self, target: &Target<'_>, over: bool) -> Result<(), Error> {
        let (dir, name) = (self.dir, target.name);
        let moved = match over {
            true => fs::renameat(dir, &self.name, dir, name),
            false => fs::renameat_with(dir, &self.name, dir, name, RenameFlags::NOREPLACE),
        };
        match moved {
            Ok(()) => self.settled = true,
            // A file system without NOREPLACE has hard links, or neither: the
            // temporary name goes with the value.
            Err(Errno::INVAL | Errno::NOSYS) if !over => {
                fs::linkat(dir, &self.name, dir, name, AtFlags::empty()).map_err(taken(target))?;
            }
            Err(error) => return Err(taken(target)(error)),
        }
        Ok(())
    }
}

fn taken(target: &Target<'_>) -> impl FnOnce(Errno) -> Error {
    let path = target.path.to_owned();
    move |error| match error {
        Errno::EXIST => Error::ChangedMeanwhile { path },
        error => Error::io("write", &path)(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &tempfile::TempDir) -> Vec<String> {
        let entries = std::fs::read_dir(dir.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.md"), "old").unwrap();
        let store = Store::new(dir.path());
        (dir, store)
    }

    #[test]
    fn a_document_is_replaced_and_its_mode_kept() {
        let (dir, store) = store();
        let path = dir.path().join("a.md");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        store.replace("a.md", Some(b"old"), b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
        assert_eq!(names(&dir), ["a.md"]);
    }

    #[test]
    fn the_same_bytes_are_not_written_again() {
        let (dir, store) = store();
        let inode = || std::fs::metadata(dir.path().join("a.md")).unwrap().ino();
        let before = inode();
        store.replace("a.md", Some(b"old"), b"old").unwrap();
        assert_eq!(inode(), before);
    }

    #[test]
    fn a_document_that_changed_meanwhile_stays() {
        let (dir, store) = store();
        for old in [Some(&b"other"[..]), Some(b"ol"), Some(b"old "), None] {
            let error = store.replace("a.md", old, b"new").unwrap_err();
            assert!(matches!(error, Error::ChangedMeanwhile { .. }), "{error}");
            assert!(error.hint().is_some());
        }
        let error = store.replace("b.md", Some(b"old"), b"new").unwrap_err();
        assert!(matches!(error, Error::ChangedMeanwhile { .. }));
        assert_eq!(store.read("a.md").unwrap().unwrap(), b"old");
        assert_eq!(names(&dir), ["a.md"]);
    }

    #[test]
    fn a_document_that_came_meanwhile_is_not_overwritten() {
        let (dir, store) = store();
        let (fd, name) = beneath::parent(dir.path(), "a.md").unwrap().unwrap();
        let temp = Temp::create(&fd).unwrap();
        let error = temp.settle(&Target { dir: &fd, name, path: "a.md" }, false).unwrap_err();
        assert!(matches!(error, Error::ChangedMeanwhile { .. }));
        assert_eq!(store.read("a.md").unwrap().unwrap(), b"old");
        assert_eq!(names(&dir), ["a.md"]);
    }

    #[test]
    fn a_new_document_is_created_in_a_directory_that_is_there() {
        let (dir, store) = store();
        std::fs::write(dir.path().join(".spec-log-0.tmp"), "left by a killed one").unwrap();
        store.replace("b.md", None, b"new").unwrap();
        assert_eq!(store.read("b.md").unwrap().unwrap(), b"new");
        assert_eq!(names(&dir), ["a.md", "b.md"]);
        std::fs::write(dir.path().join(".spec-log-0.tmp"), "left by a killed one").unwrap();
        store.sweep_beside("b.md");
        assert_eq!(names(&dir), ["a.md", "b.md"]);
        assert!(matches!(store.replace("no/b.md", None, b"new"), Err(Error::Io { .. })));
        let large = vec![0; LIMIT as usize + 1];
        assert!(matches!(store.replace("c.md", None, &large), Err(Error::TooLarge { .. })));
    }
}
