//! Tags, near misses and what people write in other ways.

use spec_log::tag::wild::{Forms, Grammar, may_hold_mention};
use spec_log::tag::{Reading, may_hold_tag, read, wild};

/// Reads what a message says.
pub fn run(input: &[u8]) {
    let message = String::from_utf8_lossy(input);
    tags_hold(&message);
    mentions_hold(&message);
}

fn tags_hold(message: &str) {
    let reading = read(message);
    assert!(reading == Reading::default() || may_hold_tag(message.as_bytes()), "a tag passed over");
    let misses = reading.misses.iter().map(|miss| &miss.span);
    for span in reading.tags.iter().map(|tag| &tag.span).chain(misses) {
        assert!(message.get(span.clone()).is_some_and(|found| found.starts_with('[')));
    }
    for tag in &reading.tags {
        let again = read(&tag.to_string()).tags;
        assert_eq!(again.len(), 1, "{tag}");
        assert_eq!((&again[0].feature, again[0].word), (&tag.feature, tag.word), "{tag}");
        assert_eq!(again[0].tasks, tag.tasks, "{tag}");
    }
    for suggestion in reading.misses.iter().filter_map(|miss| miss.suggestion.as_deref()) {
        let again = read(suggestion);
        assert!(!again.tags.is_empty() && again.misses.is_empty(), "{suggestion}");
    }
}

fn mentions_hold(message: &str) {
    let grammar = Grammar { forms: Forms::ALL, prefixes: &["back", "story"] };
    let mentions = wild::read(message, grammar);
    assert!(mentions.is_empty() || may_hold_mention(message.as_bytes()), "a mention passed over");
    for mention in &mentions {
        assert!(message.get(mention.span.clone()).is_some(), "{mention:?}");
    }
    assert!(mentions.is_sorted_by_key(|mention| mention.span.start));
}
