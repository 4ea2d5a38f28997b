//! Every word that is printed, and the status a program ends with.
//!
//! What is deliberately absent elsewhere: nothing but this module names stdout
//! or stderr. A write that fails never panics: talk is dropped, and data that
//! nobody reads any more (`| head`) ends quietly.

mod color;
pub mod columns;
pub mod commits;
mod escape;
mod failure;
pub mod features;
mod json;
mod line;
mod pager;
pub mod past;
pub mod problems;
mod progress;
pub mod recorded;
pub mod recover;
pub mod tasks;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use serde::Serialize;

pub use color::When;
pub use escape::shown;
pub use failure::{Exit, Failure};
pub use line::{Ink, Line};
pub use progress::Progress;

use pager::Pager;

/// What the command line says about output.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `--color[=WHEN]`; `None` leaves it to the environment and `color.ui`.
    pub color: Option<When>,
    /// `--json`: data as one JSON document.
    pub json: bool,
    /// `--no-pager`.
    pub no_pager: bool,
    /// `-q`: only errors and what was asked for.
    pub quiet: bool,
    /// `-v`: more talk.
    pub verbose: bool,
}

/// The one way to say anything, made once per program.
pub struct Ui {
    settings: Settings,
    core_pager: Option<String>,
    out_color: bool,
    err_color: bool,
    out: Out,
    lost: Option<io::Error>,
}

/// Where data goes.
enum Out {
    Stdout(BufWriter<io::Stdout>),
    Pager(Pager),
}

impl Ui {
    /// Decides on colour from the flags, the environment and the terminals.
    pub fn new(settings: Settings) -> Self {
        let mut ui = Self {
            settings,
            core_pager: None,
            out_color: false,
            err_color: false,
            out: Out::Stdout(BufWriter::new(io::stdout())),
            lost: None,
        };
        ui.configure(None, None);
        ui
    }

    /// Takes git's `color.ui` and `core.pager` into account, once the
    /// repository's configuration is known.
    pub fn configure(&mut self, color_ui: Option<&str>, core_pager: Option<&str>) {
        let when = color::choose(self.settings.color, color_ui);
        self.out_color = color::wanted(when, io::stdout().is_terminal());
        self.err_color = color::wanted(when, io::stderr().is_terminal());
        self.core_pager = core_pager.map(str::to_owned);
    }

    /// Makes data and failures JSON from here on, as `--json` does.
    pub fn turn_to_json(&mut self) {
        self.settings.json = true;
    }

    /// Whether data is wanted as JSON.
    pub fn is_json(&self) -> bool {
        self.settings.json
    }

    /// Whether `-q` was given.
    pub fn is_quiet(&self) -> bool {
        self.settings.quiet
    }

    /// Whether `-v` was given.
    pub fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Sends what follows on stdout through the user's pager, as git would: on
    /// a terminal only, and not for JSON.
    pub fn page(&mut self) {
        if self.settings.no_pager || self.settings.json || !io::stdout().is_terminal() {
            return;
        }
        if let Some(pager) = Pager::start(self.core_pager.as_deref()) {
            self.out = Out::Pager(pager);
        }
    }

    /// Writes one line of data.
    pub fn line(&mut self, line: impl Into<Line>) {
        self.record(line, false);
    }

    /// Writes one record of data, ended by NUL where scripts want that.
    pub fn record(&mut self, line: impl Into<Line>, nul: bool) {
        let text = line.into().render(self.out_color);
        self.raw(text.as_bytes());
        self.raw(if nul { b"\0" } else { b"\n" });
    }

    /// Writes data as it is: a generated file, records that NUL ends.
    pub fn raw(&mut self, bytes: &[u8]) {
        if self.lost.is_some() {
            return;
        }
        let written = match &mut self.out {
            Out::Stdout(out) => out.write_all(bytes),
            Out::Pager(pager) => pager.write_all(bytes),
        };
        self.lost = written.err();
    }

    /// Whether data could not be written: no more of it is.
    pub fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// Writes the JSON document of a command: `fields` beside its schema.
    pub fn json(&mut self, command: &str, fields: &impl Serialize) {
        self.foreign_json(&json::envelope(command, fields));
    }

    /// Writes a JSON document of somebody else's schema.
    pub fn foreign_json(&mut self, document: &impl Serialize) {
        if self.lost.is_some() {
            return;
        }
        let written = match &mut self.out {
            Out::Stdout(out) => json::write(out, document),
            Out::Pager(pager) => json::write(pager, document),
        };
        self.lost = written.err();
    }

    /// Says on stderr what was done; `-q` silences it.
    pub fn note(&mut self, line: impl Into<Line>) {
        if !self.settings.quiet {
            self.talk(Line::default(), &line.into());
        }
    }

    /// Says on stderr what was found wrong.
    pub fn error(&mut self, line: impl Into<Line>) {
        self.talk(Line::new(Ink::Bad, "error: "), &line.into());
    }

    /// Says on stderr what deserves a look; `-q` silences it.
    pub fn warning(&mut self, line: impl Into<Line>) {
        if !self.settings.quiet {
            self.talk(Line::new(Ink::Warn, "warning: "), &line.into());
        }
    }

    /// Says on stderr what to do next, each line with git's prefix.
    pub fn hint(&mut self, text: &str) {
        if !self.settings.quiet {
            text.lines().for_each(|line| self.talk(Line::new(Ink::Hint, "hint: "), &line.into()));
        }
    }

    /// Writes text for people on stderr as it is, such as a usage message.
    pub fn raw_talk(&mut self, text: &str) {
        self.flush();
        // A closed or full stderr must not stop the work: the words are lost.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Tells of a failure, in JSON too where JSON was asked for, and answers
    /// the status to end with.
    pub fn fail(&mut self, failure: &Failure) -> Exit {
        if self.settings.json {
            let text = json::failure(failure);
            self.raw(text.as_bytes());
        }
        let word = if failure.exit == Exit::Fatal { "fatal: " } else { "error: " };
        self.talk(Line::new(Ink::Bad, word), &failure.message.as_str().into());
        failure.hint.iter().for_each(|hint| self.hint(hint));
        failure.exit
    }

    /// Ends all output: the status given, or a fatal one if data was lost.
    pub fn finish(mut self, exit: Exit) -> Exit {
        self.flush();
        if let Out::Pager(pager) = std::mem::replace(&mut self.out, stdout()) {
            pager.finish();
        }
        match self.lost.take() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.fail(&Failure::new("output", format!("cannot write to stdout: {error}")))
            }
            _ => exit,
        }
    }

    /// Whether stderr is shown in colour.
    pub fn colors_talk(&self) -> bool {
        self.err_color
    }

    /// Whether stdout is shown in colour.
    pub fn colors_data(&self) -> bool {
        self.out_color
    }

    fn talk(&mut self, prefix: Line, line: &Line) {
        let text = prefix.render(self.err_color) + &line.render(self.err_color) + "\n";
        self.raw_talk(&text);
    }

    /// Keeps data and talk in the order they were said.
    fn flush(&mut self) {
        let flushed = match &mut self.out {
            Out::Stdout(out) => out.flush(),
            Out::Pager(pager) => pager.flush(),
        };
        self.lost = self.lost.take().or(flushed.err());
    }
}

fn stdout() -> Out {
    Out::Stdout(BufWriter::new(io::stdout()))
}
