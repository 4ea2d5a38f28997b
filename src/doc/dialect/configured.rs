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

#[cfg(test)]
mod tests {
    use super::super::{FEATURE_FILE, WORKSPACE};
    use super::*;
    use crate::tag::wild::Forms;

    #[test]
    fn what_a_team_does_not_set_is_as_in_the_dialect_that_its_own_is_like() {
        for like in [&FEATURE_FILE, &WORKSPACE] {
            let same = configured(like.name, like, &DialectSettings::default());
            assert_eq!(same, like);
        }
        let one = |word: &str| Some(vec![word.to_owned()]);
        let settings = DialectSettings {
            like: None,
            naming: Some(DialectNaming::Path),
            places: one("work/*.md"),
            companions: one("log.md"),
            prefixes: one("work"),
            id_words: one("step"),
            tags: Some(Forms::ALL),
            commits: one("Done By"),
            checklists: one("before release"),
        };
        let own = configured("ours", &FEATURE_FILE, &settings);
        assert_eq!((own.name, own.naming, own.forms), ("ours", Naming::Path, Forms::ALL));
        let lists = [own.places, own.companions, own.prefixes, own.id_words, own.checklists];
        assert_eq!(lists.concat(), ["work/*.md", "log.md", "work", "step", "before release"]);
        let entries = own.entries.expect("a place for commits");
        assert_eq!((entries.names, entries.title), (&["done by"][..], "Done By"));
        let numbered = DialectSettings { naming: Some(DialectNaming::Number), ..settings.clone() };
        assert_eq!(configured("ours", &WORKSPACE, &numbered).naming, Naming::Numbered);
        let without = DialectSettings { commits: Some(Vec::new()), ..settings };
        assert_eq!(configured("ours", &FEATURE_FILE, &without).entries, None);
    }
}
