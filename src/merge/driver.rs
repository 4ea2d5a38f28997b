//! The command that git runs, and for which files.

use crate::doc::dialect::Dialect;

/// The command for `merge.spec-log.driver`, one line for git's shell.
///
/// Status 0 is a clean merge and 1 one with conflicts. Where the program is
/// missing, fails or dies, git's own merge of the three files takes its place,
/// and so it does for a status of 1 without a marker in the file: in no case
/// is a side dropped in silence. The status is never above 128, which git
/// takes for a failure of the whole operation.
pub fn driver_command(program: &str) -> String {
    let quoted = program.replace('%', "%%").replace('\'', "'\\''");
    format!(
        "'{quoted}' merge-driver %O %A %B %P %L || {{ \
         if test $? -eq 1; then case $(cat %A) in *'<<<'*) exit 1;; esac; fi; \
         git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1; }}"
    )
}

/// The lines for `.gitattributes`: the documents of these places and the files
/// that show what they say.
pub fn attributes<'p>(places: impl IntoIterator<Item = (&'p str, &'p Dialect)>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (place, dialect) in places {
        let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = dialect.views.iter().map(|file| format!("{folder}/{file}"));
        for pattern in std::iter::once(place.to_owned()).chain(beside) {
            let line = format!("{} merge=spec-log", quoted(&pattern));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// A pattern as one word of `.gitattributes`; one without a slash would match
/// at any depth.
fn quoted(pattern: &str) -> String {
    let anchored = pattern.trim_start_matches("./");
    let anchored =
        if anchored.contains('/') { anchored.to_owned() } else { format!("/{anchored}") };
    if !anchored.contains([' ', '\t', '"', '\\', '#', '!']) {
        return anchored;
    }
    format!("\"{}\"", anchored.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::dialect::{FEATURE_FILE, WORKSPACE};

    #[test]
    fn a_place_has_a_line_and_so_have_the_views_beside_its_documents() {
        let lines = attributes([
            ("my docs/*.md", &FEATURE_FILE),
            ("*.md", &FEATURE_FILE),
            ("plans/*/tasks.md", &WORKSPACE),
        ]);
        let expected = [
            "\"my docs/*.md\" merge=spec-log",
            "/*.md merge=spec-log",
            "plans/*/tasks.md merge=spec-log",
            "plans/*/recovery.md merge=spec-log",
            "plans/*/RECOVERY.md merge=spec-log",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_program_is_one_word_of_the_shell() {
        let command = driver_command("/a b's/100%/git-spec-log");
        assert!(
            command.starts_with(r"'/a b'\''s/100%%/git-spec-log' merge-driver %O %A %B %P %L ||")
        );
    }
}
