//! The commit that git has just made, without opening the repository: a hook
//! that has nothing to do with it reads no configuration.

use std::io::Read;
use std::path::Path;

use flate2::bufread::ZlibDecoder;

use super::Head;
use super::raw::RawCommit;
use crate::commit::Oid;
use crate::store::read_plain;

/// What may lie in the git directory while something is in progress: with any
/// of these `operation` is to tell what it means.
const SIGNS: [&str; 7] = [
    "rebase-merge",
    "rebase-apply",
    "MERGE_HEAD",
    "sequencer",
    "REVERT_HEAD",
    "CHERRY_PICK_HEAD",
    "BISECT_LOG",
];

/// The largest commit that is read so.
const LIMIT: usize = 1 << 20;

impl Head {
    /// HEAD's commit, where it lies as git leaves it behind an ordinary commit:
    /// named in a file, and in a file of its own. `None` wherever anything is
    /// otherwise, as in a reftable or in the middle of a rebase; then the
    /// repository is to be asked.
    pub fn just_made(git_dir: &Path, common_dir: &Path) -> Option<Self> {
        if SIGNS.iter().any(|sign| git_dir.join(sign).exists()) {
            return None;
        }
        let head = text(&git_dir.join("HEAD"))?;
        let oid = match head.strip_prefix("ref: ") {
            Some(name) => Oid::from_hex(&text(&common_dir.join(branch(name)?))?),
            None => Oid::from_hex(&head),
        };
        let oid = oid?;
        let data = loose_commit(common_dir, oid)?;
        let raw = RawCommit::parse(&data);
        Some(Self { oid, message: raw.message.to_vec(), parents: raw.parents })
    }
}

/// The file of a branch, below the directory that all work trees share.
fn branch(name: &str) -> Option<&str> {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    (name.starts_with("refs/heads/") && name.split('/').all(is_plain)).then_some(name)
}

fn text(path: &Path) -> Option<String> {
    let mut text = String::from_utf8(read_plain(path).ok()??).ok()?;
    text.truncate(text.trim_end().len());
    Some(text)
}

/// What a commit holds that is no part of a pack.
fn loose_commit(common_dir: &Path, oid: Oid) -> Option<Vec<u8>> {
    let name = oid.to_string();
    let (folder, file) = name.split_at(2);
    let deflated = read_plain(&common_dir.join("objects").join(folder).join(file)).ok()??;
    let mut object = Vec::with_capacity(4 * deflated.len());
    let inflated = ZlibDecoder::new(deflated.as_slice()).take(LIMIT as u64 + 1);
    { inflated }.read_to_end(&mut object).ok()?;
    let end = object.iter().position(|&byte| byte == 0)?;
    let len = std::str::from_utf8(&object[..end]).ok()?.strip_prefix("commit ")?.parse();
    let data = object.split_off(end + 1);
    (data.len() < LIMIT && len == Ok(data.len())).then_some(data)
}

#[cfg(test)]
mod tests {
    use super::super::Repo;
    use super::super::testing::Sandbox;
    use super::*;

    fn peeked(repo: &Repo) -> Option<Head> {
        Head::just_made(repo.git_dir(), repo.common_dir())
    }

    #[test]
    fn what_was_just_made_is_what_the_repository_says_it_is() {
        for format in ["sha1", "sha256"] {
            let sandbox = Sandbox::init(&["--ref-format=files", "--object-format", format]);
            assert_eq!(peeked(&sandbox.repo()), None, "an unborn branch");
            sandbox.commit("a", "1", "first\n\nBody\n");
            let is_seen = |repo: &Repo| {
                let head = repo.message_of_head().unwrap();
                assert_eq!(peeked(repo), head);
                head.is_some()
            };
            assert!(is_seen(&sandbox.repo()));
            sandbox.git(&["switch", "-q", "-c", "über/side"]);
            sandbox.commit("a", "2", "second");
            assert!(is_seen(&sandbox.repo()));
            sandbox.git(&["worktree", "add", "-q", "-b", "linked", "../outside/linked"]);
            assert!(is_seen(&sandbox.hook_in(&sandbox.outside().join("linked"))));
            sandbox.git(&["switch", "-q", "--detach"]);
            assert!(is_seen(&sandbox.repo()));
        }
    }

    #[test]
    fn what_lies_otherwise_is_not_guessed() {
        let sandbox = Sandbox::init(&["--ref-format=files"]);
        sandbox.commit("a", "1", "first");
        sandbox.git(&["tag", "-a", "-m", "no commit", "tag"]);
        let head = peeked(&sandbox.repo());
        assert!(head.is_some());
        for sign in SIGNS {
            sandbox.write(&format!(".git/{sign}"), "");
            assert_eq!(peeked(&sandbox.repo()), None, "{sign}");
            std::fs::remove_file(sandbox.path(".git").join(sign)).unwrap();
        }
        let put = |text: &str| {
            sandbox.write(".git/HEAD", text);
            Head::just_made(&sandbox.path(".git"), &sandbox.path(".git"))
        };
        for text in ["", "x", "ref: x", "ref: refs/heads/../../HEAD", "ref: refs/heads/none\n"] {
            assert_eq!(put(text), None, "{text}");
        }
        let oid = |spec: &str| sandbox.git(&["rev-parse", spec]);
        let (tree, tag) = ("refs/heads/main^{tree}", "tag");
        assert!(
            [tree, tag]
                .iter()
                .all(|other| put("ref: refs/heads/main\n").is_some() && put(&oid(other)).is_none())
        );
        assert_eq!(put("ref: refs/heads/main\n"), head);
        sandbox.git(&["pack-refs", "--all"]);
        assert_eq!(put("ref: refs/heads/main\n"), None, "no file of its own");
        sandbox.git(&["checkout", "-q", "--detach", "main"]);
        assert_eq!(peeked(&sandbox.repo()), head);
        sandbox.git(&["gc", "-q", "--prune=now"]);
        assert_eq!(peeked(&sandbox.repo()), None, "in a pack");
    }
}
