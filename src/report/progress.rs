//! One line on a terminal that says how far a long walk has come.

use std::io::{self, IsTerminal, Write};

use super::Ui;

/// The line, which is taken away in the end.
#[derive(Debug)]
pub struct Progress {
    is_shown: bool,
}

impl Ui {
    /// A line for a person who watches stderr; `None` where nobody does, or
    /// `-q` asks for silence.
    pub fn progress(&self) -> Option<Progress> {
        let is_watched = !self.is_quiet() && io::stderr().is_terminal();
        is_watched.then_some(Progress { is_shown: false })
    }
}

impl Progress {
    /// Shows how many commits have been met, in place of what was shown.
    pub fn show(&mut self, commits: u64) {
        self.say(&format!("reading history: {} commits", grouped(commits)));
    }

    /// Shows how many of those commits have been judged.
    pub fn show_part(&mut self, done: u64, all: u64) {
        self.say(&format!("judging commits: {} of {}", grouped(done), grouped(all)));
    }

    fn say(&mut self, text: &str) {
        self.is_shown = true;
        write(&format!("\r{text}\x1b[K"));
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            write("\r\x1b[K");
        }
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// A closed stderr must not stop the work.
fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_can_be_read_at_a_glance() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_048_576), "1,048,576");
    }
}
