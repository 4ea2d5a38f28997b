//! Header fields that follow from commits or count.

use std::cmp::Ordering;

use super::{Side, Three, three};
use crate::doc::Document;
use crate::doc::field::Field;
use crate::patch::Patch;
use crate::plan::header;

const STATUS: &[&str] = &["status"];

/// Gives these fields the same value in all documents, unless people disagree.
pub(super) fn write(documents: &Three<Document>, patches: &mut Three<Patch>) {
    type Rule = fn(&Three<Option<&str>>) -> Option<String>;
    let rules: [(&[&str], Rule); 3] = [
        (header::LAST_UPDATED, |values| stamp(values, Ordering::Greater)),
        (header::STARTED, |values| stamp(values, Ordering::Less)),
        (STATUS, status),
    ];
    for (names, rule) in rules {
        let values = documents.map(|document| document.value(names));
        if let Some(value) = rule(&values) {
            put(documents, names, &value, patches);
        }
    }
}

/// Writes a value where a document has the field.
pub(super) fn put(
    documents: &Three<Document>,
    names: &[&str],
    value: &str,
    patches: &mut Three<Patch>,
) {
    let is_text = |document: &Document, field: &Field| {
        std::str::from_utf8(&document.bytes()[field.value.clone()]).is_ok()
    };
    for (document, patch) in documents.each().into_iter().zip(patches.each_mut()) {
        let field = document.field(names).filter(|field| is_text(document, field));
        if let Some(field) = field.filter(|field| document.slice(&field.value) != value) {
            header::write(field, patch, field.value.len(), value);
        }
    }
}

/// The value of the side whose time compares as asked; one that holds no time
/// yet gives way.
fn stamp(values: &Three<Option<&str>>, wanted: Ordering) -> Option<String> {
    let (ours, theirs) = (values.ours?, values.theirs?);
    let side = match (time(ours), time(theirs)) {
        (Some(one), Some(other)) => match one.cmp(&other) {
            Ordering::Equal => three::decide(values)?,
            order if order == wanted => Side::Ours,
            _ => Side::Theirs,
        },
        _ => three::decide(values)?,
    };
    values.get(side).map(str::to_owned)
}

/// The time that a value begins with, in a form that compares.
pub(super) fn time(value: &str) -> Option<String> {
    let digit_or = |c: char| if c.is_ascii_digit() { '0' } else { c };
    let shape: String = value.chars().take(16).map(digit_or).collect();
    let len = match shape.as_str() {
        "0000-00-00 00:00" | "0000-00-00T00:00" => 16,
        _ if shape.starts_with("0000-00-00") => 10,
        _ => return None,
    };
    Some(value[..len].replace('T', " "))
}

/// What people say wins over what follows from the boxes; the latter is worked
/// out again on the merged boxes.
fn status(values: &Three<Option<&str>>) -> Option<String> {
    let (ours, theirs) = (values.ours?, values.theirs?);
    if let Some(side) = three::decide(values) {
        return values.get(side).map(str::to_owned);
    }
    match (follows(ours), follows(theirs)) {
        (true, false) => Some(theirs.to_owned()),
        (false, true) => Some(ours.to_owned()),
        // Both go on from here; the further one, whichever side has it.
        (true, true) => Some(ours.min(theirs).to_owned()),
        (false, false) => None,
    }
}

fn follows(status: &str) -> bool {
    ["in progress", "completed"].iter().any(|known| status.eq_ignore_ascii_case(known))
}
