//! A commit in the making: how git will read and clean its message, and what
//! it will change.

use std::borrow::Cow;
use std::path::Path;

use super::{Error, Repo};
use crate::tag::message::{Cleanup, CommentString, Mode};

impl Repo {
    /// How git will clean a message, as far as the configuration says.
    pub fn cleanup(&self, editor: Option<bool>) -> Cleanup {
        let comment =
            self.config_get("core.commentstring").or_else(|| self.config_get("core.commentchar"));
        let mode = self.config_get("commit.cleanup");
        Cleanup {
            mode: mode.as_deref().and_then(Mode::parse).unwrap_or_default(),
            comment: comment.as_deref().map(CommentString::parse).unwrap_or_default(),
            editor,
        }
    }

    /// A message's bytes as text, by `i18n.commitEncoding` where they are not
    /// UTF-8.
    pub fn decode<'a>(&self, message: &'a [u8]) -> Cow<'a, str> {
        if let Ok(text) = std::str::from_utf8(message) {
            return Cow::Borrowed(text);
        }
        let encoding = self.config_get("i18n.commitencoding").unwrap_or_default();
        match encoding.to_ascii_lowercase().as_str() {
            "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" => {
                message.iter().map(|&byte| char::from(byte)).collect()
            }
            _ => String::from_utf8_lossy(message),
        }
    }

    /// The paths in which an index differs from HEAD: what a commit made of it
    /// changes. `index` is the one that git tells a hook to use.
    pub fn staged_paths(&self, index: Option<&Path>) -> Result<Vec<String>, Error> {
        const DIFF: [&str; 6] =
            ["diff", "--cached", "--name-only", "--no-renames", "--no-ext-diff", "-z"];
        let said = match index {
            Some(index) => self.git_on_index(index, &DIFF)?,
            None => self.git(&DIFF)?,
        };
        let paths = said.0.split(|&byte| byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(|path| String::from_utf8_lossy(path).into_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;

    #[test]
    fn what_is_staged_is_known_before_and_after_the_first_commit() {
        let sandbox = Sandbox::new();
        sandbox.write("a b/ü.md", "x");
        sandbox.git(&["add", "-A"]);
        assert_eq!(sandbox.repo().staged_paths(None).unwrap(), ["a b/ü.md"]);
        sandbox.git(&["commit", "-qm", "first"]);
        assert!(sandbox.repo().staged_paths(None).unwrap().is_empty());
    }

    #[test]
    fn a_message_is_read_in_the_encoding_that_is_set() {
        let sandbox = Sandbox::new();
        assert_eq!(sandbox.repo().decode("für".as_bytes()), "für");
        assert_eq!(sandbox.repo().decode(b"f\xfcr"), "f\u{fffd}r");
        sandbox.git(&["config", "i18n.commitEncoding", "ISO-8859-1"]);
        assert_eq!(sandbox.repo().decode(b"f\xfcr"), "für");
    }
}
