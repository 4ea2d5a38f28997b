//! The JSON envelopes that scripts rely on.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

use super::escape::is_unsafe;
use super::failure::Failure;

#[derive(Serialize)]
struct Envelope<'a, T> {
    schema: String,
    #[serde(flatten)]
    fields: &'a T,
}

#[derive(Serialize)]
struct ErrorFields<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
}

/// One document: the schema's name and version, then the fields.
pub(super) fn envelope(command: &str, fields: &impl Serialize) -> impl Serialize {
    Envelope { schema: format!("spec-log/{command}/1"), fields }
}

/// Writes a document piece by piece: that of a thousand plans is large.
pub(super) fn write(mut to: impl io::Write, document: &impl Serialize) -> io::Result<()> {
    document.serialize(&mut serde_json::Serializer::with_formatter(&mut to, Visible))?;
    to.write_all(b"\n")
}

/// A document as a text.
pub(super) fn text(document: &impl Serialize) -> String {
    let mut text = Vec::new();
    write(&mut text, document).expect("keys are strings and a Vec takes every byte");
    String::from_utf8(text).expect("serde_json writes UTF-8")
}

/// The document of a failure.
pub(super) fn failure(failure: &Failure) -> String {
    let Failure { code, message, hint, .. } = failure;
    let error = ErrorBody { code, message, hint: hint.as_deref() };
    text(&envelope("error", &ErrorFields { error }))
}

/// Compact JSON in which no character can act on a terminal: the data is the
/// same, written as `\u009b` where serde_json would write the character.
struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        to: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Nearly every text is made of such characters alone.
        if is_plain(fragment) {
            return to.write_all(fragment.as_bytes());
        }
        for piece in fragment.split_inclusive(is_unsafe) {
            let last = piece.chars().next_back().filter(|&c| is_unsafe(c));
            to.write_all(&piece.as_bytes()[..piece.len() - last.map_or(0, char::len_utf8)])?;
            last.map_or(Ok(()), |c| write!(to, "\\u{:04x}", u32::from(c)))?;
        }
        Ok(())
    }
}

/// Whether a text is made of printable ASCII alone; many bytes are looked at
/// together.
fn is_plain(text: &str) -> bool {
    let is_printable = |byte: &u8| matches!(byte, b' '..=b'~');
    let are_printable =
        |some: &[u8; 32]| some.iter().fold(true, |all, one| all & is_printable(one));
    let (together, rest) = text.as_bytes().as_chunks();
    together.iter().all(are_printable) && rest.iter().all(is_printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_names_its_schema_and_reads_back() {
        #[derive(Serialize)]
        struct Fields {
            title: &'static str,
        }
        let text = text(&envelope("status", &Fields { title: "a\u{202e}b\u{9b}\"\x1b" }));
        assert_eq!(
            text,
            "{\"schema\":\"spec-log/status/1\",\"title\":\"a\\u202eb\\u009b\\\"\\u001b\"}\n"
        );
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["title"], "a\u{202e}b\u{9b}\"\x1b");
    }
}
