//! The files of a new feature, from the repository's template or ours.

use super::super::address::Shelf;
use super::Plan;
use super::site::{Site, join};
use crate::doc::Document;
use crate::doc::dialect::Naming;
use crate::report::Failure;
use crate::task::FeatureId;
use crate::template::{self, Names, built_in};

/// What is to be written.
pub(super) struct Made {
    /// Every file: its path and text.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The one with the tasks.
    pub(super) document: (String, Vec<u8>),
    /// The repository's template.
    pub(super) template: Option<String>,
}

/// Fills the templates in.
pub(super) fn of(
    shelf: &Shelf,
    site: &Site,
    title: &str,
    plan: Option<&Plan>,
) -> Result<Made, Failure> {
    let number = match site.feature {
        FeatureId::Prd(number) => Some(number),
        FeatureId::Slug(_) => None,
    };
    let names = Names {
        title: title.to_owned(),
        number,
        slug: site.slug.clone(),
        folder: site.folder.clone(),
        plan: plan.map(|plan| plan.path.clone()),
        now: shelf.project.repo().now().map_err(crate::record::Error::from)?,
    };
    match site.dialect.naming {
        Naming::Numbered => feature_file(shelf, site, &names, plan),
        Naming::Path => workspace(shelf, site, &names, plan),
    }
}

fn feature_file(
    shelf: &Shelf,
    site: &Site,
    names: &Names,
    plan: Option<&Plan>,
) -> Result<Made, Failure> {
    let template = shelf.project.feature_template()?;
    let text = match &template {
        Some(path) => read(shelf, path)?,
        None => built_in::FEATURE.into(),
    };
    let phases = plan.map_or(&[][..], |plan| &plan.phases);
    let mut meant = None;
    for name in &site.names {
        let path = join(&site.folder, name);
        let filled = template::instantiate(text.clone(), &path, site.dialect, names, phases);
        let document = (path.clone(), filled.clone());
        match Document::read(&path, filled, site.dialect).feature() {
            Some(feature) if feature == site.feature => {
                return Ok(Made { files: vec![document.clone()], document, template });
            }
            other => meant = meant.or(other),
        }
    }
    let title = &names.title;
    Err(match meant {
        Some(other) => Failure::usage(format!("the document of `{title}` would track {other}"))
            .hint("leave the number out of the name: --prd N says it"),
        None => Failure::usage(format!("a file named after `{title}` would be a template"))
            .hint("give the feature another name"),
    })
}

/// All markdown files of the template, and the list of tasks in any case.
fn workspace(
    shelf: &Shelf,
    site: &Site,
    names: &Names,
    plan: Option<&Plan>,
) -> Result<Made, Failure> {
    let template = shelf.project.workspace_template()?;
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    match &template {
        Some((folder, files)) => {
            for name in files {
                texts.push((name.clone(), read(shelf, &join(folder, name))?));
            }
        }
        None => texts.extend(built_in::WORKSPACE.map(|(name, text)| (name.into(), text.into()))),
    }
    let tasks = join(&site.folder, &site.names[0]);
    let is_tasks = |(name, _): &(String, Vec<u8>)| join(&site.folder, name) == tasks;
    if !texts.iter().any(is_tasks) {
        texts.push((site.names[0].clone(), built_in::TASKS.into()));
    }
    let mut files = Vec::new();
    for (name, text) in texts {
        let path = join(&site.folder, &name);
        let text = match path == tasks {
            true => {
                let phases = plan.map_or(&[][..], |plan| &plan.phases);
                template::instantiate(text, &path, site.dialect, names, phases)
            }
            false => template::fill_in(text, &path, site.dialect, names),
        };
        files.push((path, text));
    }
    // The plan may lie in the folder already.
    files.retain(|(path, _)| plan.is_none_or(|plan| plan.path != *path));
    let document = files.iter().find(|(path, _)| *path == tasks).cloned().unwrap_or_default();
    Ok(Made { files, document, template: template.map(|(folder, _)| folder) })
}

fn read(shelf: &Shelf, path: &str) -> Result<Vec<u8>, Failure> {
    let text = shelf.project.store().read(path)?;
    text.ok_or_else(|| Failure::new("document", format!("cannot read `{path}`: it is gone")))
}
