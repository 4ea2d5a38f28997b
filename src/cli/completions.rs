//! `git spec-log completions`

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Outcome};
use crate::report::{Exit, Ui};

/// Print a completion script
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// bash, zsh, fish, elvish or powershell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// The name that bash's functions are generated for: `clap_complete` 4.6 does
/// not find the functions again of a program with a hyphen in its name.
const BASH_NAME: &str = "git_spec_log_words";

/// For `git-spec-log`, and for `git spec-log`: git's own completion looks for
/// `_git_spec_log` and leaves the line in `words`, `cword`, `cur` and `prev`;
/// the generated function wants it in `COMP_WORDS` without the `git`.
const GIT_BASH: &str = r#"
complete -F _git_spec_log_words -o bashdefault -o default git-spec-log

_git_spec_log() {
    local at
    for ((at = 1; at < cword; at++)); do
        [[ ${words[at]} == spec-log ]] && break
    done
    local COMP_WORDS=(git-spec-log "${words[@]:at+1}") COMP_CWORD=$((cword - at))
    _git_spec_log_words git-spec-log "$cur" "$prev"
}
"#;

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let mut script = Vec::new();
    let name = if args.shell == Shell::Bash { BASH_NAME } else { "git-spec-log" };
    clap_complete::generate(args.shell, &mut Cli::command(), name, &mut script);
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
