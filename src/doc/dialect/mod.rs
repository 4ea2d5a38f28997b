//! How each kind of document says things, as data.

mod built_in;
mod configured;
mod name;

use crate::tag::wild::Forms;

pub use built_in::{BUILT_IN, FEATURE_FILE, PLAN, RECOVERY, WORKSPACE};
pub use configured::configured;
pub use name::{aliases, bare_title, is_named_by_folder, is_put_away, is_template, path_feature};

/// Where a kind of document carries the name of its feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// A number after `PRD` in the title, in the *PRD* field or at the start
    /// of the file's name.
    Numbered,
    /// The file's name, or where that says no more than `tasks` or `plan`
    /// the folder's.
    Path,
}

/// The section that lists commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntrySection {
    /// Its headings, in lower case, the one that says it best first.
    pub names: &'static [&'static str],
    /// The heading that is written where the section is missing.
    pub title: &'static str,
    /// The sections before which it is made, in lower case; else at the end.
    pub before: &'static [&'static str],
}

/// One kind of document.
///
/// A dialect lives as long as the program: it is built in, or read once from
/// the team's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Its name in configuration and `--json`.
    pub name: &'static str,
    /// Where such documents lie, as globs relative to the work tree.
    pub places: &'static [&'static str],
    /// Files beside the document that keep the same books, by name.
    pub companions: &'static [&'static str],
    /// Those of them that show what it says in another way, and follow it.
    pub views: &'static [&'static str],
    /// Where the feature's name stands.
    pub naming: Naming,
    /// The dialect of a document at such a place that states the number of a
    /// plan in its header, if that is another one.
    pub numbered: Option<&'static Dialect>,
    /// The words that features of this kind may be called by before their
    /// number, in lower case, where a name is a word and a number: with `task`
    /// and `back`, `TASK-12` is what is called `back-12` today.
    pub prefixes: &'static [&'static str],
    /// What may stand before a task's id besides `Task` and its like, in lower
    /// case: `Phase 2.1: …`, `#3 …`.
    pub id_words: &'static [&'static str],
    /// What *Status* says before work began, while it goes on and when it is
    /// done.
    pub states: [&'static str; 3],
    /// How messages may name tasks besides by our own tag.
    pub forms: Forms,
    /// What stands in the box of a task that is worked on; `None` where the
    /// words ` (IN PROGRESS)` say so.
    pub begun: Option<char>,
    /// Whether the line of a task that is done ends in the hash of the commit
    /// that finished it.
    pub signed: bool,
    /// Where entries go; `None` where such documents have no place for them.
    pub entries: Option<EntrySection>,
    /// Headings and labels of lists that hold no tasks, in lower case.
    pub checklists: &'static [&'static str],
}

impl Dialect {
    /// Whether the path of a document says all that its header could.
    pub fn is_named_by_path(&self) -> bool {
        self.naming == Naming::Path && self.numbered.is_none()
    }

    /// Whether a document at a place of this dialect may turn out to be in
    /// another one.
    pub fn may_be(&self, other: &Self) -> bool {
        self.name == other.name || self.numbered.is_some_and(|then| then.name == other.name)
    }
}

/// The built-in dialect of a name.
pub fn by_name(name: &str) -> Option<&'static Dialect> {
    BUILT_IN.iter().copied().find(|dialect| dialect.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_may_turn_out_to_be_the_one_for_numbered_plans() {
        let numbered = BUILT_IN.iter().find(|dialect| dialect.numbered.is_some());
        let list = numbered.expect("a dialect with numbered plans");
        let then = list.numbered.expect("another dialect");
        assert!(list.may_be(list) && list.may_be(then));
        assert!(!then.may_be(list) && !list.may_be(&RECOVERY));
        assert!(!list.is_named_by_path() && !FEATURE_FILE.is_named_by_path());
        assert!(by_name("spec-kit").is_some_and(Dialect::is_named_by_path));
        assert_eq!(by_name("none"), None);
    }
}
