//! The blanks of a template: `[Feature Name]`, `PRD-XX`, `{slug}`, dates.
//!
//! Only a blank whose name says what belongs there is filled in, so what is
//! left for people (`[Decision Title]`, `test_[feature].py`) stays. So do the
//! example entries, which go with the first real one, and *Key Files*, since a
//! file that is not there yet is none.

use std::ops::Range;

use super::Names;
use super::slug::words;
use crate::commit::Time;
use crate::doc::Document;
use crate::patch::Patch;
use crate::plan::header::{self, LAST_UPDATED};

/// Header fields that say when the document was made or changed last. The day
/// on which work began is the first commit's.
const MADE: &[&str] = &["created", "date created", "date"];

/// The longest name of a blank, in bytes.
const LONGEST: usize = 32;

/// The template's text with its blanks filled in.
pub(super) fn fill(template: &Document, names: &Names) -> Vec<u8> {
    let mut patch = Patch::default();
    for known in MADE.iter().chain(LAST_UPDATED) {
        date(template, known, names.now, &mut patch);
    }
    plan(template, names, &mut patch);
    let kept = kept(template);
    let title = template.headings().first().map_or(0..0, |heading| heading.span.clone());
    for (span, text) in blanks(template.text(), &title, names) {
        if !kept.iter().any(|kept| kept.contains(&span.start)) {
            // A field that is filled in already refuses it.
            patch.replace(span, text);
        }
    }
    patch.apply(template.bytes())
}

fn kept(template: &Document) -> Vec<Range<usize>> {
    let entries = template.entries().map_or(&[][..], |entries| &entries.list);
    let examples = entries.iter().filter(|entry| entry.placeholder);
    let key_files = template
        .headings()
        .iter()
        .filter(|heading| heading.text.trim().eq_ignore_ascii_case("key files"));
    examples
        .map(|entry| entry.span.clone())
        .chain(key_files.map(|heading| heading.body.clone()))
        .collect()
}

/// Fills a header field in that waits for a date.
fn date(template: &Document, name: &str, now: Time, patch: &mut Patch) {
    let Some(field) = template.field(&[name]) else { return };
    let value = template.slice(&field.value);
    let lower = value.trim_start_matches(['[', '{']).to_lowercase();
    let is_blank = value.starts_with(['[', '{']) && lower.starts_with("date");
    if is_blank || lower.starts_with("yyyy") {
        let with_time = lower.contains("hh") || lower.contains("time");
        header::write(field, patch, field.value.len(), &header::form(now, with_time));
    }
}

/// Names the plan in the header field that asks for it.
fn plan(template: &Document, names: &Names, patch: &mut Patch) {
    let (Some(field), Some(plan)) = (template.field(&["prd"]), &names.plan) else { return };
    let value = template.slice(&field.value);
    let is_blank = value.is_empty()
        || value.contains("XX")
        || value.contains('{')
        || value.starts_with('[') && value.ends_with(']');
    if is_blank {
        header::write(field, patch, field.value.len(), &format!("`{plan}`"));
    }
}

/// Every blank of the text with what belongs there.
fn blanks(text: &str, title: &Range<usize>, names: &Names) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    for (at, open) in text.match_indices(['[', '{']) {
        let close = if open == "[" { ']' } else { '}' };
        let rest = &text[at + 1..];
        let Some(len) = rest.find([close, '[', '{', '\n']).filter(|len| *len <= LONGEST) else {
            continue;
        };
        if !rest[len..].starts_with(close) {
            continue;
        }
        let answer = named(&rest[..len], title.contains(&at), names);
        found.extend(answer.map(|answer| (at..at + len + 2, answer)));
    }
    if let Some(number) = names.number {
        found.extend(numbers(text).map(|span| (span, format!("{number:02}"))));
    }
    found
}

/// What belongs in a blank of this name.
fn named(name: &str, in_title: bool, names: &Names) -> Option<String> {
    let underscored = || names.slug.replace('-', "_");
    let number = || names.number.map(|number| format!("{number:02}"));
    match name {
        "Feature_Name" => Some(words(&names.title).join("_")),
        "feature_name" | "feature_slug" => Some(underscored()),
        "slug" | "feature-slug" | "feature-name" => Some(names.slug.clone()),
        "workspace" => Some(names.folder.clone()),
        "XX" | "NN" | "prd" | "number" => number(),
        _ => match name.to_lowercase().as_str() {
            "feature name" | "feature title" | "name of the feature" => Some(names.title.clone()),
            "feature" | "title" | "name" if in_title => Some(names.title.clone()),
            "prd number" => number(),
            _ => None,
        },
    }
}

/// The `XX` of every `PRD-XX`, `PRD XX` and `PRD_NN`.
fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.match_indices("PRD").filter_map(|(at, word)| {
        let start = at + word.len() + 1;
        let blank = text.get(start..start + 2).filter(|blank| ["XX", "NN"].contains(blank))?;
        let is_joined = text[at + word.len()..].starts_with(['-', ' ', '_']);
        let end = start + blank.len();
        let is_whole = !text[end..].starts_with(|c: char| c.is_alphanumeric());
        (is_joined && is_whole).then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::dialect::FEATURE_FILE;

    fn filled(text: &str) -> String {
        let names = Names {
            title: "Log in [beta]".to_owned(),
            number: Some(7),
            slug: "log-in-beta".to_owned(),
            folder: "specs/active/log-in-beta".to_owned(),
            plan: None,
            now: Time { seconds: 1_767_225_600, offset: 120 },
        };
        let template = Document::read("prd/tasks/TASK_TEMPLATE.md", text.into(), &FEATURE_FILE);
        String::from_utf8(fill(&template, &names)).expect("UTF-8")
    }

    #[test]
    fn blanks_that_say_what_they_are_for_are_filled_in() {
        for (blank, text) in [
            ("# Feature: [Feature Name] (PRD [XX])", "# Feature: Log in [beta] (PRD 07)"),
            ("# {Feature} Tasks", "# Log in [beta] Tasks"),
            ("# T\n\n`feat/{feature_name}` {slug}", "# T\n\n`feat/log_in_beta` log-in-beta"),
            ("# T\n\nPRD-{XX}, [PRD-XX Task N.N]", "# T\n\nPRD-07, [PRD-07 Task N.N]"),
            ("# T\r\n**Created**: [Date]\r\n", "# T\r\n**Created**: 2026-01-01\r\n"),
            (
                "# T\n**Last Updated**: {YYYY-MM-DD HH:MM}",
                "# T\n**Last Updated**: 2026-01-01 02:00",
            ),
            ("# T\n**Last Updated:** [Date/Time - x]", "# T\n**Last Updated:** 2026-01-01 02:00"),
        ] {
            assert_eq!(filled(blank), text);
        }
    }

    #[test]
    fn what_is_left_for_people_stays() {
        for text in [
            "# T\n**Started:** YYYY-MM-DD\n**Estimated Completion:** YYYY-MM-DD\n",
            "# T\n\n1. **[Decision Title]**: [Title], `test_[feature].py`, {Description}\n",
            "# T\n\n- [ ] a\n- [x] b\n- Coverage: XX%, PRD-XXL, [XX\n",
            "# T\n\n## Key Files\n\n- `prd/[XX]_[Feature_Name].md`\n",
            "# T\n\n## Git Commits\n\n- `abc1234` - feat: x [PRD-XX Task 1.1]\n",
            "# T\n**Last Updated:** 2025-01-01\n",
        ] {
            assert_eq!(filled(text), text);
        }
    }
}
