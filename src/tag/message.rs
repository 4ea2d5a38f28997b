//! A message as git will store it, from the file that a hook is given.
//!
//! commit-msg runs before git cleans the message, so the file may still hold
//! comment lines, and below the scissors line a whole diff with other
//! people's tags in it. What git will take out is neither a link nor a fault.
//!
//! Whether comment lines go depends on more than the configuration: by
//! default git removes them only if an editor was used, and with `-m` and
//! `-F` it keeps a line such as `#12 repair the lock [PRD-07 Task 1.2]`. A
//! hook can tell the two apart, since git sets `GIT_EDITOR=:` for hooks where
//! no editor is launched ([`Cleanup::editor`]). Where nothing is known, lines
//! that look like comments are taken out: a missing link comes back with the
//! commit, whose stored message is read whole, while a refused commit would
//! be our mistake alone. `--cleanup` on git's command line cannot be seen.

/// How a message is cleaned: `commit.cleanup`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// `strip` if an editor is used, else `whitespace`.
    #[default]
    Default,
    /// Comment lines and needless white space go.
    Strip,
    /// Needless white space goes.
    Whitespace,
    /// As `whitespace`, and what stands below the scissors line goes.
    Scissors,
    /// Nothing goes, save what `git commit -v` added.
    Verbatim,
}

impl Mode {
    /// Reads a value of `commit.cleanup`; `None` if git knows none such.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "default" => Some(Self::Default),
            "strip" => Some(Self::Strip),
            "whitespace" => Some(Self::Whitespace),
            "scissors" => Some(Self::Scissors),
            "verbatim" => Some(Self::Verbatim),
            _ => None,
        }
    }
}

/// What a comment line begins with: `core.commentChar`, `core.commentString`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommentString {
    /// These characters, one or several.
    Text(String),
    /// `auto`: git takes a character that begins no line of the message.
    Auto,
}

impl CommentString {
    /// Reads a configured value; an empty one, or one that holds a line
    /// break, is git's own default.
    pub fn parse(value: &str) -> Self {
        match value {
            "auto" => Self::Auto,
            "" => Self::default(),
            text if text.contains('\n') => Self::default(),
            text => Self::Text(text.to_owned()),
        }
    }
}

impl Default for CommentString {
    fn default() -> Self {
        Self::Text("#".to_owned())
    }
}

/// What decides how git will clean a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleanup {
    /// The configured mode.
    pub mode: Mode,
    /// What a comment line begins with.
    pub comment: CommentString,
    /// Whether an editor is used, if that is known: a hook sees
    /// `GIT_EDITOR=:` where none is.
    pub editor: Option<bool>,
}

const SCISSORS: &str = "------------------------ >8 ------------------------";

/// The characters that git tries for `auto`, in its order.
const AUTO: &str = "#;@!$%^&|:";

/// The message as git will store it.
///
/// A byte order mark at the start is taken off, and the text ends at a NUL,
/// as git's readers of the commit will see it.
pub fn clean(message: &str, cleanup: &Cleanup) -> String {
    let (message, comment) = kept(message, cleanup);
    match cleanup.mode {
        Mode::Verbatim => message.to_owned(),
        _ => strip_space(message, comment),
    }
}

/// Where the subject ends, behind its last word, in a message that git has not
/// cleaned yet; `None` where it has none.
pub fn subject_end(message: &str, cleanup: &Cleanup) -> Option<usize> {
    let (kept, comment) = kept(message, cleanup);
    let mut start = message.find(kept)?;
    let mut end = None;
    for line in kept.split_inclusive('\n') {
        let text = line.trim_end();
        let is_comment = comment.is_some_and(|comment| line.starts_with(comment));
        match (text.is_empty(), end) {
            _ if is_comment => {}
            (true, Some(_)) => break,
            (true, None) => {}
            (false, _) => end = Some(start + text.len()),
        }
        start += line.len();
    }
    end
}

/// The part of a message that can be kept, and what the comment lines in it
/// begin with that git will take out.
fn kept<'a>(message: &'a str, cleanup: &'a Cleanup) -> (&'a str, Option<&'a str>) {
    let message = message.strip_prefix('\u{feff}').unwrap_or(message);
    let message = message.split('\0').next().unwrap_or(message);
    let comment = comment_string(message, cleanup);
    let message = above_scissors(message, comment, cleanup);
    let goes = matches!(
        (cleanup.mode, cleanup.editor),
        (Mode::Strip, _) | (Mode::Default, None | Some(true))
    );
    (message, comment.filter(|_| goes))
}

/// The string in use; `None` where no line can be a comment.
fn comment_string<'a>(message: &'a str, cleanup: &'a Cleanup) -> Option<&'a str> {
    match &cleanup.comment {
        CommentString::Text(text) => Some(text),
        // The character was taken so that no line begins with it, and nobody
        // has edited the message since.
        CommentString::Auto if cleanup.editor == Some(false) => None,
        // What git took is known by the lines that it added: the scissors, or
        // else the help and status, which always come last.
        CommentString::Auto => {
            let scissors = message.lines().rev().find_map(|line| line.strip_suffix(SCISSORS));
            let last = || message.lines().rev().find(|line| !line.trim().is_empty());
            let line = scissors.or_else(last)?;
            let first = line.get(..1).filter(|first| AUTO.contains(first))?;
            let is_comment = line.len() == 1 || line[1..].starts_with([' ', '\t']);
            is_comment.then_some(first)
        }
    }
}

/// What stands above the scissors line.
///
/// With an editor git looks for it in the mode `scissors` and after `commit
/// -v`, which a hook cannot see; but nobody else writes such a line. Without
/// an editor git lets it stand, in every mode.
fn above_scissors<'a>(message: &'a str, comment: Option<&str>, cleanup: &Cleanup) -> &'a str {
    let Some(comment) = comment.filter(|_| cleanup.editor != Some(false)) else {
        return message;
    };
    let mut len = 0;
    for line in message.split_inclusive('\n') {
        let rest = line.strip_prefix(comment).and_then(|rest| rest.strip_prefix(' '));
        if rest.is_some_and(|rest| rest.trim_end_matches(['\n', '\r']) == SCISSORS) {
            return &message[..len];
        }
        len += line.len();
    }
    message
}

/// What `git stripspace` does, with comments where a string is given.
fn strip_space(message: &str, comment: Option<&str>) -> String {
    let mut text = String::with_capacity(message.len());
    let mut is_after_blank = false;
    let is_comment = |line: &str| comment.is_some_and(|comment| line.starts_with(comment));
    for line in message.split('\n').filter(|line| !is_comment(line)) {
        // The white space that git knows, and no other.
        let line = line.trim_end_matches([' ', '\t', '\r']);
        if line.is_empty() {
            is_after_blank = true;
            continue;
        }
        if is_after_blank && !text.is_empty() {
            text.push('\n');
        }
        is_after_blank = false;
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(message: &str, mode: &str, comment: &str, editor: Option<bool>) -> String {
        let mode = Mode::parse(mode).expect("a mode");
        clean(message, &Cleanup { mode, comment: CommentString::parse(comment), editor })
    }

    #[test]
    fn white_space_goes_as_git_stripspace_takes_it() {
        // Each outcome is that of `git stripspace -s` 2.47.3.
        for (message, expected) in [
            ("\n\na  \n\n\n\nb\t\n\n", "a\n\nb\n"),
            ("a\n#c\nb", "a\nb\n"),
            ("a\n\n# c\n\nb", "a\n\nb\n"),
            ("a\n # c\n", "a\n # c\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\u{b}\nb\u{a0}\n", "a\u{b}\nb\u{a0}\n"),
            ("# only\n", ""),
            ("", ""),
        ] {
            assert_eq!(cleaned(message, "strip", "#", None), expected, "{message:?}");
        }
    }

    #[test]
    fn comment_lines_go_where_git_takes_them_out() {
        let message = "# a\nb\n";
        for (mode, editor, expected) in [
            ("default", Some(true), "b\n"),
            ("default", None, "b\n"),
            ("default", Some(false), message),
            ("strip", Some(false), "b\n"),
            ("whitespace", Some(true), message),
            ("scissors", Some(true), message),
            ("verbatim", Some(true), message),
        ] {
            assert_eq!(cleaned(message, mode, "#", editor), expected, "{mode} {editor:?}");
        }
    }

    #[test]
    fn what_is_below_the_scissors_goes() {
        let message = format!("a\n# {SCISSORS}\n# b\ndiff [PRD-07 Task 1.2]\n");
        for mode in ["default", "strip", "whitespace", "scissors", "verbatim"] {
            assert_eq!(cleaned(&message, mode, "#", Some(true)), "a\n", "{mode}");
        }
        assert!(cleaned(&message, "default", "#", Some(false)).contains("PRD-07"));
        assert!(cleaned(&message, "scissors", "#", Some(false)).contains("PRD-07"));
        assert!(cleaned(&message, "whitespace", ";", None).contains("PRD-07"));
    }

    #[test]
    fn a_comment_string_may_be_any_text() {
        assert_eq!(cleaned("//a\n/b\n#c\n", "strip", "//", None), "/b\n#c\n");
        assert_eq!(cleaned("⌘ a\nb\n", "strip", "⌘", None), "b\n");
        assert_eq!(cleaned("#a\nb\n", "strip", "", None), "b\n");
    }

    #[test]
    fn auto_is_known_by_the_lines_that_git_added() {
        assert_eq!(cleaned("#a\n; help\n;\n", "default", "auto", Some(true)), "#a\n");
        assert_eq!(cleaned("a\n# help\n#\tnew file\n", "default", "auto", None), "a\n");
        assert_eq!(cleaned("#12 a\n", "default", "auto", None), "#12 a\n");
        let message = format!("#a\n; {SCISSORS}\nb\n");
        assert_eq!(cleaned(&message, "default", "auto", Some(true)), "#a\n");
    }

    #[test]
    fn the_subject_ends_behind_its_last_word_whatever_stands_around_it() {
        let template = format!("\n# Please\nDo it\n# more\n  now \t\r\n\n# {SCISSORS}\ndiff\n");
        for (message, editor, before, after) in [
            ("a", Some(false), "a", ""),
            ("a b \n\nbody\n", Some(false), "a b", " \n\nbody\n"),
            ("\n\na\nb\r\n\r\nbody", Some(false), "\n\na\nb", "\r\n\r\nbody"),
            ("#12 a\n", Some(false), "#12 a", "\n"),
            ("\u{feff}a\0b", None, "\u{feff}a", "\0b"),
            (&template, Some(true), "\n# Please\nDo it\n# more\n  now", ""),
        ] {
            let cleanup = Cleanup { editor, ..Cleanup::default() };
            let end = subject_end(message, &cleanup).expect("a subject");
            assert_eq!(&message[..end], before);
            assert!(message[end..].starts_with(after), "{message:?}");
        }
        let cleanup = Cleanup { editor: Some(true), ..Cleanup::default() };
        for message in ["", "\n \n", "\n# a\n", "\u{feff}", &format!("\n# {SCISSORS}\na\n")] {
            assert_eq!(subject_end(message, &cleanup), None, "{message:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_what_follows_a_nul_are_not_read() {
        assert_eq!(cleaned("\u{feff}a\0b\n", "default", "#", None), "a\n");
        assert_eq!(cleaned("\u{feff}a\0b\n", "verbatim", "#", None), "a");
    }
}
