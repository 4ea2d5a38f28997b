//! A marked block in someone else's shell hook: bytes in, bytes out.
//!
//! The block stands above the script's own commands, because those may end in
//! `exec`, and every other byte stays as it is, so that taking the block out
//! gives back the file that was there.

use std::path::{Path, PathBuf};

use super::marked::{self, lines};
use crate::hook::Hook;

const OPEN: &str = "# >>> spec-log";
const CLOSE: &str = "# <<< spec-log <<<";

/// Why a hook cannot hold a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Refusal {
    /// It is a program, not a text.
    Binary,
    /// It is written for this interpreter, which is no POSIX shell.
    Interpreter(String),
    /// A block of ours begins and does not end, or stands there twice.
    Damaged,
}

/// The block for one hook, whole lines.
///
/// It passes on git's arguments and starts nothing but our program. That one
/// stops git with exit status 1 only: missing, not executable, killed or
/// broken, it lets the operation pass, under `set -e` too.
pub(in crate::cli) fn block(hook: &Hook, program: &Path) -> String {
    let program = quote(program);
    let call = |input| format!("{program} \"$@\"{input} || [ $? -ne 1 ] || exit 1");
    let body = match hook.reads_stdin {
        true => with_stdin(&call(" <<spec_log_end")),
        false => call(""),
    };
    format!(
        "{OPEN} >>> taken out by: git spec-log init --uninstall\n\
         if [ -x {program} ]; then\n{body}\nfi\n{CLOSE}\n"
    )
}

/// Reads git's list once and gives it to our program and to the rest of the
/// script. An empty list arrives as an empty line.
fn with_stdin(call: &str) -> String {
    let list = "$spec_log_list\nspec_log_end";
    format!("spec_log_list=$(cat)\n{call}\n{list}\nexec <<spec_log_end\n{list}")
}

/// A path as one word of a shell script.
pub(in crate::cli) fn quote(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%:,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The program that a script's block runs; `None` where it has no block.
pub(in crate::cli) fn program(script: &[u8]) -> Option<PathBuf> {
    let text = String::from_utf8_lossy(&script[find(script).ok()??]).into_owned();
    let tests = |line: &str| line.strip_prefix("if [ -x ")?.strip_suffix(" ]; then").map(unquote);
    text.lines().find_map(tests)
}

/// The path that [`quote`] wrote.
pub(in crate::cli) fn unquote(word: &str) -> PathBuf {
    let bare = word.strip_prefix('\'').and_then(|word| word.strip_suffix('\''));
    bare.map_or_else(|| word.into(), |bare| bare.replace("'\\''", "'").into())
}

/// Puts the block in, or in the place of the one that is there.
pub(in crate::cli) fn install(script: &[u8], block: &str) -> Result<Vec<u8>, Refusal> {
    let (head, tail) = match find(script)? {
        Some(span) => (&script[..span.start], &script[span.end..]),
        None => {
            readable(script)?;
            script.split_at(first_command(script))
        }
    };
    Ok(match head.last() {
        // The last line has no end: ours lends it one and goes without its own.
        Some(&byte) if byte != b'\n' => [head, b"\n", block.trim_end().as_bytes(), tail].concat(),
        _ => [head, block.as_bytes(), tail].concat(),
    })
}

/// Takes the block out; `None` where there is none.
pub(in crate::cli) fn remove(script: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let span = find(script)?;
    Ok(span.map(|span| [&script[..span.start], &script[span.end..]].concat()))
}

/// Where the block stands, with the new line that [`install`] lent to a script
/// without a last one.
fn find(script: &[u8]) -> Result<Option<std::ops::Range<usize>>, Refusal> {
    let block = marked::find(script, OPEN, CLOSE).map_err(|marked::Damaged| Refusal::Damaged)?;
    Ok(block.map(|block| {
        let is_last = block.end == script.len() && script.last() != Some(&b'\n');
        block.start - usize::from(block.start > 0 && is_last)..block.end
    }))
}

/// Refuses what is no script for a POSIX shell. A text without a `#!` line is
/// one: git hands it to `sh`.
fn readable(script: &[u8]) -> Result<(), Refusal> {
    if script.contains(&0) {
        return Err(Refusal::Binary);
    }
    let Some(line) = script.strip_prefix(b"#!") else { return Ok(()) };
    let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let mut words = line.split_whitespace().map(name);
    let mut interpreter = words.next().unwrap_or_default();
    if matches!(interpreter.as_str(), "env" | "busybox") {
        // `env -S bash -e`, `env VAR=1 sh`
        let is_program = |word: &String| !word.starts_with('-') && !word.contains('=');
        interpreter = words.find(is_program).unwrap_or_default();
    }
    let shells = ["sh", "bash", "dash", "ash", "ksh", "ksh93", "mksh", "zsh", "sh.exe", "bash.exe"];
    match shells.contains(&interpreter.as_str()) {
        true => Ok(()),
        false => Err(Refusal::Interpreter(interpreter)),
    }
}

/// The end of the `#!` line and of the comments right below it, up to one that
/// opens another tool's block: that tool rewrites what is between its marks.
fn first_command(script: &[u8]) -> usize {
    let is_mark = |line: &[u8]| {
        let line = String::from_utf8_lossy(line).to_lowercase();
        [">>>", "begin", "start", "{{{"].iter().any(|word| line.contains(word))
    };
    lines(script)
        .find(|&(start, line)| {
            let is_hash_bang = start == 0 && line.starts_with(b"#!");
            !is_hash_bang && (!line.starts_with(b"#") || is_mark(line))
        })
        .map_or(script.len(), |(start, _)| start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hook::HOOKS;

    fn block_for(name: &str) -> String {
        let hook = HOOKS.iter().find(|hook| hook.name == name).expect("a hook");
        block(hook, Path::new("/opt/it's here/spec-log-commit-msg"))
    }

    #[test]
    fn a_block_goes_above_the_commands_and_out_again_to_the_byte() {
        let block = block_for("commit-msg");
        for script in [
            "#!/bin/sh\nexec other \"$@\"\n",
            "#!/usr/bin/env bash\n# a note\n\nset -e\nother\nexit 0\n",
            "#!/usr/bin/env -S bash -e\nother",
            "#!/bin/sh\r\nother\r\n",
            "#!/bin/sh",
            "#!/bin/sh\n# only a comment",
            "",
            "other\n",
            "other",
            "\n\n",
            "#!/bin/sh\n# --- BEGIN BEADS\nbd hook\n# --- END BEADS\n",
        ] {
            let installed = install(script.as_bytes(), &block).expect("a shell script");
            let text = String::from_utf8(installed.clone()).expect("text");
            let at = text.find(OPEN).expect("the block");
            for command in ["exec", "other", "BEGIN", "exit 0"] {
                let foreign = script.find(command).map(|_| text.rfind(command).expect("kept"));
                assert!(foreign.is_none_or(|foreign| at < foreign), "{text}");
            }
            assert_eq!(remove(&installed), Ok(Some(script.as_bytes().to_vec())), "{script:?}");
            let again = install(&installed, &block).expect("a shell script");
            assert_eq!(again, installed, "{script:?}");
        }
    }

    #[test]
    fn the_program_of_a_block_is_read_back() {
        let script = install(b"#!/bin/sh\ntrue\n", &block_for("post-commit")).expect("a script");
        let wanted = Path::new("/opt/it's here/spec-log-commit-msg");
        assert_eq!(program(&script).as_deref(), Some(wanted));
        assert_eq!(program(b"#!/bin/sh\ntrue\n"), None);
    }

    #[test]
    fn an_older_block_is_replaced_where_it_stands() {
        let older = format!("#!/bin/sh\nfirst\n{OPEN} v0 >>>\nold\n{CLOSE}\nlast\n");
        let block = block_for("post-commit");
        let installed = install(older.as_bytes(), &block).expect("a shell script");
        assert_eq!(installed, format!("#!/bin/sh\nfirst\n{block}last\n").into_bytes());
    }

    #[test]
    fn what_was_added_below_a_block_stays() {
        let installed = install(b"#!/bin/sh", &block_for("commit-msg")).expect("a script");
        let longer = [&installed, &b"\nmore\n"[..]].concat();
        assert_eq!(remove(&longer), Ok(Some(b"#!/bin/sh\nmore\n".to_vec())));
    }

    #[test]
    fn what_is_no_shell_script_is_refused() {
        let refusal = |script: &[u8]| install(script, "x\n").expect_err("no shell script");
        assert_eq!(refusal(b"\x7fELF\x02\x01\x00"), Refusal::Binary);
        let python = "#!/usr/bin/env python3\nprint()\n";
        assert_eq!(refusal(python.as_bytes()), Refusal::Interpreter("python3".to_owned()));
        assert_eq!(refusal(b"#!/usr/bin/fish\n"), Refusal::Interpreter("fish".to_owned()));
        assert_eq!(refusal(b"#!\n"), Refusal::Interpreter(String::new()));
        let torn = format!("#!/bin/sh\n{OPEN} >>>\nx\n");
        assert_eq!(refusal(torn.as_bytes()), Refusal::Damaged);
        assert_eq!(remove(torn.as_bytes()), Err(Refusal::Damaged));
    }
}
