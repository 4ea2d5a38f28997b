//! New files, all of them or none.

use std::path::Path;

use rustix::fs::{self, AtFlags, Mode};
use rustix::io::Errno;

use super::{Error, Store, beneath};

impl Store {
    /// Creates files where there is nothing, with the directories they need.
    /// If one cannot be made, those before it are taken away again, and so are
    /// the directories.
    pub fn create(&self, files: &[(String, Vec<u8>)]) -> Result<(), Error> {
        let mut made = Made { root: Some(&self.root), files: Vec::new(), directories: Vec::new() };
        for (path, text) in files {
            self.make_directories(path, &mut made.directories)?;
            let created = self.replace(path, None, text);
            if is_there(&created) {
                made.files.push(path);
            }
            created?;
        }
        made.root = None;
        Ok(())
    }

    /// Makes the directories that a path lies in.
    pub fn make_parents(&self, path: &str) -> Result<(), Error> {
        self.make_directories(path, &mut Vec::new())
    }

    /// Makes them one at a time, never through a symlink, and names those that
    /// were not there.
    fn make_directories(&self, path: &str, made: &mut Vec<String>) -> Result<(), Error> {
        if !path.split('/').all(beneath::is_name) {
            return Err(Error::Outside { path: path.to_owned() });
        }
        let missing = || Error::io("make the directory of", path)(Errno::NOENT);
        let mut dir = beneath::top(&self.root)?.ok_or_else(missing)?;
        for (at, _) in path.match_indices('/') {
            let above = &path[..at];
            let name = above.rsplit('/').next().unwrap_or(above);
            if beneath::directory(&dir, name, path)?.is_none() {
                match fs::mkdirat(&dir, name, Mode::from_raw_mode(0o777)) {
                    Ok(()) => made.push(above.to_owned()),
                    // Somebody else has made it meanwhile.
                    Err(Errno::EXIST) => {}
                    Err(error) => return Err(Error::io("make", above)(error)),
                }
            }
            dir = beneath::directory(&dir, name, path)?.ok_or_else(missing)?;
        }
        Ok(())
    }
}

/// Whether the new file is in its place: only the last fsync fails behind it.
fn is_there(created: &Result<(), Error>) -> bool {
    matches!(created, Ok(()) | Err(Error::Io { verb: "make durable", .. }))
}

/// What was made, and goes with the value while it has a root.
struct Made<'a> {
    root: Option<&'a Path>,
    files: Vec<&'a str>,
    directories: Vec<String>,
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        let Some(root) = self.root else { return };
        let files = self.files.iter().rev().map(|path| (*path, AtFlags::empty()));
        let directories = self.directories.iter().rev();
        let directories = directories.map(|path| (path.as_str(), AtFlags::REMOVEDIR));
        for (path, kind) in files.chain(directories) {
            if let Ok(Some((dir, name))) = beneath::parent(root, path) {
                // A directory in which something lies meanwhile stays.
                let _ = fs::unlinkat(&dir, name, kind);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<(String, Vec<u8>)> {
        paths.iter().map(|path| ((*path).to_owned(), path.as_bytes().to_vec())).collect()
    }

    #[test]
    fn all_files_come_with_their_directories() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        store.create(&files(&["a/b/one.md", "a/b/two.md", "three.md"])).unwrap();
        assert_eq!(store.read("a/b/two.md").unwrap().unwrap(), b"a/b/two.md");
        assert!(store.exists("three.md"));
    }

    #[test]
    fn where_one_fails_none_is_left_and_what_was_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        store.create(&files(&["a/there.md"])).unwrap();
        std::os::unix::fs::symlink("a", dir.path().join("link")).unwrap();
        for last in ["a/there.md", "link/x.md", "a/there.md/x.md", "../x.md", ".git/x.md"] {
            assert!(store.create(&files(&["a/new.md", "b/c/new.md", last])).is_err(), "{last}");
            assert!(!store.exists("a/new.md") && !store.exists("b"), "{last}");
            assert_eq!(store.read("a/there.md").unwrap().unwrap(), b"a/there.md");
        }
    }
}
