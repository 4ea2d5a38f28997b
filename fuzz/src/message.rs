//! Cleaning a message as git does, and finding the end of its subject.

use spec_log::commit::subject;
use spec_log::tag::message::{Cleanup, CommentString, Mode, clean, subject_end};

use super::choices::Choices;

const MODES: [Mode; 5] =
    [Mode::Default, Mode::Strip, Mode::Whitespace, Mode::Scissors, Mode::Verbatim];

/// A tag that prepare-commit-msg adds.
const TAG: &str = " [PRD-07 Task 1.2]";

/// Cleans a message in one of git's modes.
pub fn run(input: &[u8]) {
    let (mut choices, text) = Choices::split(input);
    let message = String::from_utf8_lossy(text);
    let comment = choices.of(&["#", "auto", ";", "//", "é", ""]);
    let cleanup = Cleanup {
        mode: choices.of(&MODES),
        comment: CommentString::parse(comment),
        editor: choices.of(&[None, Some(true), Some(false)]),
    };
    let once = clean(&message, &cleanup);
    assert!(!once.contains('\0'));
    let end = subject_end(&message, &cleanup);
    assert!(end.is_none_or(|end| message.is_char_boundary(end) && end > 0));
    // With `auto` the character is guessed from the text, and what is cleaned
    // or tagged may be guessed otherwise.
    if comment == "auto" {
        return;
    }
    // A second byte order mark would be taken for the first.
    if once.starts_with('\u{feff}') {
        return;
    }
    assert_eq!(clean(&once, &cleanup), once, "cleaned twice");
    let Some(end) = end else { return };
    let tagged = format!("{}{TAG}{}", &message[..end], &message[end..]);
    let subject = subject(&clean(&tagged, &cleanup));
    assert!(subject.ends_with(TAG), "the tag is not at the end of {subject:?}");
}
