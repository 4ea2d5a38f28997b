//! What history holds, and which part of it is asked about.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use crate::commit::Oid;
use crate::record::{Error, Project};
use crate::repo::{Visited, nothing};

/// What HEAD contains.
#[derive(Debug, Default)]
pub(in crate::record) struct History {
    /// The commits whose message may hold a tag or a near miss.
    pub(in crate::record) tagged: Vec<Oid>,
    /// Every commit, once it has been asked for.
    ///
    /// Invariant: sorted.
    all: OnceCell<Vec<Oid>>,
}

/// The commits that are asked about.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// All of them.
    pub(super) commits: HashSet<Oid>,
    /// Those whose message may hold a tag or a near miss.
    pub(super) tagged: Vec<Oid>,
    /// The paths of documents that they change, merges left out.
    pub(super) touched: HashSet<String>,
}

impl Scope {
    /// Whether a path is asked about; without a scope all are.
    pub(super) fn asks(scope: Option<&Self>, path: &str) -> bool {
        scope.is_none_or(|scope| scope.touched.contains(path))
    }
}

impl Project {
    /// Walks HEAD's history now, for all that is asked of it later.
    pub fn keep_history(&self) -> Result<(), Error> {
        if let Some(head) = self.repo().head()? {
            self.keep(head, self.history()?);
        }
        Ok(())
    }

    pub(super) fn history(&self) -> Result<Rc<History>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Rc::default()) };
        if let Some(kept) = self.kept(head) {
            return Ok(kept);
        }
        let tagged = self.tagged(&[head], &[])?;
        Ok(Rc::new(History { tagged, all: OnceCell::new() }))
    }

    /// The first commit of HEAD's whose name begins with these digits. Only
    /// where there is an object of that name all of history is walked, once.
    pub(super) fn in_history(&self, history: &History, digits: &str) -> Result<Option<Oid>, Error> {
        if history.all.get().is_none() && !self.repo().has_object(digits)? {
            return Ok(None);
        }
        if history.all.get().is_none() {
            let mut all = Vec::new();
            let head = self.repo().head()?;
            self.repo().walk(head.as_slice(), &[], &nothing, &mut |oid, _| all.push(oid))?;
            all.sort_unstable();
            history.all.get_or_init(|| all);
        }
        Ok(history.all.get().and_then(|all| with_prefix(all, digits)))
    }

    pub(super) fn scope(&self, range: &str) -> Result<Scope, Error> {
        let (include, exclude) = self.repo().range(range)?;
        let mut scope = Scope::default();
        let sought = self.sought()?;
        let look = &|visited: &Visited<'_>| sought.may_link(visited.message).then_some(visited.oid);
        self.repo().walk(&include, &exclude, look, &mut |oid, tagged| {
            scope.commits.insert(oid);
            scope.tagged.extend(tagged);
        })?;
        for oid in &scope.commits {
            // What a merge brings was changed by the commits that it joins.
            if self.repo().commit(*oid)?.is_none_or(|commit| commit.is_merge()) {
                continue;
            }
            self.repo().changed_paths(*oid, &mut |path| {
                let path = std::str::from_utf8(path).ok();
                let document = path.filter(|path| self.places().dialect(path).is_some());
                scope.touched.extend(document.map(str::to_owned));
                ControlFlow::Continue(())
            })?;
        }
        Ok(scope)
    }
}

/// The first of these sorted names that begins with these digits.
pub(super) fn with_prefix(sorted: &[Oid], digits: &str) -> Option<Oid> {
    let len = sorted.first()?.as_bytes().len() * 2;
    let least = Oid::from_hex(&format!("{digits:0<len$}"))?;
    let found = *sorted.get(sorted.partition_point(|oid| *oid < least))?;
    found.has_prefix(digits).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_first_digits() {
        let oid = |start: &str| Oid::from_hex(&format!("{start:7<40}")).expect("forty digits");
        let sorted = [oid("0abc"), oid("abc1"), oid("abc2"), oid("ffff")];
        for (digits, found) in
            [("abc", Some(sorted[1])), ("ABC2", Some(sorted[2])), ("f", Some(sorted[3]))]
        {
            assert_eq!(with_prefix(&sorted, digits), found);
        }
        for digits in ["abd", "0abcd", "zz", "fffff", &"a".repeat(41)] {
            assert_eq!(with_prefix(&sorted, digits), None, "{digits}");
        }
        assert_eq!(with_prefix(&[], "abc"), None);
    }
}
