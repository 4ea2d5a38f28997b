//! git's configuration, with what the environment says.

use git2::ConfigLevel;

use super::{Error, Repo};

/// The variables that libgit2 does not heed and that need git's own reading.
const SPOKEN: [&str; 2] = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];

impl Repo {
    /// The value git would use for a key; `None` where it is unset or cannot
    /// be read. A key without a value is `true`.
    pub fn config_get(&self, key: &str) -> Option<String> {
        let key = normal(key);
        let found = self.settings().iter().rev().find(|(name, _)| *name == key);
        found.map(|(_, value)| value.clone())
    }

    /// Every setting under `speclog.`, weakest first, so that the last one of
    /// a key holds. Keys are without that section and as git prints them: the
    /// name in lower case, what stands between kept.
    pub fn speclog_config(&self) -> Vec<(String, String)> {
        let own = |(name, value): &(String, String)| {
            Some((name.strip_prefix("speclog.")?.to_owned(), value.clone()))
        };
        self.settings().iter().filter_map(own).collect()
    }

    /// All settings, weakest first, read once. A configuration that cannot be
    /// read is an empty one: no hook may fail over it.
    fn settings(&self) -> &[(String, String)] {
        self.settings.get_or_init(|| {
            let libgit2 = self.access.libgit2().filter(|_| !self.environment_speaks());
            let asked = libgit2.map(|libgit2| self.ask_libgit2(libgit2));
            match asked {
                Some(Ok(settings)) if !settings.iter().any(includes_by_remote) => settings,
                _ => self.ask_git().unwrap_or_default(),
            }
        })
    }

    /// Whether the environment says more than which files to leave out.
    fn environment_speaks(&self) -> bool {
        let spoken = SPOKEN.iter().any(|name| self.environment.get(name).is_some());
        let file = |name| self.environment.get(name).is_some_and(|path| path != "/dev/null");
        spoken || file("GIT_CONFIG_GLOBAL") || file("GIT_CONFIG_SYSTEM")
    }

    fn ask_git(&self) -> Result<Vec<(String, String)>, Error> {
        let said = self.git(&["config", "-z", "--list"])?;
        let text = String::from_utf8_lossy(&said.0).into_owned();
        let entries = text.split('\0').filter(|entry| !entry.is_empty());
        let pair = |entry: &str| {
            let (key, value) = entry.split_once('\n').unwrap_or((entry, "true"));
            (key.to_owned(), value.to_owned())
        };
        Ok(entries.map(pair).collect())
    }

    fn ask_libgit2(&self, libgit2: &git2::Repository) -> Result<Vec<(String, String)>, Error> {
        let failed = || Error::git2("cannot read the configuration");
        let snapshot = libgit2.config().and_then(|mut config| config.snapshot());
        let snapshot = snapshot.map_err(failed())?;
        let mut settings = Vec::new();
        let entries = snapshot.entries(None).map_err(failed())?;
        let take = |entry: &git2::ConfigEntry<'_>| {
            if self.is_read(entry.level()) {
                let key = String::from_utf8_lossy(entry.name_bytes()).into_owned();
                let value = match entry.has_value() {
                    true => String::from_utf8_lossy(entry.value_bytes()).into_owned(),
                    false => "true".to_owned(),
                };
                settings.push((key, value));
            }
        };
        entries.for_each(take).map_err(failed())?;
        Ok(settings)
    }

    /// Whether the environment leaves a level's files in.
    fn is_read(&self, level: ConfigLevel) -> bool {
        let set = |name| self.environment.get(name).is_some();
        match level {
            ConfigLevel::System | ConfigLevel::ProgramData => {
                let no = self.environment.get("GIT_CONFIG_NOSYSTEM").and_then(|no| no.to_str());
                let off = no.is_some_and(|no| !matches!(no, "0" | "false" | "no" | "off"));
                !off && !set("GIT_CONFIG_SYSTEM")
            }
            ConfigLevel::Global | ConfigLevel::XDG => !set("GIT_CONFIG_GLOBAL"),
            _ => true,
        }
    }
}

/// Whether a setting includes a file where a remote has some address, which
/// libgit2 leaves out.
fn includes_by_remote((key, _): &(String, String)) -> bool {
    key.starts_with("includeif.hasconfig:")
}

/// A key with its section and name in lower case, as git stores them.
fn normal(key: &str) -> String {
    let (Some((section, _)), Some((rest, name))) = (key.split_once('.'), key.rsplit_once('.'))
    else {
        return key.to_ascii_lowercase();
    };
    let between = &rest[section.len()..];
    format!("{}{between}.{}", section.to_ascii_lowercase(), name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;
    use super::*;

    #[test]
    fn the_last_and_nearest_setting_holds() {
        let sandbox = Sandbox::new();
        sandbox.git(&["config", "speclog.record", "stage"]);
        sandbox.git(&["config", "--add", "specLog.Record", "next"]);
        sandbox.git(&["config", "speclog.Some.Where.Path", "x"]);
        sandbox.sh("printf '[speclog]\\n\\tbare\\n' >>.git/config");
        let repo = sandbox.repo();
        assert_eq!(repo.config_get("SPECLOG.record").as_deref(), Some("next"));
        assert_eq!(repo.config_get("speclog.Some.Where.path").as_deref(), Some("x"));
        assert_eq!(repo.config_get("speclog.bare").as_deref(), Some("true"));
        assert_eq!(repo.config_get("speclog.none"), None);
        let ours = repo.speclog_config();
        let keys: Vec<_> = ours.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["record", "record", "Some.Where.path", "bare"]);
        assert_eq!(normal("A"), "a");
    }

    #[test]
    fn both_ways_of_asking_agree() {
        let sandbox = Sandbox::new();
        sandbox.git(&["config", "extensions.worktreeConfig", "true"]);
        sandbox.git(&["config", "speclog.record", "stage"]);
        sandbox.git(&["config", "--worktree", "speclog.record", "off"]);
        let repo = sandbox.repo();
        assert!(!repo.environment_speaks());
        if let Some(libgit2) = repo.access.libgit2() {
            assert_eq!(repo.ask_git().unwrap(), repo.ask_libgit2(libgit2).unwrap());
        }
        assert_eq!(repo.config_get("speclog.record").as_deref(), Some("off"));
    }

    #[test]
    fn the_environment_is_heard() {
        let sandbox = Sandbox::new();
        sandbox.git(&["config", "speclog.record", "stage"]);
        sandbox.write("../outside/global", "[speclog]\n\ttick = never\n\trecord = off\n");
        let mut environment = sandbox.environment();
        environment.variables.retain(|(name, _)| name != "GIT_CONFIG_GLOBAL");
        let global = sandbox.outside().join("global").into_os_string();
        environment.variables.push(("GIT_CONFIG_GLOBAL".into(), global));
        let repo = Repo::open_in_hook_of(environment.clone()).unwrap();
        assert_eq!(repo.config_get("speclog.tick").as_deref(), Some("never"));
        assert_eq!(repo.config_get("speclog.record").as_deref(), Some("stage"));
        let parameters = "'speclog.record'='next'".into();
        environment.variables.push(("GIT_CONFIG_PARAMETERS".into(), parameters));
        let repo = Repo::open_in_hook_of(environment).unwrap();
        assert_eq!(repo.config_get("speclog.record").as_deref(), Some("next"));
    }
}
