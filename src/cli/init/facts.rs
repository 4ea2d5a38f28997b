//! What is known about each hook before anything is decided.

use std::env;
use std::path::{Path, PathBuf};

use super::manager::Manager;
use super::plan::{self, Facts};
use crate::hook::{HOOKS, Hook};
use crate::repo::Site;
use crate::report::Failure;
use crate::store::hooks::{self, Found};

/// Looks at one hook in a hooks directory.
pub(in crate::cli) fn look<'a>(
    hook: &'a Hook,
    site: &Site,
    directory: &Path,
    programs: &Path,
) -> Result<Facts<'a>, Failure> {
    let path = directory.join(hook.name);
    let found = hooks::look(&path).map_err(|error| super::failed("read", &path, &error))?;
    let program = programs.join(hook.program());
    Ok(Facts { hook, program, path, found, pasted: pasted(hook, site) })
}

/// Where a person has already pasted a call of our program.
fn pasted(hook: &Hook, site: &Site) -> Option<String> {
    let top = site.top.as_ref()?;
    let managers = [Manager::Husky, Manager::Lefthook, Manager::PreCommit];
    let mut places: Vec<_> = managers.iter().flat_map(|manager| manager.places(hook)).collect();
    if site.tracks_hooks || plan::is_elsewhere(site) {
        places.push(site.hooks.join(hook.name).display().to_string());
    }
    let names_it = |text: String| text.contains(&hook.program());
    let legacy = site.hooks.join(format!("{}.legacy", hook.name));
    if matches!(hooks::look(&legacy), Ok(Found::Link(target)) if plan::is_ours(hook, &target)) {
        return Some(legacy.display().to_string());
    }
    places.into_iter().find(|place| hooks::text(&top.join(place)).is_some_and(names_it))
}

/// The directory of our hook programs: that of this one, by the name under
/// which PATH knows it, because a package manager's real paths change with
/// every version.
pub(in crate::cli) fn programs() -> Result<PathBuf, Failure> {
    let own = env::current_exe().map_err(|error| Failure::from_error("programs", &error))?;
    let own = hooks::resolved(&own);
    let beside = own.parent().unwrap_or(Path::new("/")).to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&path).filter(|directory| directory.is_absolute());
    let known = |directory: &PathBuf| hooks::resolved(&directory.join("git-spec-log")) == own;
    let has_all = |directory: &PathBuf| first_missing(directory).is_none();
    if let Some(directory) = in_path.filter(known).find(has_all) {
        return Ok(directory);
    }
    match first_missing(&beside) {
        None => Ok(beside),
        Some(program) => {
            let place = beside.display();
            let message = format!("`{program}` is not beside `git-spec-log` in `{place}`");
            let hint = "in the checkout, ./install.sh builds and installs all the programs, and \
                        cargo build builds them";
            Err(Failure::new("programs", message).hint(hint))
        }
    }
}

fn first_missing(directory: &Path) -> Option<String> {
    let mut programs = HOOKS.iter().map(Hook::program);
    programs.find(|program| !hooks::is_program(&directory.join(program)))
}
