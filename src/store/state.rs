//! What one work tree remembers between two hooks, in `spec-log/` of its own
//! git directory. What is torn, foreign or gone reads as nothing, and what
//! cannot be read is an error: it is not to be written over. History and the
//! documents tell nearly all of it anew, so it is not worth a hook's fsync; a
//! list of records that a power cut tore is known as such.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, keep_plain, overwrite_plain, read_plain, replace_plain};
use crate::commit::{self, Oid};
use crate::tag::{self, Selector, Tag, Word};
use crate::task::{FeatureId, TaskId};

/// A record that was written to the work tree and is in no commit yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The commit that was recorded.
    pub oid: Oid,
    /// The document, relative to the top.
    pub path: String,
}

/// Commits that no hook has recorded: those of a tip that `seen` lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The last commit seen when the tip was left.
    pub seen: Oid,
    /// The commit that HEAD left.
    pub tip: Oid,
}

/// The task that a work tree works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// Its feature.
    pub feature: FeatureId,
    /// Its id in the feature.
    pub task: TaskId,
}

impl Active {
    /// The tag of a commit that works on it; `None` where no tag can name it.
    pub fn tag(&self) -> Option<String> {
        let text = format!("[{} Task {} wip]", self.feature, self.task);
        (Self::of_tag(&text).as_ref() == Some(self)).then_some(text)
    }

    /// The tag of a commit that finishes it.
    pub fn done_tag(&self) -> Option<String> {
        Some(self.tag()?.replace(" wip]", "]"))
    }

    /// Reads what [`Active::tag`] wrote.
    fn of_tag(text: &str) -> Option<Self> {
        match tag::read(text).tags.as_slice() {
            [Tag { feature, tasks, word: Word::Wip, .. }] => match tasks.as_slice() {
                [Selector::One(task)] => {
                    Some(Self { feature: feature.clone(), task: task.clone() })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// How many ranges are remembered; `sync` finds what older ones held.
const MAX_OWED: usize = 32;

/// How often a record that is not whole is read again.
const READS: usize = 3;

/// How many overruled records are remembered.
const MAX_OVERRULED: usize = 1000;

/// The state of one work tree.
#[derive(Clone, Debug)]
pub struct State {
    dir: PathBuf,
}

impl State {
    /// The state kept in a work tree's own git directory.
    pub fn new(git_dir: &Path) -> Self {
        Self { dir: git_dir.join("spec-log") }
    }

    /// The directories of all the work trees that share this one, and of the
    /// lock.
    pub fn directories(common_dir: &Path) -> Vec<PathBuf> {
        let linked = fs::read_dir(common_dir.join("worktrees")).into_iter().flatten().flatten();
        let all = std::iter::once(common_dir.to_owned()).chain(linked.map(|entry| entry.path()));
        let mut found: Vec<PathBuf> =
            all.map(|dir| dir.join("spec-log")).filter(|dir| dir.is_dir()).collect();
        found.sort();
        found
    }

    /// Forgets all that one of these directories holds.
    pub fn forget(directory: &Path) -> std::io::Result<()> {
        fs::remove_dir_all(directory)
    }

    /// The last commit a hook or `sync` has seen; `None` when nothing usable
    /// is remembered.
    pub fn last_seen(&self) -> Result<Option<Oid>, Error> {
        // It stands there twice, so that one who is writing it shows; nobody
        // does so for long.
        let whole = |text: &str| {
            let line = text.strip_suffix('\n')?;
            // Earlier versions wrote it once, by rename.
            let (one, other) = line.split_once(' ').unwrap_or((line, line));
            Oid::from_hex(one).filter(|_| one == other)
        };
        for _ in 0..READS {
            let Some(text) = self.read("last-seen")? else { return Ok(None) };
            if let Some(oid) = whole(&text) {
                return Ok(Some(oid));
            }
        }
        Ok(None)
    }

    /// Remembers the last commit seen.
    pub fn set_last_seen(&self, oid: Oid) -> Result<(), Error> {
        let (path, text) = (self.dir.join("last-seen"), format!("{oid} {oid}\n"));
        // In a repository of several people it may be somebody else's file.
        overwrite_plain(&path, text.as_bytes()).or_else(|_| replace_plain(&path, text.as_bytes()))
    }

    /// Whether the list of records is not as it was written: cut short, or a
    /// name without a text, as a power cut may leave it.
    pub fn is_torn(&self) -> Result<bool, Error> {
        let is_torn = |bytes: Vec<u8>| bytes.last() != Some(&b'\n') || bytes.contains(&0);
        Ok(self.bytes("pending")?.is_some_and(is_torn))
    }

    /// Whether there are, or may have been, records that are in no commit yet.
    pub fn has_pending(&self) -> Result<bool, Error> {
        Ok(self.is_torn()? || !self.pending()?.is_empty())
    }

    /// The records that are in no commit yet, oldest first.
    pub fn pending(&self) -> Result<Vec<Pending>, Error> {
        self.records("pending")
    }

    /// The records that a person overruled before they were committed, oldest
    /// first.
    pub fn overruled(&self) -> Result<Vec<Pending>, Error> {
        self.records("overruled")
    }

    /// Remembers these in place of the earlier ones: the newest of too many.
    pub fn set_overruled(&self, records: &[Pending]) -> Result<(), Error> {
        self.set_records("overruled", &records[records.len().saturating_sub(MAX_OVERRULED)..])
    }

    /// What rewritten commits became, as far as it is still to be recorded.
    pub fn rewritten(&self) -> Result<HashMap<Oid, Oid>, Error> {
        Ok(commit::rewritten(&self.read("rewritten")?.unwrap_or_default()))
    }

    /// Remembers what rewritten commits became, in place of what was.
    pub fn set_rewritten(&self, rewritten: &HashMap<Oid, Oid>) -> Result<(), Error> {
        let mut lines: Vec<String> =
            rewritten.iter().map(|(old, new)| format!("{old} {new}\n")).collect();
        lines.sort();
        match lines.is_empty() {
            true => self.remove("rewritten"),
            false => self.write("rewritten", &lines.concat()),
        }
    }

    /// Whether nothing of this work tree waits for a commit: no record that is
    /// in none, and no rewritten commit.
    pub fn is_settled(&self) -> bool {
        ["pending", "rewritten", "owed"].iter().all(|name| !self.dir.join(name).exists())
    }

    /// The ranges that HEAD left before they were recorded, oldest first.
    pub fn owed(&self) -> Result<Vec<Owed>, Error> {
        let text = self.read("owed")?.unwrap_or_default();
        let pair = |line: &str| {
            let (seen, tip) = line.split_once(' ')?;
            Some(Owed { seen: Oid::from_hex(seen)?, tip: Oid::from_hex(tip)? })
        };
        Ok(text.lines().filter_map(pair).collect())
    }

    /// Remembers these ranges in place of what was: the newest of too many.
    pub fn set_owed(&self, owed: &[Owed]) -> Result<(), Error> {
        let newest = &owed[owed.len().saturating_sub(MAX_OWED)..];
        let text: String = newest.iter().map(|o| format!("{} {}\n", o.seen, o.tip)).collect();
        match text.is_empty() {
            true => self.remove("owed"),
            false => self.write("owed", &text),
        }
    }

    /// Notes that HEAD leaves a commit before all up to it has been recorded.
    pub fn owe(&self, tip: Oid) -> Result<(), Error> {
        let Some(seen) = self.last_seen()?.filter(|seen| *seen != tip) else { return Ok(()) };
        let mut owed = self.owed()?;
        owed.retain(|one| one.tip != tip);
        owed.push(Owed { seen, tip });
        self.set_owed(&owed)
    }

    /// Remembers these records in place of the earlier ones. Lines of a newer
    /// version, which this one cannot read, stay.
    pub fn set_pending(&self, pending: &[Pending]) -> Result<(), Error> {
        self.set_records("pending", pending)
    }

    fn records(&self, name: &str) -> Result<Vec<Pending>, Error> {
        let text = self.read(name)?.unwrap_or_default();
        Ok(whole_lines(&text).filter_map(Pending::parse).collect())
    }

    fn set_records(&self, name: &str, records: &[Pending]) -> Result<(), Error> {
        let text = self.read(name)?.unwrap_or_default();
        let foreign = whole_lines(&text).filter(|line| Pending::parse(line).is_none());
        let lines = foreign.map(str::to_owned).chain(records.iter().map(Pending::line));
        let text: String = lines.map(|line| line + "\n").collect();
        match text.is_empty() {
            true => self.remove(name),
            false => self.write(name, &text),
        }
    }

    /// The task that this work tree works on.
    pub fn active(&self) -> Option<Active> {
        Active::of_tag(self.read("active").ok()??.strip_suffix('\n')?)
    }

    /// Remembers what this work tree works on, in place of what was; a task
    /// that no tag can name is not remembered.
    pub fn set_active(&self, active: Option<&Active>) -> Result<(), Error> {
        match active.and_then(Active::tag) {
            // Nothing else tells it.
            Some(tag) => keep_plain(&self.dir.join("active"), format!("{tag}\n").as_bytes()),
            None => self.remove("active"),
        }
    }

    /// Remembers a message as prepare-commit-msg found it, or forgets it.
    pub fn set_draft(&self, message: Option<&str>) -> Result<(), Error> {
        match message {
            Some(message) => self.write("draft", message),
            None => self.remove("draft"),
        }
    }

    /// Forgets and answers the message as prepare-commit-msg found it.
    pub fn take_draft(&self) -> Option<String> {
        let draft = self.read("draft").ok()??;
        self.remove("draft").ok()?;
        Some(draft)
    }

    fn read(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.bytes(name)?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.dir.join(name);
        read_plain(&path).map_err(Error::io("read", &path.to_string_lossy()))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        replace_plain(&self.dir.join(name), text.as_bytes())
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.dir.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("remove", &path.to_string_lossy())(error))
            }
            _ => Ok(()),
        }
    }
}

/// The lines that end, and that a disk has not left out.
fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter(|line| !line.contains('\0'))
}

impl Pending {
    /// `<oid> <path>`, a backslash and a line's end in the path escaped.
    fn line(&self) -> String {
        let path = self.path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        format!("{} {path}", self.oid)
    }

    fn parse(line: &str) -> Option<Self> {
        let (oid, escaped) = line.split_once(' ')?;
        let mut path = String::with_capacity(escaped.len());
        let mut chars = escaped.chars();
        while let Some(c) = chars.next() {
            path.push(match c {
                '\\' => match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    '\\' => '\\',
                    _ => return None,
                },
                c => c,
            });
        }
        (!path.is_empty()).then_some(Self { oid: Oid::from_hex(oid)?, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(byte: u8) -> Oid {
        Oid::from_bytes(&[byte; 20]).unwrap()
    }

    #[test]
    fn what_is_remembered_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path());
        let rewritten = HashMap::from([(oid(3), oid(4))]);
        assert_eq!((state.last_seen().unwrap(), state.pending().unwrap()), (None, vec![]));
        state.set_last_seen(oid(1)).unwrap();
        state.set_rewritten(&rewritten).unwrap();
        let pending =
            ["a b.md", "機能\n\r\\n.md"].map(|path| Pending { oid: oid(2), path: path.to_owned() });
        state.set_pending(&pending).unwrap();
        state.set_overruled(&pending[1..]).unwrap();
        assert_eq!(state.overruled().unwrap(), pending[1..]);
        state.set_overruled(&[]).unwrap();
        assert_eq!(state.last_seen().unwrap(), Some(oid(1)));
        assert_eq!(state.pending().unwrap(), pending);
        assert_eq!(state.rewritten().unwrap(), rewritten);
        state.set_rewritten(&HashMap::new()).unwrap();
        state.set_pending(&[]).unwrap();
        state.owe(oid(1)).unwrap();
        assert_eq!(state.owed().unwrap(), []);
        state.owe(oid(5)).unwrap();
        assert_eq!(state.owed().unwrap(), [Owed { seen: oid(1), tip: oid(5) }]);
        state.set_owed(&[]).unwrap();
        assert!(state.rewritten().unwrap().is_empty() && state.pending().unwrap().is_empty());
        assert_eq!(fs::read_dir(dir.path().join("spec-log")).unwrap().count(), 1);
    }

    #[test]
    fn the_active_task_is_kept_as_its_tag() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path());
        assert_eq!(state.active(), None);
        let active = |feature: FeatureId, task: &str| {
            let active = Active { feature, task: TaskId::parse(task).unwrap() };
            state.set_active(Some(&active)).unwrap();
            (state.active(), active)
        };
        for (feature, task) in [("PRD-07", "1.2"), ("oracle-secrets", "A1"), ("機能", "1")] {
            let (kept, set) = active(FeatureId::parse(feature).unwrap(), task);
            assert_eq!(kept, Some(set), "{feature}");
        }
        let (kept, set) = active(FeatureId::Slug("007".to_owned()), "1.1");
        assert_eq!((kept, set.tag()), (None, None), "no tag names a folder of digits");
        active(FeatureId::Prd(7), "1.2");
        state.set_active(None).unwrap();
        assert_eq!(state.active(), None);
        for torn in ["[PRD-07 Task 1.2 wip]", "[PRD-07 Task 1.2]\n", "\n", "[PRD-07 Task 1.2\n"] {
            fs::write(dir.path().join("spec-log/active"), torn).unwrap();
            assert_eq!(state.active(), None, "{torn}");
        }
    }

    #[test]
    fn what_is_torn_or_foreign_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path());
        fs::create_dir(dir.path().join("spec-log")).unwrap();
        let put = |name: &str, bytes: &[u8]| {
            fs::write(dir.path().join("spec-log").join(name), bytes).unwrap();
        };
        let torn = oid(1).to_string();
        let twice = |oid: Oid| format!("{oid} {oid}\n");
        let (old, new) = (twice(oid(0x11)), twice(oid(0x22)));
        let halves = (1..old.len() - 1).map(|at| [&new[..at], &old[at..]].concat().into_bytes());
        let foreign = ["", "\0\0\0", "zz\n", "zz zz\n", &torn, &torn[..9], old.trim_end()];
        let foreign = foreign.map(|text| text.as_bytes().to_vec());
        for bytes in halves.chain(foreign).chain([b"\xff".to_vec()]) {
            put("last-seen", &bytes);
            assert_eq!(state.last_seen().unwrap(), None, "{bytes:?}");
        }
        put("last-seen", &[b'x'; 999]);
        state.set_last_seen(oid(0x22)).unwrap();
        assert_eq!(state.read("last-seen").unwrap(), Some(new));
        put("last-seen", format!("{torn}\n").as_bytes());
        assert_eq!(state.last_seen().unwrap(), Some(oid(1)), "as it was once written");
        let path = dir.path().join("spec-log/last-seen");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        state.set_last_seen(oid(0x22)).unwrap();
        assert_eq!(
            state.last_seen().unwrap(),
            Some(oid(0x22)),
            "what cannot be opened is replaced"
        );
        let good = Pending { oid: oid(3), path: "a.md".into() };
        put("pending", format!("v2 {torn} x\n\n{torn} \n{}\n{torn} a\\", good.line()).as_bytes());
        assert_eq!(state.pending().unwrap(), [good]);
        put("pending", format!("{torn} a.m").as_bytes());
        assert_eq!(state.pending().unwrap(), [], "it may be the half of a name");
        put("pending", format!("v2 {torn} x\n{torn} a.md\n").as_bytes());
        state.set_pending(&[]).unwrap();
        let left = state.read("pending").unwrap().unwrap();
        assert!(left.starts_with(&format!("v2 {torn} x\n")) && state.pending().unwrap().is_empty());
        assert!(!state.is_torn().unwrap() && !state.has_pending().unwrap());
        for bytes in [&b""[..], b"\0\0\0\0", b"\xff", torn.as_bytes()] {
            put("pending", bytes);
            assert_eq!(state.pending().unwrap(), []);
            assert!(state.is_torn().unwrap() && state.has_pending().unwrap());
            state.set_pending(&[]).unwrap();
            assert!(!state.is_torn().unwrap(), "{bytes:?} is not kept");
        }
    }

    #[test]
    fn a_commit_that_is_being_written_is_never_half_read() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path());
        let oids = [oid(0x11), oid(0x22)];
        state.set_last_seen(oids[0]).unwrap();
        std::thread::scope(|scope| {
            let write = |nth: usize| state.set_last_seen(oids[nth % 2]).unwrap();
            scope.spawn(move || (0..5000).for_each(write));
            for _ in 0..5000 {
                let seen = state.last_seen().unwrap();
                assert!(seen.is_some_and(|seen| oids.contains(&seen)), "{seen:?}");
            }
        });
    }

    #[test]
    fn what_cannot_be_read_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path());
        for name in ["last-seen", "pending", "overruled", "rewritten", "owed"] {
            fs::create_dir_all(dir.path().join("spec-log").join(name)).unwrap();
        }
        assert!(state.last_seen().is_err() && state.pending().is_err());
        assert!(state.rewritten().is_err() && state.owed().is_err());
        assert!(state.overruled().is_err() && state.set_overruled(&[]).is_err());
        let record = Pending { oid: oid(1), path: "a.md".to_owned() };
        assert!(state.set_pending(&[record]).is_err() && state.owe(oid(1)).is_err());
    }
}
