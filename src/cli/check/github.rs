//! Problems as the workflow commands that GitHub makes annotations of.

use crate::problem::{Problem, Severity};
use crate::report::Ui;

pub(super) fn show(problems: &[Problem], ui: &mut Ui) {
    problems.iter().for_each(|problem| ui.line(command(problem)));
}

/// `::error file=prd/tasks/07_login.md,line=12,title=unknown-task::message`
fn command(problem: &Problem) -> String {
    let name = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = problem.path.as_ref().map(|path| format!("file={}", property(path)));
    let line = problem.line.map(|line| format!("line={line}"));
    let title = Some(format!("title={}", property(problem.code)));
    let properties: Vec<String> = [file, line, title].into_iter().flatten().collect();
    let commit = problem.oid.filter(|_| problem.path.is_none());
    let mut message = commit.map_or_else(String::new, |oid| format!("{}: ", oid.abbrev(7)));
    message.push_str(&problem.message);
    problem.hint.iter().for_each(|hint| message.push_str(&format!("\nhint: {hint}")));
    format!("::{name} {}::{}", properties.join(","), data(&message))
}

/// A command's text on one line, as `@actions/core` escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The same for a value among others.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_line_and_ends_where_it_should() {
        let problem = Problem::new("x", Severity::Note, "50% of\n::error::a").hint("a\nb");
        let problem = problem.at("a,b:c%.md", Some(3));
        assert_eq!(
            command(&problem),
            "::notice file=a%2Cb%3Ac%25.md,line=3,title=x::\
             50%25 of%0A::error::a%0Ahint: a%0Ab"
        );
    }
}
