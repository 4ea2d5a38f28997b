//! The last paragraph, where every line is `Key: value`.

use super::group;
use super::ids::Ids;
use super::{Form, Hint, Mention, Says, Source};

/// Keys whose value is a task.
const TASK: &[&str] = &["task", "tasks", "subtask", "subtasks"];

/// Keys whose value may be a task as well as an issue.
const REFERS: &[&str] =
    &["closes", "completes", "implements", "part-of", "ref", "references", "refs"];

/// Keys whose value is a feature.
const FEATURE: &[&str] = &["change", "feature", "prd", "spec", "track"];

/// Where the trailers of a body begin; its end where there are none.
pub(super) fn start(body: &str) -> usize {
    let end = body.trim_end().len();
    let mut start = end;
    let (mut is_paragraph, mut is_folded) = (false, false);
    for line in body[..end].split_inclusive('\n').rev() {
        if line.trim().is_empty() {
            is_paragraph = true;
            break;
        }
        is_folded = line.starts_with([' ', '\t']);
        if !is_folded && entry(line).is_none() && !line.starts_with("(cherry picked from") {
            return body.len();
        }
        start -= line.len();
    }
    // A folded line goes on with one before it: a paragraph that begins with
    // one is a commit that `merge --squash` quotes.
    if is_paragraph && !is_folded { start } else { body.len() }
}

/// Splits `Key: value`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (is_key && value.starts_with([' ', '\t'])).then(|| (key, value.trim()))
}

/// Reads one line, which starts at a place of the message.
pub(super) fn read(line: &str, start: usize, ids: Ids<'_>, found: &mut Vec<Mention>) {
    let Some((key, value)) = entry(line) else { return };
    let is = |keys: &[&str]| keys.iter().any(|one| one.eq_ignore_ascii_case(key));
    let span = start..start + line.trim_end().len();
    let mention = |feature, tasks, says| Mention {
        span,
        form: Form::Trailer,
        in_subject: false,
        feature,
        tasks,
        says,
    };
    if is(FEATURE) && is_name(value) {
        found.push(mention(Some(Hint::new(value, Source::Tag)), Vec::new(), Says::Nothing));
    } else if (is(TASK) || is(REFERS))
        && let Some(group) = group::parse(value, is(TASK), ids)
    {
        let closes = is(&["closes", "completes"]) && group.says == Says::Nothing;
        let says = if closes { Says::Complete } else { group.says };
        found.push(mention(group.hint(), group.list.tasks, says));
    }
}

fn is_name(value: &str) -> bool {
    !value.contains(char::is_whitespace) && crate::task::FeatureId::parse(value).is_some()
}

/// The feature that a trailer gives to all mentions of the message.
pub(super) fn feature(found: &[Mention]) -> Option<Hint> {
    let alone = |mention: &&Mention| mention.form == Form::Trailer && mention.tasks.is_empty();
    found.iter().find(alone).and_then(|mention| mention.feature.clone())
}
