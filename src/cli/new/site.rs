//! What a new document is called, and where it goes: beside its like.

use std::collections::BTreeMap;

use super::super::address::Shelf;
use crate::doc::dialect::{Dialect, FEATURE_FILE, WORKSPACE};
use crate::record::Place;
use crate::report::{Failure, Ui};
use crate::task::FeatureId;
use crate::template::slug;

/// The greatest number that is read as a feature's.
pub(super) const MOST: u32 = 99_999;

/// Where a new document goes.
pub(super) struct Site {
    /// What it tracks.
    pub(super) feature: FeatureId,
    /// How it says things.
    pub(super) dialect: &'static Dialect,
    /// Its title as a name.
    pub(super) slug: String,
    /// The folder it lies in.
    pub(super) folder: String,
    /// Its file in that folder: as its like are called, then with its number,
    /// for a template that says the number nowhere.
    pub(super) names: Vec<String>,
}

/// A feature file: the number that is asked for, or the next free one.
pub(super) fn feature_file(
    shelf: &Shelf,
    title: &str,
    number: Option<u32>,
    ui: &mut Ui,
) -> Result<Site, Failure> {
    if let Some(number) = number {
        is_free(shelf, &FeatureId::Prd(number), "--prd N gives it another number", ui)?;
    }
    let number = number.map_or_else(|| next_number(shelf), Ok)?;
    let feature = FeatureId::Prd(number);
    let template = shelf.project.feature_template()?;
    let beside = template.as_deref().and_then(|path| path.rsplit_once('/'));
    let like = alike(shelf, &FEATURE_FILE);
    let folders = fullest(&like, |place| folder(&place.path)).into_iter();
    let folders = folders.chain(beside.map(|(folder, _)| folder.to_owned()));
    let probe = Form::default().name(number, &named(title)?);
    let folder = first_place(shelf, folders, &FEATURE_FILE, &probe)?;
    let form = Form::of(&like, &folder);
    let name = form.name(number, &slug(title, form.separator));
    let names = vec![name, Form::default().name(number, &slug(title, '_'))];
    Ok(Site { feature, dialect: &FEATURE_FILE, slug: slug(title, '-'), folder, names })
}

/// A workspace: its folder's name is the feature's.
pub(super) fn workspace(shelf: &Shelf, title: &str, ui: &mut Ui) -> Result<Site, Failure> {
    let slug = named(title)?;
    let feature = match FeatureId::parse(&slug) {
        Some(feature @ FeatureId::Slug(_)) => feature,
        _ => {
            let said = format!("`{slug}` is a number, expected a name for a workspace");
            return Err(Failure::usage(said).hint("put a word before or behind it"));
        }
    };
    is_free(shelf, &feature, "give it another name", ui)?;
    let like = alike(shelf, &WORKSPACE);
    let folders = fullest(&like, |place| folder(folder(&place.path))).into_iter();
    let above = first_place(shelf, folders, &WORKSPACE, &format!("{slug}/tasks.md"))?;
    let folder = join(&above, &slug);
    Ok(Site { feature, dialect: &WORKSPACE, slug, folder, names: vec!["tasks.md".to_owned()] })
}

fn named(title: &str) -> Result<String, Failure> {
    match slug(title, '-') {
        slug if slug.is_empty() => {
            let said = format!("`{title}` has no letter or digit to name a file by");
            Err(Failure::usage(said).hint("put a word into it; the title is yours to change later"))
        }
        slug => Ok(slug),
    }
}

/// One more than the greatest number here and on the branches.
fn next_number(shelf: &Shelf) -> Result<u32, Failure> {
    let here = shelf.catalog.places.iter().map(|place| place.feature.clone());
    let elsewhere = shelf.project.features_on_branches()?.into_iter().map(|(feature, _)| feature);
    let number = |feature: FeatureId| match feature {
        FeatureId::Prd(number) => Some(number),
        FeatureId::Slug(_) => None,
    };
    let greatest = here.chain(elsewhere).filter_map(number).max();
    match greatest.map_or(1, |greatest| greatest.saturating_add(1)) {
        next if next <= MOST => Ok(next),
        _ => Err(Failure::usage("there is no next number").hint("name one with --prd N")),
    }
}

/// Refuses what a document here tracks, and warns of one on a branch.
fn is_free(shelf: &Shelf, feature: &FeatureId, hint: &str, ui: &mut Ui) -> Result<(), Failure> {
    if let Some(place) = shelf.catalog.places.iter().find(|place| place.feature == *feature) {
        let said = format!("`{feature}` is tracked by `{}` already", place.path);
        return Err(Failure::usage(said).hint(hint));
    }
    let elsewhere = shelf.project.features_on_branches()?;
    if let Some((_, branch)) = elsewhere.iter().find(|(other, _)| other == feature) {
        ui.warning(format!("`{feature}` has a document on branch `{branch}`"));
    }
    Ok(())
}

/// The documents of a dialect, archived ones left out.
fn alike<'s>(shelf: &'s Shelf, dialect: &Dialect) -> Vec<&'s Place> {
    let is_alike =
        |place: &&Place| place.dialect.name == dialect.name && !place.path.contains("/archive/");
    shelf.catalog.places.iter().filter(is_alike).collect()
}

/// The folder that holds most of these, the last one of several.
fn fullest<'p>(places: &[&'p Place], folder: impl Fn(&'p Place) -> &'p str) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    places.iter().for_each(|place| *counts.entry(folder(place)).or_default() += 1);
    let fullest = counts.into_iter().max_by_key(|(_, count)| *count);
    fullest.map(|(folder, _)| folder.to_owned())
}

/// The first folder in which a file is a document of a dialect: one of these,
/// else one in which such documents are looked for.
fn first_place(
    shelf: &Shelf,
    folders: impl Iterator<Item = String>,
    dialect: &Dialect,
    file: &str,
) -> Result<String, Failure> {
    let places = shelf.project.places();
    let is_place = |folder: &String| {
        places.dialect(&join(folder, file)).is_some_and(|found| found.may_be(dialect))
    };
    folders.chain(places.folders(dialect)).find(is_place).ok_or_else(|| {
        Failure::usage(format!("a file named `{file}` would be a template, and no document"))
            .hint("give the feature another name")
    })
}

/// How the feature files of a folder are called: `07_login.md`,
/// `PRD-007-login.md`, `login.md`.
struct Form {
    before: String,
    digits: Option<usize>,
    separator: char,
}

impl Default for Form {
    fn default() -> Self {
        Self { before: String::new(), digits: Some(2), separator: '_' }
    }
}

impl Form {
    /// That of the last file of a folder.
    fn of(places: &[&Place], folder: &str) -> Self {
        let files = places.iter().filter_map(|place| place.path.rsplit_once('/'));
        let last = files.filter(|(of, _)| *of == folder).map(|(_, file)| file).next_back();
        last.map_or_else(Self::default, Self::read)
    }

    fn read(file: &str) -> Self {
        let file = file.strip_suffix(".md").unwrap_or(file);
        let at = match file.get(..3) {
            Some(word) if word.eq_ignore_ascii_case("prd") => {
                file.len() - file[3..].trim_start_matches(['-', '_']).len()
            }
            _ => 0,
        };
        let digits = file[at..].bytes().take_while(u8::is_ascii_digit).count();
        let (at, digits) = if digits == 0 { (0, None) } else { (at, Some(digits)) };
        let rest = &file[at + digits.unwrap_or(0)..];
        let separator = rest.chars().find(|c| matches!(c, '-' | '_')).unwrap_or('_');
        Self { before: file[..at].to_owned(), digits, separator }
    }

    fn name(&self, number: u32, slug: &str) -> String {
        match self.digits {
            None => format!("{slug}.md"),
            Some(digits) => {
                format!("{}{number:0digits$}{}{slug}.md", self.before, self.separator)
            }
        }
    }
}

/// The folder that a path lies in; empty at the top.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_its_like_are() {
        for (like, expected) in [
            ("07_login.md", "12_a_b.md"),
            ("007-login.md", "012-a-b.md"),
            ("PRD-07-mail_x.md", "PRD-12-a-b.md"),
            ("prd07_login.md", "prd12_a_b.md"),
            ("login-page.md", "a-b.md"),
            ("7.md", "12_a_b.md"),
            ("機能.md", "a_b.md"),
        ] {
            let form = Form::read(like);
            assert_eq!(form.name(12, &slug("A b", form.separator)), expected, "{like}");
        }
    }
}
