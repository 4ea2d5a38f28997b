//! What lies in a repository, as far as a fault may not spoil it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The name of everything, and the text of what must be old or new.
pub(super) struct Snapshot(BTreeMap<String, Option<Vec<u8>>>);

/// git's own files, which say the same in many ways.
const UNREAD: &[&str] = &[".git/index", ".git/spec-log/ledger", ".git/logs/", ".git/COMMIT_EDIT"];

/// Which records are in no commit yet.
const RECORDS: &str = ".git/spec-log/pending";

/// The only branch.
const BRANCH: &str = ".git/refs/heads/main";

/// Where we remember things.
const STATE: &str = ".git/spec-log/";

impl Snapshot {
    /// Everything below a folder but git's objects and a reftable; `said` are the texts of
    /// what only git can read.
    pub(super) fn of(top: &Path, said: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut found: BTreeMap<_, _> =
            said.into_iter().map(|(name, text)| (name, Some(text))).collect();
        collect(top, "", &mut found);
        Self(found)
    }

    /// Each text is what it is in one of these; what we remember between two
    /// runs may be at a step between.
    pub(super) fn is_one_of(&self, others: &[&Self]) -> Result<(), String> {
        self.compare(others, |name| !name.starts_with(STATE))
    }

    /// The same, and so is what we remember.
    pub(super) fn is_wholly_one_of(&self, others: &[&Self]) -> Result<(), String> {
        self.compare(others, |_| true)
    }

    fn compare(&self, others: &[&Self], counts: fn(&str) -> bool) -> Result<(), String> {
        let names = others.iter().flat_map(|other| other.0.keys()).chain(self.0.keys());
        for name in names.filter(|name| !is_temporary(name) && counts(name)) {
            let found = self.0.get(name);
            if others.iter().all(|other| other.0.get(name) != found) {
                let text = found.cloned().flatten();
                let text = text.map(|text| String::from_utf8_lossy(&text).into_owned());
                let wanted: Vec<_> = others.iter().map(|o| o.text(name)).collect();
                return Err(format!("`{name}` is neither old nor new: {text:?} of {wanted:?}"));
            }
        }
        Ok(())
    }

    /// The same of the files that are none of git's.
    pub(super) fn has_documents_of(&self, others: &[&Self]) -> Result<(), String> {
        self.compare(others, |name| !name.starts_with(".git/") && !name.starts_with("index: "))
    }

    /// Whether the branch has gone on.
    pub(super) fn is_ahead_of(&self, other: &Self) -> bool {
        self.text(BRANCH) != other.text(BRANCH)
    }

    /// Something is remembered of the records where others remember any, and
    /// nothing that none of them does.
    pub(super) fn has_records_of(&self, others: &[&Self]) -> Result<(), String> {
        let known: Vec<String> = others.iter().map(|other| other.text(RECORDS)).collect();
        let own = self.text(RECORDS);
        let is_known = |line: &str| known.iter().any(|all| all.lines().any(|one| one == line));
        match own.lines().all(is_known) && (!own.is_empty() || known.iter().any(String::is_empty)) {
            true => Ok(()),
            false => Err(format!("the records are {own:?} and not those of {known:?}")),
        }
    }

    /// The text of a file.
    pub(super) fn text(&self, name: &str) -> String {
        let text = self.0.get(name).cloned().flatten().unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Nothing lies there that lies in none of these, but for what we remember.
    pub(super) fn has_no_more_names_than(&self, others: &[&Self]) -> Result<(), String> {
        let is_more = |name: &&String| others.iter().all(|one| !one.0.contains_key(*name));
        let is_ours = |name: &&String| name.starts_with(STATE) && !is_temporary(name);
        let more = self.0.keys().find(|name| is_more(name) && !is_ours(name));
        more.map_or(Ok(()), |name| Err(format!("`{name}` is left behind")))
    }

    /// A lock of git's.
    pub(super) fn lock(&self) -> Option<&str> {
        self.0.keys().map(String::as_str).find(|name| name.ends_with(".lock"))
    }
}

/// Whether it is no file that anybody reads.
fn is_temporary(name: &str) -> bool {
    let file = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
    file.contains("tmp") || (file.starts_with("spec-log-") && name.starts_with(".git/"))
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("a kind");
        if name == ".git/objects" || name == ".git/reftable" {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found);
            found.insert(name + "/", None);
        } else if kind.is_symlink() {
            let target = fs::read_link(entry.path()).expect("a link");
            found.insert(name, Some(target.into_os_string().into_encoded_bytes()));
        } else {
            let is_read = !UNREAD.iter().any(|unread| name.starts_with(unread));
            let text = is_read.then(|| fs::read(entry.path()).expect("a file"));
            found.insert(name, text.map(in_order));
        }
    }
}

/// The lines of a short list, whose order says nothing.
fn in_order(text: Vec<u8>) -> Vec<u8> {
    if text.contains(&b'#') {
        return text;
    }
    let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    lines.sort();
    lines.join(&b'\n')
}
