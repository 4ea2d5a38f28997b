//! `git spec-log completions`

use clap_complete::Shell;

use super::Outcome;
use crate::report::{Exit, Ui};

/// Print a completion script
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// bash, zsh, fish, elvish or powershell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// What git's own completion for bash looks for when it completes
/// `git spec-log`: it leaves the line in `words`, `cword`, `cur` and `prev`,
/// and the generated function wants it in `COMP_WORDS` without the `git`.
const GIT_BASH: &str = r#"
_git_spec_log() {
    local at
    for ((at = 1; at < cword; at++)); do
        [[ ${words[at]} == spec-log ]] && break
    done
    local COMP_WORDS=(git-spec-log "${words[@]:at+1}") COMP_CWORD=$((cword - at))
    _git-spec-log git-spec-log "$cur" "$prev"
}
"#;

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let mut script = Vec::new();
    let mut command = super::description().bin_name("git-spec-log");
    clap_complete::generate(args.shell, &mut command, "git-spec-log", &mut script);
    ui.raw(&match args.shell {
        Shell::Bash => [script, GIT_BASH.into()].concat(),
        Shell::Zsh => described_for_git(script),
        _ => script,
    });
    Ok(Exit::Fine)
}

/// zsh's own completion for git lists a command whose function says
/// `#description` on its second line.
fn described_for_git(script: Vec<u8>) -> Vec<u8> {
    let end = script.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let about = b"#description keep task documents true to the commits\n";
    [&script[..end], about, &script[end..]].concat()
}
