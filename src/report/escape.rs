//! What a stranger's name or message may do to a terminal: nothing.

use std::borrow::Cow;

/// Shows control and direction-changing characters instead of sending them:
/// `\x1b`, `\n`, `\u{202e}`.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c.is_ascii() && is_unsafe(c) => shown += &format!("\\x{:02x}", u32::from(c)),
            c if is_unsafe(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Controls (C0, DEL, C1), line and paragraph separators, and the characters
/// of Unicode's Bidi_Control property (UAX #9).
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_and_words_are_kept() {
        assert_eq!(shown("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
        assert_eq!(shown("a\u{202e}b\u{9b}c\td"), "a\\u{202e}b\\u{9b}c\\td");
        assert!(matches!(shown("naïve 日本 👩‍💻"), Cow::Borrowed(_)));
    }
}
