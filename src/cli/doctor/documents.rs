//! What is set, which documents there are, and which are of no use.

use std::collections::BTreeMap;

use super::Finding;
use crate::check;
use crate::cli::init::driver::missing_lines;
use crate::config::{self, RecordMode};
use crate::record::{Catalog, Error, Nested, Pattern, Project};
use crate::repo::Site;

/// Looks at the configuration and the documents.
pub(super) fn examine(project: &Project, site: &Site) -> Vec<Finding> {
    let mut findings = vec![record_mode(project, site)];
    match listed(project) {
        Ok(listed) => findings.extend(listed),
        Err(error) => findings.push(Finding::of(&error)),
    }
    findings.extend(merging(project, site));
    findings.extend(active_task(project));
    findings
}

/// Whether git merges the documents by what they mean.
fn merging(project: &Project, site: &Site) -> Option<Finding> {
    let catalog = project.catalog().ok()?;
    let paths: Vec<&str> = catalog.all().map(|place| place.path.as_str()).collect();
    let otherwise = site.merged_otherwise("spec-log", &paths).ok()?;
    if paths.is_empty() {
        return None;
    }
    if otherwise.is_empty() && site.setting("merge.spec-log.driver").is_none() {
        let said = "`.gitattributes` names a merge driver that is not set here";
        return Some(Finding::warning("merge-driver", said).hint("git spec-log init"));
    }
    let Some(path) = otherwise.first() else {
        return Some(Finding::ok("merge-driver", "git merges documents by what they mean"));
    };
    let more = match otherwise.len() {
        1 => String::new(),
        more => format!(" and {} more", more - 1),
    };
    let said = format!("git merges {path}{more} line by line: `.gitattributes` does not name it");
    let holds_one = |place: &&Pattern| otherwise.iter().any(|path| place.matches(path));
    let places = project.places().patterns().iter().filter(holds_one);
    let hint = missing_lines(site, places).unwrap_or_else(|| "look at .gitattributes".to_owned());
    Some(Finding::warning("merge-attributes", said).hint(hint))
}

/// The task that messages are tagged with, where one was started.
fn active_task(project: &Project) -> Option<Finding> {
    let active = project.state().active()?;
    let (feature, task) = (&active.feature, &active.task);
    Some(match project.is_open(&active) {
        Err(error) => Finding::of(&error),
        Ok(true) => {
            let tag = active.tag().unwrap_or_default();
            let said = format!("{feature} {task} is active: messages without a tag get {tag}");
            Finding::ok("active-task", said)
        }
        Ok(false) => {
            let said = format!("{feature} {task} is active, and no open task here: no tag is put");
            Finding::warning("active-task", said).hint("git spec-log stop")
        }
    })
}

fn record_mode(project: &Project, site: &Site) -> Finding {
    let mode = match project.config().record {
        RecordMode::Worktree => "worktree",
        RecordMode::Stage => "stage",
        RecordMode::Next => "next",
        RecordMode::Off => "off",
    };
    let message = format!("record = {mode} ({})", origin(project, site));
    match project.config().record {
        RecordMode::Off => Finding::warning("record", message + ": hooks only check")
            .hint("git spec-log sync records when asked"),
        _ => Finding::ok("record", message),
    }
}

/// Where the record mode comes from: the first place, of those in the order
/// of their weight, that says one.
fn origin(project: &Project, site: &Site) -> String {
    let name = format!("{}RECORD", config::ENVIRONMENT_PREFIX);
    if std::env::var_os(&name).is_some_and(|value| !value.is_empty()) {
        return format!("environment variable {name}");
    }
    if let Ok(Some((scope, _))) = site.scoped("speclog.record") {
        return format!("git config speclog.record, {scope}");
    }
    let team = project.store().read(config::FILE).ok().flatten().unwrap_or_default();
    let sets_it = |line: &str| {
        line.split_once('=').is_some_and(|(key, _)| key.trim().trim_matches('"') == "record")
    };
    match String::from_utf8_lossy(&team).lines().any(sets_it) {
        true => config::FILE.to_owned(),
        false => "built in".to_owned(),
    }
}

fn listed(project: &Project) -> Result<Vec<Finding>, Error> {
    let catalog = project.catalog()?;
    let mut findings = Vec::new();
    for (feature, paths) in by_feature(&catalog) {
        let message = format!("{feature}: {}", paths.join(", "));
        findings.push(match paths.len() {
            1 => Finding::ok("document", message),
            _ => Finding::error("duplicate-feature", format!("{message}: two documents, one name"))
                .hint(check::another_name(paths[paths.len() - 1])),
        });
    }
    for (path, error) in &catalog.refused {
        let finding = Finding::error("unreadable-document", error.to_string());
        let hint = error.hint().map_or_else(|| format!("look at `{path}`"), str::to_owned);
        findings.push(finding.hint(hint));
    }
    findings.extend(nameless(project, &catalog)?);
    findings.extend(project.irregular_documents()?.into_iter().map(|path| {
        let said = format!("`{path}` is left out: it is not a regular file");
        Finding::warning("irregular-document", said)
            .hint("put the file itself there, or name its own place in `.spec-log.toml`")
    }));
    findings.extend(nested(project)?);
    if findings.is_empty() {
        let hint = "git spec-log init --dry-run says where documents are looked for";
        findings.push(Finding::warning("no-document", "no document is here yet").hint(hint));
    }
    Ok(findings)
}

/// Documents of projects inside this one, which are not looked for.
fn nested(project: &Project) -> Result<Option<Finding>, Error> {
    let nested = project.nested()?;
    let documents: usize = nested.iter().map(|place| place.documents).sum();
    let said = match documents {
        0 => return Ok(None),
        1 => "1 document lies in a project inside this one and is not looked for".to_owned(),
        _ => {
            format!("{documents} documents lie in projects inside this one and are not looked for")
        }
    };
    let hint = format!("to track them put into `{}`:\n{}", config::FILE, lines(&nested));
    Ok(Some(Finding::warning("nested-document", said).hint(hint)))
}

/// What the configuration says to look at these places.
pub(in crate::cli) fn lines(nested: &[Nested]) -> String {
    let line = |place: &Nested| format!("[[documents]]\npath = \"{}\"", place.glob);
    nested.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn by_feature(catalog: &Catalog) -> BTreeMap<String, Vec<&str>> {
    let mut features: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for place in catalog.current() {
        features.entry(place.feature.to_string()).or_default().push(&place.path);
    }
    features
}

/// Files that lie where documents do, and name no feature.
fn nameless(project: &Project, catalog: &Catalog) -> Result<Vec<Finding>, Error> {
    let mut paths = project.store().find(project.places().globs())?;
    paths.retain(|path| {
        let is_known = catalog.places.iter().any(|place| place.path == *path)
            || catalog.refused.iter().any(|(refused, _)| refused == path);
        project.places().dialect(path).is_some() && !is_known
    });
    let nameless = |path: String| {
        Finding::warning("nameless-document", format!("`{path}` names no feature"))
            .hint("title it `# Feature: Name (PRD 07)`, or begin the file's name with a number")
    };
    Ok(paths.into_iter().map(nameless).collect())
}
