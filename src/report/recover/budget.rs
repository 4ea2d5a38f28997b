//! Which items of the lists stay where there is little room: the first few of
//! every list before the rest of any, the lists by how much they help.

use super::RecoverView;
use crate::report::json;

/// How many items of a list go before the rest of any other.
const FEW: usize = 3;

/// The most bytes of a text in a list.
const PHRASE: usize = 200;

/// The most bytes of a text of its own.
const PARAGRAPH: usize = 600;

/// A list of the picture.
struct List {
    /// Its field.
    field: &'static str,
    /// What its items are called.
    noun: &'static str,
    /// How many a text shows where nobody counts.
    most: usize,
}

const fn list(field: &'static str, noun: &'static str, most: usize) -> List {
    List { field, noun, most }
}

/// The lists, the one that helps most first.
const LISTS: [List; 10] = [
    list("stale", "stale places", 8),
    list("resume", "commands", 12),
    list("uncommitted", "uncommitted paths", 20),
    list("blockers", "blockers", 10),
    list("open_tasks", "open tasks", 10),
    list("decisions", "decisions", 10),
    list("commits", "commits", 5),
    list("phases", "phases", 30),
    list("files", "files", usize::MAX),
    list("others", "other features", 10),
];

/// What the items of a list are called.
pub(super) fn noun(field: &str) -> &'static str {
    LISTS.iter().find(|list| list.field == field).map_or("", |list| list.noun)
}

/// The budget holds not even the next task; what would be enough, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSmall(pub usize);

/// The bytes of a token, roughly.
const TOKEN: usize = 4;

impl RecoverView {
    /// What a text shows where nobody counts.
    #[must_use]
    pub fn brief(&self) -> Self {
        self.keep(LISTS.map(|list| list.most)).in_phrases()
    }

    /// As much as fits so many tokens, the most important first. `render` is
    /// how it will be written.
    pub fn within(
        self,
        tokens: usize,
        render: impl Fn(&Self) -> String,
    ) -> Result<String, TooSmall> {
        let view = self.in_phrases();
        let bytes = tokens.saturating_mul(TOKEN);
        let fits = |view: &Self| Some(render(view)).filter(|text| text.len() <= bytes);
        let order = view.order();
        let (mut least, mut most) = (0, order.len());
        while least < most {
            let middle = (least + most).div_ceil(2);
            match fits(&view.keep_first(&order, middle)) {
                Some(_) => least = middle,
                None => most = middle - 1,
            }
        }
        let first = view.keep_first(&order, least);
        let bare = Self { why: None, ..view.keep([0; LISTS.len()]) };
        let barest = Self { what: None, status: None, branch: None, ..bare.clone() };
        let text = [&first, &bare, &barest].into_iter().find_map(fits);
        text.ok_or_else(|| TooSmall(render(&barest).len().div_ceil(TOKEN)))
    }

    /// The view with its texts cut to what a reader needs of them.
    fn in_phrases(mut self) -> Self {
        let paragraphs = [&mut self.what, &mut self.why].into_iter().flatten();
        paragraphs.for_each(|text| cut(text, PARAGRAPH));
        let lists = self.decisions.iter_mut().chain(&mut self.blockers);
        let hints = self.stale.iter_mut().filter_map(|stale| stale.hint.as_mut());
        lists.chain(hints).chain([&mut self.title]).for_each(|text| cut(text, PHRASE));
        let steps = self.open_tasks.iter_mut().chain(&mut self.next_task);
        steps.for_each(|step| cut(&mut step.task.text, PHRASE));
        self.phases.iter_mut().for_each(|phase| cut(&mut phase.title, PHRASE));
        for touch in &mut self.commits {
            cut(&mut touch.commit.summary, PHRASE);
            cut(&mut touch.commit.brief.subject, PHRASE);
        }
        self
    }

    /// Every item as list and place, the most important first.
    fn order(&self) -> Vec<(usize, usize)> {
        let lens = self.lens();
        let items =
            lens.iter().enumerate().flat_map(|(list, &len)| (0..len).map(move |at| (list, at)));
        let mut order: Vec<(usize, usize)> = items.collect();
        order.sort_by_key(|&(list, at)| (at >= FEW, list, at));
        order
    }

    fn keep_first(&self, order: &[(usize, usize)], count: usize) -> Self {
        let mut kept = [0; LISTS.len()];
        order[..count].iter().for_each(|&(list, _)| kept[list] += 1);
        self.keep(kept)
    }

    fn keep(&self, counts: [usize; LISTS.len()]) -> Self {
        let mut view = self.clone();
        let before = self.lens();
        view.stale.truncate(counts[0]);
        view.resume.truncate(counts[1]);
        view.uncommitted.truncate(counts[2]);
        view.blockers.truncate(counts[3]);
        view.open_tasks.truncate(counts[4]);
        view.decisions.truncate(counts[5]);
        view.commits.truncate(counts[6]);
        view.phases.truncate(counts[7]);
        view.files.truncate(counts[8]);
        view.others.truncate(counts[9]);
        for (at, after) in
            view.lens().into_iter().enumerate().filter(|(at, len)| *len < before[*at])
        {
            *view.left_out.entry(LISTS[at].field).or_default() += before[at] - after;
        }
        view
    }

    fn lens(&self) -> [usize; LISTS.len()] {
        [
            self.stale.len(),
            self.resume.len(),
            self.uncommitted.len(),
            self.blockers.len(),
            self.open_tasks.len(),
            self.decisions.len(),
            self.commits.len(),
            self.phases.len(),
            self.files.len(),
            self.others.len(),
        ]
    }

    /// The document that `--json` prints.
    pub fn json(&self) -> String {
        json::text(&json::envelope("recover", self))
    }
}

fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        let end = (0..=most - '…'.len_utf8()).rev().find(|&at| text.is_char_boundary(at));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
}
