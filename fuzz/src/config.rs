//! The team's file, git config and the environment.

use spec_log::config::load;

use super::merge::SEPARATOR;

/// Loads a configuration: the team's file, and behind a separator lines
/// `key=value` of a person; those in upper case are the environment's.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let separator = std::str::from_utf8(SEPARATOR).expect("ASCII");
    let (team, lines) = text.split_once(separator).unwrap_or((&text, ""));
    let settings = lines.lines().filter_map(|line| line.split_once('='));
    let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let (environment, personal): (Vec<_>, Vec<_>) =
        settings.partition(|(key, _)| key.starts_with(char::is_uppercase));
    let config = match load(Some((".spec-log.toml", team)), &personal, &environment) {
        Ok(config) => config,
        Err(error) => return drop(error.to_string()),
    };
    assert!((4..=64).contains(&config.abbrev));
    let places = config.dialects.values().flat_map(|dialect| dialect.places.iter().flatten());
    for place in config.documents.iter().map(|place| &place.path).chain(places) {
        stays_inside(place);
    }
}

/// No part of a glob leads out of the work tree or into a `.git`.
fn stays_inside(place: &str) {
    assert!(!place.starts_with(['/', '~']), "{place}");
    for part in place.split('/') {
        assert_ne!(part, "..", "{place}");
        assert!(!part.eq_ignore_ascii_case(".git"), "{place}");
    }
}
