//! A temporary file beside the one that it is to replace.
//!
//! The names are the same every time, so that the next one in a folder takes
//! away what a killed program left there. The lock that its maker holds tells
//! a file that is still written from one that nobody will ever rename.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{self, AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use super::beneath;

/// How many may lie in one folder at a time.
const MOST: usize = 1000;

/// A temporary file that goes with the value unless it has been renamed.
pub(super) struct Temp<'a> {
    pub(super) dir: &'a OwnedFd,
    pub(super) name: String,
    pub(super) file: File,
    pub(super) settled: bool,
}

impl<'a> Temp<'a> {
    /// Creates one under the first name that is free or can be freed.
    pub(super) fn create(dir: &'a OwnedFd) -> Result<Self, Errno> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        for name in (0..MOST).map(name) {
            take_away(dir, &name);
            match fs::openat(dir, &name, flags | OFlags::CLOEXEC, Mode::from_raw_mode(0o666)) {
                Ok(file) => {
                    let file = File::from(file);
                    // Whoever takes it away before it is held may do so.
                    if is_held(&file, true) {
                        return Ok(Self { dir, name, file, settled: false });
                    }
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Errno::EXIST)
    }

    /// Writes all of its text.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.write_all(text)
    }

    /// Puts it in the place of what is at a path of the same folder.
    pub(super) fn rename_to(mut self, path: &Path) -> Result<(), Errno> {
        fs::renameat(self.dir, &self.name, fs::CWD, path)?;
        self.settled = true;
        Ok(())
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.settled {
            let _ = fs::unlinkat(self.dir, &self.name, AtFlags::empty());
        }
    }
}

/// Takes away what killed programs left in a folder.
pub(super) fn sweep(dir: &OwnedFd) {
    let _ = (0..MOST).map(name).take_while(|name| take_away(dir, name)).count();
}

fn name(number: usize) -> String {
    format!(".spec-log-{number}.tmp")
}

/// Takes a file away whose maker is dead; answers whether there was one,
/// whoever's it is.
fn take_away(dir: &OwnedFd, name: &str) -> bool {
    match beneath::file(dir, name, name) {
        Ok(Some((file, _))) => {
            if is_held(&file, false) {
                let _ = fs::unlinkat(dir, name, AtFlags::empty());
            }
            true
        }
        Ok(None) => false,
        Err(_) => true,
    }
}

/// Locks a file that still has its name; `otherwise` where that cannot be
/// told, as on a file system without locks.
fn is_held(file: &File, otherwise: bool) -> bool {
    match fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => fs::fstat(file).map_or(otherwise, |stat| stat.st_nlink > 0),
        Err(Errno::WOULDBLOCK) => false,
        Err(_) => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(dir: &tempfile::TempDir) -> OwnedFd {
        OwnedFd::from(File::open(dir.path()).unwrap())
    }

    #[test]
    fn what_a_killed_program_left_is_taken_away_and_what_is_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = open(&dir);
        let left = dir.path().join(name(0));
        std::fs::write(&left, "left").unwrap();
        let first = Temp::create(&folder).unwrap();
        assert_eq!((first.name.as_str(), std::fs::read(&left).unwrap()), (&*name(0), vec![]));
        let second = Temp::create(&folder).unwrap();
        assert_eq!(second.name, name(1));
        std::fs::write(dir.path().join(name(2)), "left").unwrap();
        sweep(&folder);
        let names = || std::fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(names(), 2, "two are still written");
        drop((first, second));
        assert_eq!(names(), 0);
    }

    #[test]
    fn a_link_under_its_name_is_passed_by() {
        let dir = tempfile::tempdir().unwrap();
        let victim = dir.path().join("victim");
        std::fs::write(&victim, "kept").unwrap();
        std::os::unix::fs::symlink(&victim, dir.path().join(name(0))).unwrap();
        std::fs::create_dir(dir.path().join(name(1))).unwrap();
        let folder = open(&dir);
        let temp = Temp::create(&folder).unwrap();
        assert_eq!(temp.name, name(2));
        assert_eq!(std::fs::read(&victim).unwrap(), b"kept");
    }

    #[test]
    fn many_at_once_never_take_each_others() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let folder = open(&dir);
                    for _ in 0..200 {
                        let temp = Temp::create(&folder).unwrap();
                        temp.rename_to(&dir.path().join("done")).unwrap();
                    }
                });
            }
        });
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
