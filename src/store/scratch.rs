//! Directories for repositories that are made for show.

use std::fs;
use std::path::{Path, PathBuf};

use super::Error;

/// A temporary directory, removed with the value.
#[derive(Debug)]
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    /// Makes one.
    pub fn new() -> Result<Self, Error> {
        let made = tempfile::Builder::new().prefix("spec-log-demo-").tempdir();
        made.map(Self).map_err(Error::io("make", "a temporary directory"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Makes a directory, or takes one that is empty, and answers its whole path.
pub fn empty_directory(path: &Path) -> Result<PathBuf, Error> {
    let name = path.to_string_lossy();
    fs::create_dir_all(path).map_err(Error::io("make", &name))?;
    let mut entries = fs::read_dir(path).map_err(Error::io("read", &name))?;
    match entries.next() {
        None => path.canonicalize().map_err(Error::io("find", &name)),
        Some(_) => Err(Error::NotEmpty { path: path.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[test]
    fn a_directory_is_new_or_empty_or_refused() {
        let scratch = Scratch::new().unwrap();
        let below = scratch.path().join("a/b");
        assert!(empty_directory(&below).unwrap().ends_with("a/b"));
        assert!(empty_directory(&below).is_ok());
        Store::new(&below).make_parents("c/d.md").unwrap();
        assert!(matches!(empty_directory(&below), Err(Error::NotEmpty { .. })));
        assert!(Store::new(&below).make_parents("../d.md").is_err());
    }
}
