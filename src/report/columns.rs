//! Text that fits the columns of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::shown;

/// How wide a line may be.
pub(super) const WIDTH: usize = 80;

/// The columns that a text takes once it is made safe.
pub(super) fn width(text: &str) -> usize {
    shown(text).width()
}

/// The text cut to at most so many columns, `…` where something is left off.
pub(super) fn cut(text: &str, columns: usize) -> String {
    let text = shown(text);
    if text.width() <= columns {
        return text.into_owned();
    }
    let mut kept = String::new();
    let mut taken = 0;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken >= columns {
            break;
        }
        kept.push(c);
    }
    if columns == 0 { String::new() } else { kept.trim_end().to_owned() + "…" }
}

/// The text in lines of at most so many columns, broken between words, and
/// within a word that is longer than a line. A command in backticks stays on
/// one line where it fits, since people copy it.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let text = shown(text);
    for word in words(&text, columns) {
        let gap = usize::from(!line.is_empty());
        if gap > 0 && line.width() + gap + word.width() > columns {
            lines.push(std::mem::take(&mut line));
        } else if gap > 0 {
            line.push(' ');
        }
        for c in word.chars() {
            if !line.is_empty() && line.width() + c.width().unwrap_or(0) > columns {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The words of a text, what stands in backticks as one of at most so many
/// columns.
fn words(text: &str, columns: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = Vec::new();
    for word in text.split_whitespace() {
        let is_turn = word.matches('`').count() % 2 == 1;
        let was_open = !open.is_empty();
        if !is_turn && !was_open {
            words.push(word.to_owned());
            continue;
        }
        open.push(word);
        if is_turn && was_open {
            let whole = open.join(" ");
            match whole.width() <= columns {
                true => words.push(whole),
                false => words.extend(open.iter().map(|&word| word.to_owned())),
            }
            open.clear();
        }
    }
    words.extend(open.into_iter().map(str::to_owned));
    words
}

/// A hint's line that begins with one text and goes on with so much of another
/// as fits, at least half a line of it.
pub fn filled(first: &str, rest: &str) -> String {
    let room = WIDTH.saturating_sub("hint: ".len() + width(first));
    first.to_owned() + &cut(rest, room.max(WIDTH / 2))
}

/// The text cut or filled to exactly so many columns.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let missing = columns.saturating_sub(text.width());
    text + &" ".repeat(missing)
}

/// The text at the right end of so many columns.
pub(super) fn right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text))) + text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_and_controls_take_the_room_they_take() {
        assert_eq!(fit("機能一覧", 6), "機能… ");
        assert_eq!(fit("a\x1bb", 8), "a\\x1bb  ");
        assert_eq!(
            (cut("abc", 3), cut("abcd", 3), cut("abc", 0)),
            ("abc".into(), "ab…".into(), "".into())
        );
        assert_eq!(right("7", 3), "  7");
        assert_eq!(wrap("ab cd  ef", 5), ["ab cd", "ef"]);
        assert_eq!(wrap("機能一覧 a", 5), ["機能", "一覧", "a"]);
        assert!(wrap(" ", 5).is_empty());
        assert_eq!(wrap("to do: `a b c`, or `d", 10), ["to do:", "`a b c`,", "or `d"]);
        assert_eq!(wrap("do `a b c d e f`", 8), ["do `a b", "c d e f`"]);
        for columns in 2..20 {
            let lines = wrap("naïve 日本語の長い文 👩 long\x1bwords", columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{lines:?}");
        }
        for columns in 0..20 {
            assert!(width(&cut("naïve 日本 👩‍💻 text", columns)) <= columns);
        }
    }
}
