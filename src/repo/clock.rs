//! What time it is, as git would write it into a commit.

use super::{Error, Repo};
use crate::commit::Time;

impl Repo {
    /// Now, with the offset of this machine; `GIT_COMMITTER_DATE` counts as it
    /// does for git. Who the committer is does not matter.
    pub fn now(&self) -> Result<Time, Error> {
        const NAMED: [&str; 4] = ["-c", "user.name=spec-log", "-c", "user.email=spec-log"];
        let said = self.git(&[&NAMED[..], &["var", "GIT_COMMITTER_IDENT"]].concat())?.text();
        let mut words = said.rsplitn(3, ' ');
        let (offset, seconds) = (words.next(), words.next());
        let seconds = seconds.and_then(|seconds| seconds.parse().ok());
        let offset = offset.and_then(minutes);
        let time = seconds.zip(offset).map(|(seconds, offset)| Time { seconds, offset });
        time.ok_or_else(|| Error::Child { command: "var GIT_COMMITTER_IDENT".to_owned(), said })
    }
}

/// The minutes in `+0530`.
fn minutes(offset: &str) -> Option<i32> {
    let number: i32 = offset.parse().ok()?;
    Some(number / 100 * 60 + number % 100)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;
    use super::*;

    #[test]
    fn now_is_a_time_that_git_knows() {
        let now = Sandbox::new().repo().now().unwrap();
        assert!(now.seconds > 1_000_000_000 && now.offset.abs() < 24 * 60);
        assert_eq!(minutes("-0330"), Some(-210));
    }
}
