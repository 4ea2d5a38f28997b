//! Dialects that a team describes.

use super::{Dialect, EntrySection, Naming};
use crate::config::{DialectNaming, DialectSettings};

/// The dialect of a name that is like another one but for these settings.
///
/// It is kept for the rest of the program's life, as the built-in ones are: a
/// configuration is read once.
pub fn configured(name: &str, like: &Dialect, settings: &DialectSettings) -> &'static Dialect {
    let list = |own: &Option<Vec<String>>, other| own.as_deref().map_or(other, kept);
    Box::leak(Box::new(Dialect {
        name: String::leak(name.to_owned()),
        places: list(&settings.places, like.places),
        companions: list(&settings.companions, like.companions),
        views: like.views,
        naming: match settings.naming {
            None => like.naming,
            Some(DialectNaming::Number) => Naming::Numbered,
            Some(DialectNaming::Path) => Naming::Path,
        },
        numbered: like.numbered,
        prefixes: list(&settings.prefixes, like.prefixes),
        id_words: list(&settings.id_words, like.id_words),
        states: like.states,
        forms: settings.tags.unwrap_or(like.forms),
        begun: like.begun,
        signed: like.signed,
        entries: settings.commits.as_deref().map_or(like.entries, section),
        checklists: list(&settings.checklists, like.checklists),
    }))
}

/// The section of these headings, made with the first where it is missing.
fn section(headings: &[String]) -> Option<EntrySection> {
    let title = headings.first()?;
    let names: Vec<String> = headings.iter().map(|heading| heading.to_lowercase()).collect();
    let title: &str = String::leak(title.clone());
    Some(EntrySection { names: kept(&names), title, before: &["notes"] })
}

fn kept(texts: &[String]) -> &'static [&'static str] {
    let texts: Vec<&'static str> = texts.iter().map(|text| &*String::leak(text.clone())).collect();
    Vec::leak(texts)
}
