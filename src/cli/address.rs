//! What a person calls a feature, and which one is meant where none is named.
//!
//! Two that would fit are never chosen between: the failure lists them.

use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::doc::dialect::is_named_by_folder;
use crate::doc::{Document, Lookup};
use crate::record::{self, Catalog, Place, Project};
use crate::report::{Failure, Ui};
use crate::task::{FeatureId, TaskId};

/// How many candidates a failure lists.
const CANDIDATES: usize = 8;

/// The documents of the work tree that a command was started in.
pub(super) struct Shelf {
    /// The work tree.
    pub(super) project: Project,
    /// Its documents.
    pub(super) catalog: Rc<Catalog>,
}

impl Shelf {
    /// Opens the work tree and looks its documents up. One that cannot be read
    /// is warned about and left out.
    pub(super) fn open(ui: &mut Ui) -> Result<Self, Failure> {
        Self::of(super::project::open(ui)?, ui)
    }

    /// Looks the documents of an opened work tree up.
    pub(super) fn of(project: Project, ui: &mut Ui) -> Result<Self, Failure> {
        let catalog = project.known_catalog()?;
        catalog.refused.iter().for_each(|(_, error)| ui.warning(error.to_string()));
        Ok(Self { project, catalog })
    }

    /// One place for each feature and document, by feature; an archived
    /// document stands back behind one that is being worked on.
    pub(super) fn places(&self) -> Vec<&Place> {
        let mut places = self.catalog.current();
        places.sort_by(|a, b| (&a.feature, &a.path).cmp(&(&b.feature, &b.path)));
        places
    }

    /// Every document that a name fits: an id, a slug, or a path relative to
    /// the current directory.
    pub(super) fn named(&self, text: &str) -> Vec<&Place> {
        let by_name = Some(self.catalog.called(text)).filter(|found| !found.is_empty());
        by_name.unwrap_or_else(|| match self.inside(Path::new(text)) {
            Ok(path) => self.at(&path),
            Err(_) => Vec::new(),
        })
    }

    /// The documents at a path or in a folder that tracks a feature.
    fn at(&self, path: &str) -> Vec<&Place> {
        let is_it = |place: &&Place| {
            let beside = || path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_folder = is_named_by_folder(&place.path);
            let folder = place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_companion =
                || folder == beside() && place.dialect.companions.iter().any(|c| path.ends_with(c));
            place.path == path || (is_folder && (folder == path || is_companion()))
        };
        self.catalog.places.iter().filter(is_it).collect()
    }

    /// The document of a feature that was named.
    pub(super) fn feature(&self, text: &str) -> Result<&Place, Failure> {
        match self.named(text).as_slice() {
            [place] => Ok(place),
            [] => Err(self.unknown(text)),
            several => Err(Failure::usage(format!("`{text}` is tracked by several documents"))
                .hint(format!("name one of them:\n{}", list(several)))),
        }
    }

    /// The document that is meant where none is named: that of the active
    /// task, that of the branch's feature, or the only one there is.
    pub(super) fn only(&self) -> Result<&Place, Failure> {
        let places = self.places();
        match (self.meant().as_slice(), places.as_slice()) {
            ([place], _) | ([], [place]) => Ok(place),
            (_, []) => Err(Failure::usage("there is no task document here").hint(HOW_TO_BEGIN)),
            _ => Err(Failure::usage("which feature is not clear")
                .hint(format!("name one of them:\n{}", list(&places)))),
        }
    }

    /// The documents of the feature that the active task belongs to, else of
    /// the one that the branch's name names.
    pub(super) fn meant(&self) -> Vec<&Place> {
        let active = self.project.state().active();
        let of_active = active.map(|active| self.catalog.of(&active.feature));
        of_active.filter(|places| !places.is_empty()).unwrap_or_else(|| self.of_branch())
    }

    /// The branch's name.
    pub(super) fn branch(&self) -> Option<String> {
        self.project.repo().branch().ok().flatten()
    }

    /// The documents of the one feature that the branch's name names.
    pub(super) fn of_branch(&self) -> Vec<&Place> {
        let Some(branch) = self.branch() else { return Vec::new() };
        let mut places = self.places();
        places.retain(|place| names(&branch, &place.feature));
        match places.first().map(|first| first.feature.clone()) {
            Some(first) if places.iter().all(|place| place.feature == first) => places,
            _ => Vec::new(),
        }
    }

    /// Reads a document whole.
    pub(super) fn read(&self, place: &Place) -> Result<Document, Failure> {
        let gone = || Failure::new("document", format!("cannot read `{}`: it is gone", place.path));
        self.project.document(place)?.ok_or_else(gone)
    }

    /// The document that has a task of a feature: the feature's own, else the
    /// one that it points at.
    pub(super) fn having<'s>(&'s self, place: &'s Place, task: &str) -> Result<&'s Place, Failure> {
        let lacks = |place| Ok::<_, Failure>(self.read(place)?.find_named(task) == Lookup::None);
        match self.project.pointed(place, &self.catalog) {
            Some(other) if lacks(place)? && !lacks(other)? => Ok(other),
            _ => Ok(place),
        }
    }

    /// The document that has the tasks of a feature: the feature's own or,
    /// where that has none, the one that it points at, which is said.
    pub(super) fn with_tasks<'s>(
        &'s self,
        place: &'s Place,
        ui: &mut Ui,
    ) -> Result<&'s Place, Failure> {
        let has_any = |place| Ok::<_, Failure>(self.read(place)?.top_level(None).next().is_some());
        match self.project.pointed(place, &self.catalog) {
            Some(other) if !has_any(place)? && has_any(other)? => {
                let (own, feature) = (&place.feature, &other.feature);
                ui.note(format!(
                    "{own} has no tasks: those of {feature} are taken ({})",
                    other.path
                ));
                Ok(other)
            }
            _ => Ok(place),
        }
    }

    /// A name that fits nothing, with the features that there are.
    pub(super) fn unknown(&self, text: &str) -> Failure {
        let failure = Failure::usage(format!("`{text}` names no feature here"));
        let mut places = self.places();
        if places.is_empty() {
            return failure.hint(HOW_TO_BEGIN);
        }
        let text = text.to_lowercase();
        let likeness = |place: &&Place| {
            let name = place.feature.to_string().to_lowercase();
            (strsim::jaro_winkler(&text, &name) * -1000.0) as i64
        };
        places.sort_by_key(likeness);
        failure.hint(format!("the features are:\n{}", list(&places)))
    }

    /// A path as a person gives it, relative to the top of the work tree with
    /// `/` between.
    pub(super) fn inside(&self, path: &Path) -> Result<String, Failure> {
        let shown = path.display();
        let outside = || Failure::usage(format!("`{shown}` is outside the work tree"));
        let here =
            std::env::current_dir().map_err(|error| Failure::from_error("directory", &error))?;
        let top = self.project.repo().work_tree().ok_or_else(outside)?;
        let whole = lexical(&here.join(path));
        // The top may be known by another name than the current directory is.
        let real = || Some((top.canonicalize().ok()?, whole.parent()?.canonicalize().ok()?));
        let below = match whole.strip_prefix(top) {
            Ok(below) => Some(below.to_path_buf()),
            Err(_) => real().and_then(|(top, folder)| {
                Some(folder.strip_prefix(top).ok()?.join(whole.file_name()?))
            }),
        };
        let below = below.ok_or_else(outside)?;
        let text = below.to_str();
        text.map(str::to_owned)
            .ok_or_else(|| Failure::usage(format!("`{shown}` is not a name in UTF-8")))
    }
}

/// What to do where there is no document yet.
pub(super) const HOW_TO_BEGIN: &str = concat!(
    "git spec-log new \"Password reset\" begins a feature in prd/tasks/\n",
    "git spec-log demo shows one at work",
);

impl From<crate::store::Error> for Failure {
    fn from(error: crate::store::Error) -> Self {
        record::Error::from(error).into()
    }
}

/// Lines that name documents for a hint.
pub(super) fn list(places: &[&Place]) -> String {
    let line = |place: &&Place| format!("  {}  {}", place.feature, place.path);
    let mut lines: Vec<String> = places.iter().take(CANDIDATES).map(line).collect();
    if places.len() > CANDIDATES {
        lines.push(format!("  and {} more", places.len() - CANDIDATES));
    }
    lines.join("\n")
}

/// Takes `.` and `..` out of a path by its words alone.
fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// Whether a branch's name names a feature: `prd-07` as words of its own, or
/// a slug between slashes.
fn names(branch: &str, feature: &FeatureId) -> bool {
    behind(branch, feature).is_some()
}

/// What stands in a branch's name behind that of a feature.
fn behind<'b>(branch: &'b str, feature: &FeatureId) -> Option<&'b str> {
    match feature {
        FeatureId::Slug(slug) => {
            let mut at = 0;
            branch.split('/').find_map(|part| {
                at += part.len() + 1;
                (part.to_lowercase() == *slug).then(|| branch.get(at..).unwrap_or_default())
            })
        }
        FeatureId::Prd(number) => {
            let lower = branch.to_ascii_lowercase();
            lower.match_indices("prd").find_map(|(at, word)| {
                let rest = branch[at + word.len()..].trim_start_matches(['-', '_']);
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let starts = !branch[..at].ends_with(char::is_alphanumeric);
                let ends = !rest[digits..].starts_with(char::is_alphanumeric);
                let is_it = starts && ends && rest[..digits].parse() == Ok(*number);
                is_it.then_some(&rest[digits..])
            })
        }
    }
}

/// The task ids in a branch's name, behind that of the feature where it has
/// one: words such as `1.2` or `A1`. A bare number is no task's.
pub(super) fn tasks_of_branch(branch: &str, feature: &FeatureId) -> Vec<TaskId> {
    let words = behind(branch, feature).unwrap_or(branch).split(['/', '-', '_']);
    let is_task = |word: &&str| !word.bytes().all(|byte| byte.is_ascii_digit());
    words.filter(is_task).filter_map(TaskId::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_names_a_feature_by_words_of_its_own() {
        let prd = FeatureId::Prd(7);
        for branch in ["feature/prd-07-login", "prd7", "me/PRD_007", "x-prd-7"] {
            assert!(names(branch, &prd), "{branch}");
        }
        for branch in ["feature/07-login", "prd-70", "prd-07a", "xprd-07", "prd", "main"] {
            assert!(!names(branch, &prd), "{branch}");
        }
        let slug = FeatureId::Slug("api".to_owned());
        assert!(names("feature/API", &slug) && !names("feature/fix-api", &slug));
    }

    #[test]
    fn a_branch_names_tasks_behind_its_feature() {
        let (prd, slug) = (FeatureId::Prd(7), FeatureId::Slug("api-v2".to_owned()));
        for (branch, feature, tasks) in [
            ("feature/prd-07-1.2-mail", &prd, &["1.2"][..]),
            ("prd-07/1.2", &prd, &["1.2"]),
            ("1.2/prd-07", &prd, &[]),
            ("feature/1.2", &prd, &["1.2"]),
            ("feature/prd-07-login-2", &prd, &[]),
            ("API-v2/A1_B2", &slug, &["A1", "B2"]),
            ("main", &prd, &[]),
        ] {
            let found = tasks_of_branch(branch, feature);
            assert_eq!(found.iter().map(TaskId::as_str).collect::<Vec<_>>(), tasks, "{branch}");
        }
    }

    #[test]
    fn a_path_loses_its_dots() {
        assert_eq!(lexical(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(lexical(Path::new("/../../a")), Path::new("/a"));
    }
}
