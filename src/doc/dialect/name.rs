//! The names that a path gives to a feature.

use super::Dialect;
use crate::task::FeatureId;

/// File names that say what kind of file it is and not which feature's.
const KINDS: &[&str] = &["tasks", "task", "plan", "todo", "implement", "prd", "recovery", "readme"];

/// What a file's name may begin with before the feature's.
const BEFORE: &[&str] = &["tasks-", "tasks_", "prd-", "prd_"];

/// What a file's name may end with behind the feature's.
const BEHIND: &[&str] = &["-tasks", "_tasks", "-plan", "_plan", ".story"];

/// What titles call their documents, in lower case.
const TITLES: &[&str] = &[
    "feature",
    "session recovery",
    "tasks",
    "task list",
    "tasks document",
    "task breakdown",
    "implementation tasks",
    "implementation plan",
    "plan",
    "work packages",
];

/// Folders of what is done with.
const AWAY: &[&str] = &["archive", "archived", "completed"];

/// Whether a document was put where nobody works on it any more.
pub fn is_put_away(path: &str) -> bool {
    path.rsplit('/').skip(1).any(|folder| AWAY.contains(&folder))
}

/// A title without the words that say what kind of document it is: `Tasks:
/// Events`, `Events - Task Breakdown`; empty where it says no more than that.
pub fn bare_title(title: &str) -> &str {
    let is_kind = |words: &str| TITLES.contains(&words.trim().to_lowercase().as_str());
    let title = title.trim();
    if is_kind(title) {
        return "";
    }
    let dashes = [" - ", " – ", " — "];
    let mut before = [":"].iter().chain(&dashes).filter_map(|mark| title.split_once(mark));
    let mut behind = dashes.iter().filter_map(|mark| title.rsplit_once(mark));
    let rest = before.find_map(|(kind, rest)| is_kind(kind).then_some(rest));
    let rest = rest.or_else(|| behind.find_map(|(rest, kind)| is_kind(kind).then_some(rest)));
    rest.unwrap_or(title).trim()
}

/// Whether a path is a template, which is no document.
pub fn is_template(path: &str) -> bool {
    // Nearly every path ends here.
    if !path.as_bytes().windows(8).any(|word| word.eq_ignore_ascii_case(b"template")) {
        return false;
    }
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default().to_lowercase();
    file.contains("task_template")
        || file.ends_with(".template.md")
        || file == "template.md"
        || parts.any(|folder| folder == "template-spec")
}

/// The feature that a path alone names: `tasks/tasks-prd-login.md` and
/// `specs/active/login/tasks.md` are both `login`, and
/// `backlog/tasks/task-12 - Title.md` is `task-12`.
pub fn path_feature(path: &str) -> Option<FeatureId> {
    let stem = stem(path);
    match path.rsplit('/').nth(1).filter(|_| is_named_by_folder(path)) {
        Some(folder) => slug(&folder.to_lowercase()),
        None => slug(without_kind(&stem)),
    }
}

/// Whether a file's name says only what kind of file it is, so that its folder
/// names the feature.
pub fn is_named_by_folder(path: &str) -> bool {
    KINDS.contains(&stem(path).as_str())
}

/// A file's name in lower case, without its ending and a title behind it.
fn stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.split_once(" - ").map_or(stem, |(id, _)| id).to_lowercase()
}

/// A file's name without the words that say what kind of file it is.
fn without_kind(stem: &str) -> &str {
    let mut name = stem;
    loop {
        let before = BEFORE.iter().find_map(|word| name.strip_prefix(word));
        let behind = || BEHIND.iter().find_map(|word| name.strip_suffix(word));
        match before.or_else(behind).filter(|rest| !rest.is_empty()) {
            Some(rest) => name = rest,
            None => return name,
        }
    }
}

/// A name as a slug: what no slug has becomes a hyphen.
fn slug(name: &str) -> Option<FeatureId> {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let words = name.split(|c| !belongs(c)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    let name = name.trim_matches(['-', '_', '.']);
    match FeatureId::parse(name)? {
        FeatureId::Prd(_) => Some(FeatureId::Slug(name.to_owned())),
        slug => Some(slug),
    }
}

/// What else people call a feature, in lower case: `004-events` also `004`,
/// `4` and `events`, `2026-01-27-add-login` also `add-login`, `1.2.login` also
/// `1.2`, and by the dialect's prefixes `back-12` also `task-12`.
pub fn aliases(feature: &FeatureId, dialect: &Dialect) -> Vec<String> {
    let FeatureId::Slug(slug) = feature else { return Vec::new() };
    let mut found = Vec::new();
    let (number, rest) = numbered(slug);
    if !number.is_empty() && !rest.is_empty() {
        found.push(number.to_owned());
        found.push(number.trim_start_matches('0').to_owned());
        found.push(rest.to_owned());
        found.extend(dialect.prefixes.iter().map(|word| format!("{word}-{number}")));
    }
    // `oracle-write_20251224`
    let dated = slug.rsplit_once(['_', '-']).filter(|(_, date)| date.len() == 8 && is_number(date));
    found.extend(dated.map(|(name, _)| name.to_owned()));
    let called =
        dialect.prefixes.iter().find_map(|word| slug.strip_prefix(word)?.strip_prefix('-'));
    if let Some(number) = called.filter(|number| number.starts_with(|c: char| c.is_ascii_digit())) {
        found.extend(dialect.prefixes.iter().map(|word| format!("{word}-{number}")));
    }
    found.retain(|name| !name.is_empty() && name != slug);
    found.sort();
    found.dedup();
    found
}

/// Splits the numbers off that a slug begins with.
fn numbered(slug: &str) -> (&str, &str) {
    let mut at = 0;
    for part in slug.split_inclusive(['-', '_', '.']) {
        if !is_number(part.trim_end_matches(['-', '_', '.'])) {
            break;
        }
        at += part.len();
    }
    let (number, rest) = slug.split_at(at);
    (number.trim_end_matches(['-', '_', '.']), rest)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::{PLAN, by_name};
    use super::*;

    #[test]
    fn a_path_names_its_feature() {
        for (path, expected) in [
            ("specs/active/Oracle-Secrets/tasks.md", "oracle-secrets"),
            ("specs/004-events/tasks.md", "004-events"),
            ("specs/active/prd-07/tasks.md", "prd-07"),
            ("tasks/tasks-prd-user-login.md", "user-login"),
            ("tasks/tasks-0001-prd-user-login.md", "0001-prd-user-login"),
            ("docs/frontend-tasks.md", "frontend"),
            ("backlog/tasks/task-4.10 - Say so - twice.md", "task-4.10"),
            ("docs/stories/1.2.login.story.md", "1.2.login"),
            (".planning/phases/01-base/01-02-PLAN.md", "01-02"),
            (".planning/ROADMAP.md", "roadmap"),
            ("openspec/changes/🎉 party/tasks.md", "party"),
            (".kiro/specs/機能/tasks.md", "機能"),
            ("TODO.md", "todo"),
        ] {
            let found = path_feature(path).map(|feature| feature.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{path}");
        }
        assert_eq!(path_feature("specs/🎉/tasks.md"), None);
    }

    #[test]
    fn a_title_loses_what_kind_of_document_it_is() {
        for (title, expected) in [
            ("Feature: Login", "Login"),
            ("Work Packages: Org Tier", "Org Tier"),
            ("Tasks — Event - Log", "Event - Log"),
            ("Sweep: Bugs - Task Breakdown", "Sweep: Bugs"),
            ("Tasks Document", ""),
            ("Login: the plan", "Login: the plan"),
            ("Follow-up tasks", "Follow-up tasks"),
            ("", ""),
        ] {
            assert_eq!(bare_title(title), expected, "{title}");
        }
    }

    #[test]
    fn a_feature_is_called_by_its_parts_too() {
        let called = |slug: &str, dialect| aliases(&FeatureId::Slug(slug.to_owned()), dialect);
        assert_eq!(called("004-events", &PLAN), ["004", "4", "events"]);
        assert_eq!(called("2026-01-27-add-login", &PLAN), ["2026-01-27", "add-login"]);
        assert_eq!(
            called("1.2.login", by_name("bmad").expect("built in")),
            ["1.2", "login", "story-1.2"]
        );
        assert_eq!(called("back-12", by_name("backlog").expect("built in")), ["task-12"]);
        assert_eq!(called("task-4.10", by_name("backlog").expect("built in")), ["back-4.10"]);
        assert_eq!(called("oracle_20251224", &PLAN), ["oracle"]);
        assert!(called("login", &PLAN).is_empty() && called("12", &PLAN).is_empty());
    }

    #[test]
    fn templates_and_what_was_put_away_are_known_by_their_path() {
        for (path, template, away) in [
            ("prd/TASK_TEMPLATE.md", true, false),
            ("x/login.template.md", true, false),
            ("x/Template.md", true, false),
            ("x/template-spec/y/tasks.md", true, false),
            ("x/templates/tasks.md", false, false),
            ("x/my_template.md", false, false),
            ("archive/x.md", false, true),
            ("x/completed/y/tasks.md", false, true),
            ("x/archive.md", false, false),
        ] {
            assert_eq!((is_template(path), is_put_away(path)), (template, away), "{path}");
        }
    }
}
