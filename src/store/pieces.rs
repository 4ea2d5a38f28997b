//! Files of the git directory that are too long to be read whole.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A file that is read in pieces, from any thread.
#[derive(Debug)]
pub(crate) struct Pieces {
    file: File,
    len: u64,
}

impl Pieces {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }

    /// How long it was when it was opened.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Puts what stands at an offset in place of what `piece` holds, `len`
    /// bytes; fewer where the file ends or cannot be read.
    pub(crate) fn read(&self, offset: u64, len: usize, piece: &mut Vec<u8>) {
        piece.resize(len, 0);
        let mut read = 0;
        while read < len {
            match self.file.read_at(&mut piece[read..], offset + read as u64) {
                Ok(more) if more > 0 => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => break,
            }
        }
        piece.truncate(read);
    }
}

/// The paths in a directory; none where it cannot be read.
pub(crate) fn paths_in(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_ends_where_the_file_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "0123456789").unwrap();
        let file = Pieces::open(&path).unwrap();
        let mut piece = vec![1; 100];
        for (offset, len, wanted) in [(2, 3, "234"), (8, 5, "89"), (10, 1, ""), (99, 1, "")] {
            file.read(offset, len, &mut piece);
            assert_eq!(piece, wanted.as_bytes());
        }
        assert_eq!((file.len(), paths_in(dir.path())), (10, vec![path]));
        assert!(Pieces::open(&dir.path().join("b")).is_err());
        assert!(paths_in(&dir.path().join("b")).is_empty());
    }
}
