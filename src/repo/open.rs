//! Finding a repository and its work tree.

use std::cell::{OnceCell, RefCell};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Once;

use git2::{ErrorCode, Repository, RepositoryOpenFlags as Flags};

use super::access::Access;
use super::{Error, Repo};

/// The variables git itself would heed, taken once so that tests need not
/// change the process.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The current directory, absolute.
    pub cwd: PathBuf,
    /// Every variable whose name begins with `GIT_`, and `PATH`.
    pub variables: Vec<(OsString, OsString)>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let wanted = |name: &OsStr| name == "PATH" || name.as_encoded_bytes().starts_with(b"GIT_");
        Self {
            cwd: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            variables: std::env::vars_os().filter(|(name, _)| wanted(name)).collect(),
        }
    }

    /// One variable; an empty one counts as unset, as it does for git.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let found = self.variables.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(|value| self.cwd.join(value))
    }
}

impl Repo {
    /// Finds the repository that `start` lies in, by git's rules: `GIT_DIR`
    /// and `GIT_WORK_TREE` first, then upwards to the nearest `.git`.
    pub fn discover(start: &Path) -> Result<Self, Error> {
        Self::discover_in(start, Environment::of_process())
    }

    /// Opens the repository of the hook that runs: its current directory is
    /// the top of the work tree, so nothing is searched.
    pub fn open_in_hook() -> Result<Self, Error> {
        Self::open_in_hook_of(Environment::of_process())
    }

    /// [`Repo::discover`] with an environment of the caller's.
    pub fn discover_in(start: &Path, environment: Environment) -> Result<Self, Error> {
        tune(Reads::Once);
        let start: PathBuf = environment.cwd.join(start).components().collect();
        let ceilings = environment.get("GIT_CEILING_DIRECTORIES").unwrap_or_default();
        let ceilings: Vec<PathBuf> = std::env::split_paths(ceilings).collect();
        let flags = match environment.get("GIT_DISCOVERY_ACROSS_FILESYSTEM") {
            Some(_) => Flags::CROSS_FS,
            None => Flags::empty(),
        };
        Self::open_at(&start, flags, &ceilings, environment)
    }

    /// [`Repo::open_in_hook`] with an environment of the caller's.
    pub fn open_in_hook_of(environment: Environment) -> Result<Self, Error> {
        tune(Reads::Again);
        let start = environment.cwd.clone();
        Self::open_at(&start, Flags::NO_SEARCH, &[], environment)
    }

    /// By libgit2, or by `git` where there is a repository that libgit2
    /// refuses.
    fn open_at(
        start: &Path,
        flags: Flags,
        ceilings: &[PathBuf],
        environment: Environment,
    ) -> Result<Self, Error> {
        let (start, opened) = match environment.path("GIT_DIR") {
            Some(git_dir) => (&*environment.cwd, open_git_dir(&git_dir, &environment)),
            None => (start, open(start, flags, ceilings)),
        };
        match opened.and_then(|whole| with_work_tree(whole, &environment)) {
            Ok((whole, top)) => Ok(Self::new(Access::Libgit2(whole), top, environment)),
            Err(error @ Error::NotARepository(_)) => Err(error),
            Err(error) => {
                let start = start.to_owned();
                Self::open_by_git(&start, environment, error)
            }
        }
    }

    /// Asks `git` for the repository around a directory, which libgit2 refused
    /// to open. Where `git` refuses too, the first refusal holds.
    pub(super) fn open_by_git(
        start: &Path,
        environment: Environment,
        why: Error,
    ) -> Result<Self, Error> {
        let (access, top) = Access::by_git(start, &environment, why)?;
        Ok(Self::new(access, top, environment))
    }

    fn new(access: Access, work_tree: Option<PathBuf>, environment: Environment) -> Self {
        Self {
            access,
            work_tree,
            environment,
            index_file: None,
            settings: OnceCell::new(),
            git: OnceCell::new(),
            edge: OnceCell::new(),
            recent: RefCell::default(),
            depths: RefCell::default(),
            watcher: RefCell::new(None),
        }
    }

    /// Makes the index at this path the one that is read and staged to: in
    /// pre-commit of a `commit -a` it is `GIT_INDEX_FILE`, not the usual one.
    #[must_use]
    pub fn with_index(mut self, file: &Path) -> Self {
        self.index_file = Some(self.environment.cwd.join(file));
        self
    }

    /// The index git has told this hook to use, where it has.
    pub fn index_of_hook(&self) -> Option<PathBuf> {
        self.environment.path("GIT_INDEX_FILE")
    }
}

/// With `GIT_DIR` set and nothing said about the work tree, git takes the
/// current directory for its top; libgit2 would take the git directory's
/// parent.
fn open_git_dir(git_dir: &Path, environment: &Environment) -> Result<Repository, Error> {
    let inner = open(git_dir, Flags::NO_SEARCH, &[])?;
    let said = environment.get("GIT_WORK_TREE").is_some();
    let silent = |config: git2::Config| config.get_entry("core.worktree").is_err();
    if !said && !inner.is_bare() && inner.config().is_ok_and(silent) {
        set_work_tree(&inner, &environment.cwd)?;
    }
    Ok(inner)
}

/// The repository with the work tree that is set for it, and that one's top.
fn with_work_tree(
    inner: Repository,
    environment: &Environment,
) -> Result<(Repository, Option<PathBuf>), Error> {
    if let Some(work_tree) = environment.path("GIT_WORK_TREE") {
        set_work_tree(&inner, &work_tree)?;
    }
    // libgit2 ends a directory in a slash; paths compare without it.
    let work_tree = inner.workdir().map(|path| path.components().collect());
    Ok((inner, work_tree))
}

fn set_work_tree(inner: &Repository, path: &Path) -> Result<(), Error> {
    let doing = format!("cannot use the work tree `{}`", path.display());
    inner.set_workdir(path, false).map_err(Error::git2(doing))
}

/// How a process reads objects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// A command goes through history: a cache would only be filled.
    Once,
    /// A hook asks for the same few commits and trees again and again.
    Again,
}

/// Sets libgit2 up, once for the process.
fn tune(reads: Reads) {
    static TUNED: Once = Once::new();
    TUNED.call_once(|| {
        // Hashing every object read again costs more than inflating it, and
        // the pack's own checks stay.
        git2::opts::strict_hash_verification(false);
        git2::opts::enable_caching(reads == Reads::Again);
    });
}

fn open(path: &Path, flags: Flags, ceilings: &[PathBuf]) -> Result<Repository, Error> {
    Repository::open_ext(path, flags, ceilings).map_err(|source| explain(path, source))
}

fn explain(path: &Path, source: git2::Error) -> Error {
    let path = path.to_path_buf();
    if source.code() == ErrorCode::Owner {
        return Error::Owner(path);
    }
    // NotFound also stands for a broken repository: only a missing one is
    // told in our own words.
    if source.code() == ErrorCode::NotFound && source.message().contains("could not find") {
        return Error::NotARepository(path);
    }
    let message = source.message();
    if let Some((_, name)) = message.split_once("unsupported extension name extensions.") {
        return Error::Extension { path, name: name.trim().to_owned() };
    }
    Error::git2(format!("cannot open the repository at `{}`", path.display()))(source)
}

#[cfg(test)]
mod tests {
    use super::super::Site;
    use super::super::testing::Sandbox;
    use super::*;

    #[test]
    fn a_directory_below_the_top_finds_the_repository() {
        let sandbox = Sandbox::new();
        sandbox.write("a/b/c.md", "x");
        let repo = Repo::discover_in(&sandbox.path("a/b"), sandbox.environment()).unwrap();
        assert_eq!(repo.work_tree(), Some(sandbox.top()));
        let outside = Repo::discover_in(sandbox.outside(), sandbox.environment());
        assert!(matches!(outside, Err(Error::NotARepository(_))));
    }

    #[test]
    fn a_bare_repository_has_no_work_tree() {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q", "--bare", "bare.git"]);
        let repo = Repo::discover_in(&sandbox.path("bare.git"), sandbox.environment()).unwrap();
        assert_eq!(repo.work_tree(), None);
        assert_eq!(repo.head().unwrap(), None);
        let environment = Environment { cwd: sandbox.path("bare.git"), ..sandbox.environment() };
        assert!(Site::ask(environment).unwrap().hooks.ends_with("bare.git/hooks"));
    }

    #[test]
    fn a_work_tree_elsewhere_is_the_one_the_hook_runs_in() {
        let sandbox = Sandbox::new();
        let elsewhere = sandbox.outside().join("tree");
        std::fs::create_dir(&elsewhere).unwrap();
        let mut environment = sandbox.environment();
        environment.cwd = elsewhere.clone();
        let git_dir = sandbox.path(".git").into_os_string();
        environment.variables.push(("GIT_DIR".into(), git_dir));
        let repo = Repo::open_in_hook_of(environment.clone()).unwrap();
        assert_eq!(repo.work_tree(), Some(elsewhere.as_path()));
        environment.variables.push(("GIT_WORK_TREE".into(), ".".into()));
        let repo = Repo::open_in_hook_of(environment).unwrap();
        assert_eq!(repo.work_tree(), Some(elsewhere.as_path()));
    }

    #[test]
    fn a_linked_work_tree_and_a_submodule_know_their_directories() {
        let sandbox = Sandbox::new();
        sandbox.commit("a", "x", "first");
        sandbox.git(&["worktree", "add", "-q", "-b", "side", "../outside/linked"]);
        let linked = sandbox.outside().join("linked");
        let repo = sandbox.hook_in(&linked);
        assert_eq!(repo.work_tree(), Some(linked.as_path()));
        assert!(repo.git_dir().ends_with(".git/worktrees/linked"));
        assert_eq!(repo.common_dir(), sandbox.repo().git_dir());
        let environment = Environment { cwd: linked.clone(), ..sandbox.environment() };
        assert_eq!(Site::ask(environment).unwrap().hooks, sandbox.path(".git/hooks"));
        assert_eq!(repo.branch().unwrap().as_deref(), Some("side"));

        let other = Sandbox::new();
        other.commit("a", "x", "outer");
        let url = sandbox.top().to_str().unwrap();
        other.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", url, "sub"]);
        let repo = other.hook_in(&other.path("sub"));
        assert_eq!(repo.work_tree(), Some(other.path("sub").as_path()));
        assert!(repo.git_dir().ends_with(".git/modules/sub"));
        let mut environment = other.environment();
        environment.cwd = other.path("sub");
        let git_dir = other.path(".git/modules/sub").into_os_string();
        environment.variables.push(("GIT_DIR".into(), git_dir));
        let repo = Repo::open_in_hook_of(environment).unwrap();
        assert_eq!(repo.work_tree(), Some(other.path("sub").as_path()));
    }

    #[test]
    fn git_finds_what_libgit2_refuses_from_below_the_top_and_by_a_relative_git_dir() {
        let sandbox = Sandbox::new();
        sandbox.git(&["config", "core.repositoryFormatVersion", "1"]);
        // An extension that git knows and that libgit2 does not.
        sandbox.git(&["config", "extensions.noop-v1", "true"]);
        sandbox.write("a/b/c.md", "x");
        let mut environment = sandbox.environment();
        let repo = Repo::discover_in(&sandbox.path("a/b"), environment.clone()).unwrap();
        assert_eq!(repo.work_tree(), Some(sandbox.top()));
        environment.variables.push(("GIT_DIR".into(), ".git".into()));
        let repo = Repo::discover_in(Path::new("a/b"), environment).unwrap();
        assert_eq!(
            (repo.work_tree(), repo.git_dir()),
            (Some(sandbox.top()), &*sandbox.path(".git"))
        );
        assert!(repo.needs_git().is_some());
    }

    #[test]
    fn a_format_that_git_does_not_know_either_is_named() {
        let sandbox = Sandbox::new();
        sandbox.git(&["config", "core.repositoryFormatVersion", "1"]);
        sandbox.git(&["config", "extensions.unheardOf", "true"]);
        let error = Repo::open_in_hook_of(sandbox.environment()).err().unwrap();
        let words = "unknown repository extension found: unheardof";
        assert!(error.to_string().ends_with(words), "{error}");
    }
}
