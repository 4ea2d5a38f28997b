//! Parts → lines of a terminal, or markdown.

use super::RecoverView;
use super::parts::{Item, Part, parts};
use crate::report::columns::{WIDTH, cut, width, wrap};
use crate::report::{Ink, Line, shown};

/// The lines for a terminal, at most 80 columns wide where words allow it.
pub fn lines(view: &RecoverView) -> Vec<Line> {
    let head = format!("  {}", cut(&view.title, WIDTH.saturating_sub(width(&view.feature) + 2)));
    let mut lines = vec![Line::new(Ink::Name, &view.feature).plain(&head)];
    let facts = wrap(&facts(view), WIDTH - 2);
    lines.extend(facts.iter().map(|fact| Line::from("  ").add(Ink::Faint, fact)));
    for part in parts(view) {
        lines.push(Line::default());
        lines.push(Line::new(Ink::Name, part.title));
        let hang = if part.items.len() > 1 { "    " } else { "  " };
        lines.extend(part.items.iter().flat_map(|one| item(one, hang)));
    }
    lines
}

/// The lines of one item; those after the first begin with `hang`.
fn item(item: &Item, hang: &str) -> Vec<Line> {
    if item.is_command {
        return vec![Line::from("  ").plain(&item.text)];
    }
    let text = wrap(&item.text.replace("**", ""), WIDTH - 4);
    let indent = |at: usize| if at == 0 { "  " } else { hang };
    let mut lines: Vec<Line> = text
        .iter()
        .enumerate()
        .map(|(at, text)| Line::from(indent(at)).add(item.ink, text))
        .collect();
    let is_short = text.len() == 1 && width(&text[0]) + width(&item.aside) + 4 <= WIDTH;
    match lines.pop() {
        Some(last) if is_short && !item.aside.is_empty() => {
            lines.push(last.plain("  ").add(Ink::Faint, &item.aside));
        }
        last => {
            lines.extend(last);
            let aside = wrap(&item.aside, WIDTH - 4);
            lines.extend(aside.iter().map(|aside| Line::from("    ").add(Ink::Faint, aside)));
        }
    }
    lines
}

/// Where the feature stands, in a line.
fn facts(view: &RecoverView) -> String {
    let branch = view.branch.iter().map(|branch| format!("on branch {branch}"));
    let count = format!("{}/{} done ({}%)", view.done, view.total, view.percent);
    let status = view.status.clone();
    let phase = view.phase.clone();
    let facts =
        std::iter::once(view.path.clone()).chain(branch).chain([count]).chain(status).chain(phase);
    facts.collect::<Vec<_>>().join(", ")
}

/// The same for an agent.
pub fn markdown(view: &RecoverView) -> String {
    let mut text =
        format!("# {}: {}\n\n{}\n", view.feature, plain(&view.title), plain(&facts(view)));
    for part in parts(view) {
        text += &format!("\n## {}\n\n", part.title);
        text += &body(&part);
    }
    text
}

fn body(part: &Part) -> String {
    if part.items.iter().all(|item| item.is_command) {
        let commands: Vec<String> = part.items.iter().map(|item| plain(&item.text)).collect();
        return format!("```sh\n{}\n```\n", commands.join("\n"));
    }
    let line = |item: &Item| match item.aside.as_str() {
        "" => format!("- {}\n", plain(&item.text)),
        aside => format!("- {} ({})\n", plain(&item.text), plain(aside)),
    };
    part.items.iter().map(line).collect()
}

/// One line in which nothing can act on a terminal or open a block of code.
fn plain(text: &str) -> String {
    shown(text).replace("```", "'''").replace("~~~", "'''")
}

/// The lines as one text without colour.
pub fn plain_text(view: &RecoverView) -> String {
    lines(view).iter().map(|line| line.render(false) + "\n").collect()
}
