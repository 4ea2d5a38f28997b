//! What holds for every message, however strange.

use proptest::prelude::*;

use super::message::{Cleanup, CommentString, Mode, clean};
use super::*;

#[test]
fn a_huge_message_is_read_in_one_pass() {
    // Small enough for a debug build, and minutes if anything were quadratic.
    const SIZE: usize = 1 << 19;
    for unit in [
        "[",
        "[PRD-07 Task 1.2",
        "[PRD-07 Task 1.2\n",
        "[PRD-07 Task 1.2 ",
        "`",
        "[prd ",
        "a`b``c",
        "This reverts commit ",
        "1-",
        "prd-1 Task 1, ",
        "\n",
        "```\n",
        "[\n",
        "[a Task ",
        "> - ",
    ] {
        let body = unit.repeat(SIZE / unit.len());
        read(&body);
        read(&format!("[PRD-07 Task {body}"));
        read(&format!("[PRD-07 Task {body}]"));
        clean(&body, &Cleanup::default());
    }
}

/// Text that is likely to hold tags, and what goes wrong with them.
fn message() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "[",
        "]",
        "PRD",
        "prd",
        "-",
        "07",
        " ",
        "Task",
        "tasks",
        "1.2",
        "A1",
        ",",
        "and",
        "+",
        "–",
        "..",
        "wip",
        "done",
        "\n",
        "\n\n",
        "`",
        "```",
        "~~~\n",
        "> ",
        "- ",
        "(",
        ")",
        "XX",
        "N.N",
        "é",
        "\u{a0}",
        "\\",
        "Revert \"",
        "\"",
        "This reverts commit ",
        "0123456",
        "#",
        "\r\n",
        "\0",
        "99999999999",
        "x Task ",
        "[PRD-07 Task ",
        "{",
        "<",
        "?",
        "\u{feff}",
        ":",
        "slug",
    ]);
    prop_oneof![
        prop::collection::vec(word, 0..40).prop_map(|words| words.concat()),
        any::<String>()
    ]
}

proptest! {
    #[test]
    fn no_message_is_too_strange(text in message()) {
        let reading = read(&text);
        let spans = reading.tags.iter().map(|tag| &tag.span).chain(reading.misses.iter().map(|miss| &miss.span));
        for span in spans {
            prop_assert!(text.get(span.clone()).is_some_and(|found| found.starts_with('[')));
        }
        if reading != Reading::default() {
            prop_assert!(may_hold_tag(text.as_bytes()));
        }
        for tag in &reading.tags {
            let again = read(&tag.to_string());
            prop_assert_eq!(again.tags.len(), 1, "{}", tag);
            prop_assert_eq!(&again.tags[0].feature, &tag.feature);
            prop_assert_eq!(&again.tags[0].tasks, &tag.tasks);
            prop_assert_eq!(again.tags[0].word, tag.word);
        }
        for suggestion in reading.misses.iter().filter_map(|miss| miss.suggestion.as_deref()) {
            let again = read(suggestion);
            prop_assert!(!again.tags.is_empty() && again.misses.is_empty(), "{}", suggestion);
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(text in message(), comment in "auto|#|;|//|é", editor: Option<bool>) {
        for mode in [Mode::Default, Mode::Strip, Mode::Whitespace, Mode::Scissors, Mode::Verbatim] {
            let cleanup = Cleanup { mode, comment: CommentString::parse(&comment), editor };
            let once = clean(&text, &cleanup);
            // With `auto` the comments that told the character are gone.
            if comment != "auto" && !once.starts_with('\u{feff}') {
                prop_assert_eq!(clean(&once, &cleanup), once);
            }
        }
    }
}
