//! The lines of commits.

use super::*;

/// What stands in the list once a commit with this message is recorded, its
/// hash left out.
fn entry(message: &str) -> String {
    let text = recorded("# X (PRD 07)\n\n## Git Commits\n", &[said('a', 0, message)]);
    let line = text.lines().last().expect("an entry");
    line.strip_prefix("- `aaaaaaa` - ").expect("the form of an entry").to_owned()
}

#[test]
fn no_character_of_a_subject_opens_another_structure_or_hides() {
    for (subject, expected) in [
        ("a `b` <c> \\d", "a \\`b\\` \\<c> \\\\d"),
        ("a | b", "a | b"),
        ("[a](b) ![c] ] ! (", "[a]\\(b) !\\[c] ] ! ("),
        ("a\u{1b}[0m", "a\\\\u{1b}[0m"),
        ("\u{61c}a\u{200e}b\u{200f}c", "\\\\u{61c}a\\\\u{200e}b\\\\u{200f}c"),
        ("\u{202a}a\u{202e}b\u{2066}c\u{2069}", "\\\\u{202a}a\\\\u{202e}b\\\\u{2066}c\\\\u{2069}"),
        ("\u{feff}a\u{200d}b", "\\\\u{feff}a\u{200d}b"),
        ("é 漢 \u{2010}", "é 漢 \u{2010}"),
    ] {
        assert_eq!(entry(&format!("{subject} [PRD-07]")), format!("{expected} [PRD-07]"));
    }
}

#[test]
fn tags_of_the_body_follow_the_subject_once_each() {
    let tag = "[PRD-07 Task 1.1]";
    for message in [&format!("a\n\n{tag} {tag}"), &format!("a {tag}\n\n{tag}"), &format!("a {tag}")]
    {
        assert_eq!(entry(message), format!("a {tag}"));
    }
    assert_eq!(entry(&format!("a {tag}\n\n[PRD-07]")), format!("a {tag} [PRD-07]"));
}

#[test]
fn a_long_subject_is_cut_and_keeps_its_tags() {
    let tag = " [PRD-07 Task 1.1]";
    let fits = "é".repeat(200 - tag.len());
    assert_eq!(entry(&format!("{fits}{tag}")), format!("{fits}{tag}"));
    assert_eq!(entry(&format!("{fits}\n\n{}", tag.trim())), format!("{fits}{tag}"));
    let cut = format!("{}…{tag}", "é".repeat(199 - tag.len()));
    assert_eq!(entry(&format!("é{fits}{tag}")), cut);
    assert_eq!(entry(&format!("é{fits}\n\n{}", tag.trim())), cut);
    let blank = format!("{} {fits}{tag}", "é".repeat(198 - tag.len()));
    assert_eq!(entry(&blank), format!("{}…{tag}", "é".repeat(198 - tag.len())));
}

#[test]
fn a_row_has_a_cell_for_each_column_that_is_known() {
    let head = "# X (PRD 07)\n\n## Git Commits\n\n\
        | Date | Hash | Task | Message | By |\n|---|---|---|---|---|\n";
    let row = "| 2026-01-14 | `0123456` | 1 | x | Ann |\n";
    let commit = said('a', 0, "a | b [PRD-07 Task 1.1, 2.1-2.3]");
    let expected =
        "| 2026-01-15 | `aaaaaaa` | 1.1, 2.1-2.3 | a \\| b [PRD-07 Task 1.1, 2.1-2.3] |  |\n";
    let text = format!("{head}{row}");
    assert_eq!(recorded(&text, &[commit]), format!("{text}{expected}"));
}

#[test]
fn an_entry_stands_before_the_first_of_a_later_commit() {
    let list = "# X (PRD 07)\n\n## Git Commits\n\n";
    let known = |digit, later| Said { new: false, ..said(digit, later, "x [PRD-07]") };
    let line = |digit: char| format!("- `{}` - x [PRD-07]\n", digit.to_string().repeat(7));
    let text =
        |digits: &[char]| digits.iter().fold(list.to_owned(), |text, &digit| text + &line(digit));
    // `1` and `2` are known, of `0` nothing is.
    for (later, expected) in
        [(-1, ['a', '1', '0', '2']), (1, ['1', '0', 'a', '2']), (3, ['1', '0', '2', 'a'])]
    {
        let history = [known('1', 0), known('2', 2), said('a', later, "x [PRD-07]")];
        assert_eq!(recorded(&text(&['1', '0', '2']), &history), text(&expected));
    }
}

#[test]
fn a_name_has_more_digits_where_fewer_would_be_anothers() {
    let oid = |hex: &str| Oid::from_hex(&format!("{hex:0<40}")).expect("forty digits");
    let named = |hex: &str, new| {
        let mut named = said('a', 0, "x [PRD-07]");
        named.commit.oid = oid(hex);
        Said { new, ..named }
    };
    let list = "# X (PRD 07)\n\n## Git Commits\n\n";
    let line = |hash: &str| format!("- `{hash}` - x [PRD-07]\n");
    let history = [named("abcdef12", false), named("abcdef13", true)];
    let text = format!("{list}{}", line("abcdef1"));
    assert_eq!(
        recorded(&text, &history),
        format!("{list}{}{}", line("abcdef12"), line("abcdef13"))
    );
    let history = [named("abcde012", false), named("abcdef13", true)];
    let text = format!("{list}{}", line("abcde01"));
    assert_eq!(recorded(&text, &history), format!("{text}{}", line("abcdef1")));
}

#[test]
fn a_section_that_is_missing_is_made_as_the_others_are_set() {
    let entry = "- `aaaaaaa` - a [PRD-07]\n";
    let made = |text: &str| recorded(text, &[said('a', 0, "a [PRD-07]")]);
    for (before, behind) in [
        ("# X (PRD 07)\n", "\n## Git Commits\n\n"),
        ("# X (PRD 07)\n\n", "## Git Commits\n\n"),
        ("# X (PRD 07)\n\n---\n\n## A\n\na\n", "\n---\n\n## Git Commits\n\n"),
        ("# X (PRD 07)\n\n## A\n\na\n", "\n## Git Commits\n\n"),
    ] {
        assert_eq!(made(before), format!("{before}{behind}{entry}"));
    }
    for (before, rule) in
        [("# X (PRD 07)\n\n## A\n\na\n\n", ""), ("# X (PRD 07)\n\na\n\n---\n\n", "---\n\n")]
    {
        let notes = "## Notes\n";
        let expected = format!("{before}## Git Commits\n\n{entry}\n{rule}{notes}");
        assert_eq!(made(&format!("{before}{notes}")), expected);
    }
    // A last line without an ending keeps having none.
    let text = "# X (PRD 07)\n\n## Git Commits\n\n- `0123456` - x";
    assert_eq!(made(text), format!("{text}\n{}", entry.trim_end()));
}
