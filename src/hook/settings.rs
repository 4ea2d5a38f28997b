//! Whether a setting may be made anywhere, without asking git.
//!
//! Reading git's configuration properly costs more than the rest of a hook
//! that has nothing to do. So the files in which a setting can stand are
//! searched for its words, and only where one is found is it read for real.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::config;
use crate::store::{Store, read_plain};

/// Where git keeps what belongs to the hook's work tree: `GIT_DIR` is unset in
/// the main one and absolute in a linked one.
pub(super) fn git_dir() -> PathBuf {
    variable("GIT_DIR").map_or_else(|| PathBuf::from(".git"), PathBuf::from)
}

/// The directory that all linked work trees share, which a linked one names.
pub(super) fn common_dir(git_dir: &Path) -> PathBuf {
    match read_plain(&git_dir.join("commondir")) {
        Ok(Some(path)) => git_dir.join(Path::new(String::from_utf8_lossy(&path).trim_end())),
        _ => git_dir.to_path_buf(),
    }
}

/// Whether this word may stand in the team's file, in git's configuration or
/// in the environment; `false` is certain.
pub(super) fn may_hold(word: &str) -> bool {
    let elsewhere = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];
    let ours = ["SPECLOG_RECORD", "SPECLOG_TICK", "SPECLOG_REQUIRE"];
    if elsewhere.iter().chain(&ours).any(|name| variable(name).is_some()) {
        return true;
    }
    let holds = |text: Vec<u8>| mentions(&text, word.as_bytes()) || mentions(&text, b"[include");
    // A stranger may have made the team's file: it is no link to a device.
    let team = Store::new(Path::new(".")).read(config::FILE);
    team.map_or(true, |text| text.is_some_and(holds))
        || files().iter().any(|file| read_plain(file).map_or(true, |text| text.is_some_and(holds)))
}

/// Every file that git would read a setting from.
fn files() -> Vec<PathBuf> {
    let git_dir = git_dir();
    let shared = common_dir(&git_dir);
    let home = variable("HOME").map(PathBuf::from);
    let personal = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let personal = personal.or_else(|| home.as_ref().map(|home| home.join(".config")));
    let global = variable("GIT_CONFIG_GLOBAL").map(PathBuf::from);
    [
        Some(shared.join("config")),
        Some(git_dir.join("config.worktree")),
        global,
        home.map(|home| home.join(".gitconfig")),
        personal.map(|personal| personal.join("git/config")),
        variable("GIT_CONFIG_SYSTEM").map(PathBuf::from),
        Some(PathBuf::from("/etc/gitconfig")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether a text holds a word, in any case.
fn mentions(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_case() {
        assert!(mentions(b"[speclog]\n\tRequire = error\n", b"require"));
        assert!(!mentions(b"req", b"require") && !mentions(b"", b"require"));
    }
}
