//! Where hooks go and what is set about them, asked of `git` alone: it works
//! in a repository that libgit2 cannot open, and where none is.

use std::path::{Path, PathBuf};

use super::child::{self, Seeker};
use super::{Environment, Error};
use crate::store::Store;
use crate::store::hooks::resolved;

/// The repository as far as hooks are concerned. Paths are absolute.
#[derive(Clone, Debug)]
pub struct Site {
    /// git's version, the first two numbers.
    pub version: (u32, u32),
    /// The work tree; none in a bare repository.
    pub top: Option<PathBuf>,
    /// The directory that all linked work trees share.
    pub common: PathBuf,
    /// Where git looks for hook files.
    pub hooks: PathBuf,
    /// `core.hooksPath` and the scope that sets it.
    pub hooks_path: Option<(String, String)>,
    /// Whether git tracks a file in the hooks directory.
    pub tracks_hooks: bool,
    /// This repository's own `hook.spec-log-*` settings.
    pub settings: Vec<(String, String)>,
    /// Whether `rebase.autoStash` is on.
    pub auto_stash: bool,
    git: Seeker,
}

impl Site {
    /// Asks git about the repository around the current directory.
    ///
    /// # Errors
    /// No `git`, or no repository.
    pub fn ask(environment: Environment) -> Result<Self, Error> {
        let nowhere = Error::NotARepository(environment.cwd.clone());
        let mut site = Self {
            git: Seeker::new(environment)?,
            version: (0, 0),
            top: None,
            common: PathBuf::new(),
            hooks: PathBuf::new(),
            hooks_path: None,
            tracks_hooks: false,
            settings: Vec::new(),
            auto_stash: false,
        };
        let Some(common) = site.path(&["rev-parse", "--git-common-dir"])? else {
            return Err(nowhere);
        };
        let Some(hooks) = site.path(&["rev-parse", "--git-path", "hooks"])? else {
            return Err(nowhere);
        };
        (site.common, site.hooks) = (common, hooks);
        site.version = version(&site.said(&["--version"])?.unwrap_or_default());
        site.top = site.path(&["rev-parse", "--show-toplevel"])?;
        site.hooks_path = site.scoped("core.hooksPath")?;
        site.tracks_hooks = site.is_tracked()?;
        site.settings = site.own_hooks()?;
        site.auto_stash = site.said(&["config", "--type=bool", "--get", "rebase.autoStash"])?
            == Some("true".to_owned());
        Ok(site)
    }

    /// Whether git knows hooks that are set in its configuration (git 2.54).
    pub fn has_config_hooks(&self) -> bool {
        self.version >= (2, 54)
    }

    /// What git was told by the process that asks.
    pub fn environment(&self) -> &Environment {
        &self.git.environment
    }

    /// The `git` that is asked.
    pub fn program(&self) -> &Path {
        &self.git.program
    }

    /// One value of git's configuration, wherever it is set.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.said(&["config", "--get", name]).ok().flatten()
    }

    /// The scope that sets a value (`local`, `global`, `command` …), and the
    /// value.
    pub fn scoped(&self, name: &str) -> Result<Option<(String, String)>, Error> {
        let line = self.said(&["config", "--show-scope", "--get", name])?;
        let split = |line: String| {
            line.split_once('\t').map(|(scope, value)| (scope.to_owned(), value.to_owned()))
        };
        Ok(line.and_then(split))
    }

    /// The text of `.gitattributes` at the top of the work tree, where it is a
    /// file: git follows no link there either.
    pub fn attributes(&self) -> String {
        let read = |top: &PathBuf| Store::new(top).read(".gitattributes").ok().flatten();
        let text = self.top.as_ref().and_then(read);
        String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
    }

    /// Those of these paths that git merges by no driver of this name.
    pub fn merged_otherwise<'p>(
        &self,
        driver: &str,
        paths: &[&'p str],
    ) -> Result<Vec<&'p str>, Error> {
        let arguments = [&["check-attr", "-z", "merge", "--"], paths].concat();
        let said = self.said(&arguments)?.unwrap_or_default();
        let drivers = said.split('\0').skip(2).step_by(3);
        let otherwise = paths.iter().zip(drivers).filter(|(_, own)| *own != driver);
        Ok(otherwise.map(|(path, _)| *path).collect())
    }

    /// Sets a value in the repository's own configuration.
    pub fn set(&self, name: &str, value: &str) -> Result<(), Error> {
        self.change(&["config", "--local", "--replace-all", name, value])
    }

    /// Takes a section out of the repository's own configuration.
    pub fn remove_section(&self, name: &str) -> Result<(), Error> {
        self.change(&["config", "--local", "--remove-section", name])
    }

    fn is_tracked(&self) -> Result<bool, Error> {
        let hooks = self.hooks.to_string_lossy();
        let listed = self.said(&["--literal-pathspecs", "ls-files", "--", &hooks])?;
        Ok(listed.is_some_and(|list| !list.is_empty()))
    }

    fn own_hooks(&self) -> Result<Vec<(String, String)>, Error> {
        let list = self.said(&["config", "--local", "-z", "--get-regexp", r"^hook\.spec-log-"])?;
        let pair = |record: &str| {
            record.split_once('\n').map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        Ok(list.unwrap_or_default().split('\0').filter_map(pair).collect())
    }

    fn path(&self, arguments: &[&str]) -> Result<Option<PathBuf>, Error> {
        let Some(said) = self.git.said(arguments)? else { return Ok(None) };
        Ok(Some(resolved(&self.environment().cwd.join(said.path()))))
    }

    /// git's answer without its last new line; `None` where git says no.
    fn said(&self, arguments: &[&str]) -> Result<Option<String>, Error> {
        Ok(self.git.said(arguments)?.map(|said| said.text()))
    }

    fn change(&self, arguments: &[&str]) -> Result<(), Error> {
        let output = self.git.output(arguments)?;
        match output.status.success() {
            true => Ok(()),
            false => Err(child::failed(arguments, &output)),
        }
    }
}

fn version(text: &str) -> (u32, u32) {
    let numbers = text.trim_start_matches("git version ").split('.');
    let mut numbers = numbers.map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;
    use super::*;

    #[test]
    fn a_version_is_read_whoever_built_git() {
        assert_eq!(version("git version 2.54.0"), (2, 54));
        assert_eq!(version("git version 2.39.5 (Apple Git-154)"), (2, 39));
        assert_eq!(version("git version 2.55.0.windows.1"), (2, 55));
        assert_eq!(version("git version 3.0-rc1"), (3, 0));
        assert_eq!(version(""), (0, 0));
    }

    #[test]
    fn what_is_set_is_told_with_its_scope_and_taken_back() {
        let sandbox = Sandbox::new();
        let site = Site::ask(sandbox.environment()).unwrap();
        assert_eq!(site.top.as_deref(), Some(sandbox.top()));
        assert!(site.hooks.ends_with(".git/hooks") && !site.tracks_hooks);
        site.set("hook.spec-log-post-commit.event", "post-commit").unwrap();
        let again = Site::ask(sandbox.environment()).unwrap();
        let set = ("hook.spec-log-post-commit.event".to_owned(), "post-commit".to_owned());
        assert_eq!(again.settings, [set]);
        assert_eq!(
            site.scoped("hook.spec-log-post-commit.event").unwrap(),
            Some(("local".to_owned(), "post-commit".to_owned()))
        );
        site.remove_section("hook.spec-log-post-commit").unwrap();
        let error = site.remove_section("hook.spec-log-post-commit").unwrap_err();
        assert!(matches!(error, Error::Child { .. }), "{error}");
    }

    #[test]
    fn a_repository_that_libgit2_cannot_open_is_asked_all_the_same() {
        let sandbox = Sandbox::new();
        let mut environment = sandbox.environment();
        environment.cwd = sandbox.outside().to_owned();
        let error = Site::ask(environment).unwrap_err();
        assert!(matches!(error, Error::NotARepository(_)), "{error}");
        sandbox.git(&["init", "-q", "--bare", "--ref-format=reftable", "bare.git"]);
        let mut environment = sandbox.environment();
        environment.cwd = sandbox.path("bare.git");
        assert_eq!(Site::ask(environment).unwrap().top, None);
    }
}
