//! Programs of others that judge messages in commit-msg.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::place::Place;

/// One of them.
pub(crate) struct Peer {
    /// What it is called in a row.
    pub(crate) name: &'static str,
    /// The programs that must be installed; the first one says its version.
    pub(crate) programs: &'static [&'static str],
    /// The program that puts the hooks into a repository itself, and where it
    /// looks for what to run.
    launcher: Option<(&'static str, &'static str)>,
    /// The hook.
    script: &'static str,
    /// A file it needs, and what stands in it.
    file: Option<(&'static str, &'static str)>,
    /// The greatest ratio of what is added that is wanted.
    pub(crate) goal: Option<f64>,
}

/// All that are known here.
pub(crate) const PEERS: [Peer; 4] = [
    Peer {
        name: "committed",
        programs: &["committed"],
        launcher: None,
        script: "#!/bin/sh\nexec committed --commit-file \"$1\"\n",
        file: Some(("committed.toml", "subject_capitalized = false\n")),
        goal: Some(1.0),
    },
    Peer {
        name: "prek",
        programs: &["prek"],
        launcher: None,
        script: "#!/bin/sh\nexec prek run --hook-stage commit-msg --commit-msg-filename \"$1\"\n",
        file: Some((".pre-commit-config.yaml", PREK)),
        goal: None,
    },
    Peer {
        name: "lefthook",
        programs: &["lefthook"],
        launcher: None,
        script: "#!/bin/sh\nexec lefthook run commit-msg \"$@\"\n",
        file: Some(("lefthook.yml", "commit-msg:\n  commands:\n    none:\n      run: \"true\"\n")),
        goal: None,
    },
    Peer {
        name: "husky and commitlint",
        programs: &["commitlint", "husky"],
        launcher: Some(("husky", ".husky/commit-msg")),
        script: "commitlint --edit \"$1\"\n",
        file: Some(("commitlint.config.js", COMMITLINT)),
        goal: Some(1.0 / 200.0),
    },
];

const PREK: &str = "repos: [{repo: local, hooks: [{id: none, name: none, entry: 'true', \
                    language: system, stages: [commit-msg]}]}]\n";

const COMMITLINT: &str = "module.exports = { rules: { 'subject-empty': [2, 'never'] } };\n";

impl Peer {
    /// Whether all of it is installed.
    pub(crate) fn is_there(&self, place: &Place) -> bool {
        self.programs.iter().all(|program| place.has(program))
    }

    /// What its hook runs.
    pub(crate) fn command(&self) -> &'static str {
        self.script.lines().last().unwrap_or_default()
    }

    /// Puts it into a repository, as its own instructions say.
    pub(crate) fn set_up(&self, place: &Place, dir: &Path) {
        if let Some((file, text)) = self.file {
            fs::write(dir.join(file), text).expect("a file");
        }
        let hook = match self.launcher {
            Some((launcher, hook)) => {
                let status = place.command(launcher, dir).status();
                assert!(status.is_ok_and(|status| status.success()), "{launcher}");
                dir.join(hook)
            }
            None => {
                let hooks = dir.join(".git/hooks");
                fs::create_dir_all(&hooks).expect("a directory");
                hooks.join("commit-msg")
            }
        };
        fs::write(&hook, self.script).expect("a hook");
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
}
