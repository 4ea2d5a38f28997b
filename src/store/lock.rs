//! One writer at a time.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::Error;

/// How long to sleep between two tries.
const STEP: Duration = Duration::from_millis(10);

/// The lock that every write of documents and state is made under, shared by
/// all work trees of a repository. Released on drop, and by the system when
/// the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock in the common git directory, about `patience` long.
    pub fn acquire(common_dir: &Path, patience: Duration) -> Result<Self, Error> {
        let dir = common_dir.join("spec-log");
        let path = dir.join("lock");
        let failed = || Error::io("lock", &path.to_string_lossy());
        let open = || File::options().create(true).append(true).open(&path);
        let file = match open() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(&dir).map_err(failed())?;
                open()
            }
            opened => opened,
        };
        let file = file.map_err(failed())?;
        // Tries are counted instead of reading the clock.
        let mut tries = patience.as_millis() / STEP.as_millis();
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Self { _file: file }),
                Err(Errno::INTR) => {}
                Err(Errno::WOULDBLOCK) if tries > 0 => {
                    tries -= 1;
                    std::thread::sleep(STEP);
                }
                Err(Errno::WOULDBLOCK) => return Err(Error::Locked { path }),
                Err(error) => return Err(failed()(error.into())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[test]
    fn a_held_lock_is_waited_for_and_then_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let held = Lock::acquire(dir.path(), Duration::ZERO).unwrap();
        let refused = Lock::acquire(dir.path(), Duration::from_millis(30)).unwrap_err();
        assert!(matches!(refused, Error::Locked { .. }) && refused.hint().is_some());
        drop(held);
        // A child that another test starts holds a copy until it is running.
        Lock::acquire(dir.path(), Duration::from_secs(10)).unwrap();
    }

    #[test]
    fn parallel_writers_lose_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        store.replace("a.md", None, b"").unwrap();
        let append = |line: String| {
            let _lock = Lock::acquire(dir.path(), Duration::from_secs(60)).unwrap();
            let old = store.read("a.md").unwrap().unwrap();
            store.replace("a.md", Some(&old), &[&old[..], line.as_bytes()].concat()).unwrap();
        };
        std::thread::scope(|scope| {
            for writer in 0..4 {
                scope.spawn(move || (0..10).for_each(|i| append(format!("{writer} {i}\n"))));
            }
        });
        let text = store.read("a.md").unwrap().unwrap();
        assert_eq!(text.split(|&byte| byte == b'\n').count(), 41);
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("spec-log"), "a file").unwrap();
        assert!(matches!(Lock::acquire(dir.path(), Duration::ZERO), Err(Error::Io { .. })));
    }
}
