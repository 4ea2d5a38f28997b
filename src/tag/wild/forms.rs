//! The ways to write a mention, by name, and sets of them.

/// A way to name tasks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `[PRD-016/US-2]`, `[Task 1.2]`, `[T013]`.
    Bracket,
    /// `(Task 2.4)`, `(T031-T034a)`, at the end of a subject or alone.
    Parenthesis,
    /// `feat(WP04): …`; `feat(004-events): …` and `004: …` name the feature
    /// alone.
    Scope,
    /// `Task 1.2: …`, `Tasks 3+4.1 Complete: …`, `feat: complete task 14 - …`.
    Title,
    /// `T013: …`, `BACK-12 - …`, `feat: T013 …`, `013 (T030): …`.
    Lead,
    /// `… T013`, `… - task 5.5`.
    Tail,
    /// `Task: 1.2`, `Refs: PRD-07 Task 1.2`.
    Trailer,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 7] = [
        Self::Bracket,
        Self::Parenthesis,
        Self::Scope,
        Self::Title,
        Self::Lead,
        Self::Tail,
        Self::Trailer,
    ];

    /// Its name in configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bracket => "bracket",
            Self::Parenthesis => "parenthesis",
            Self::Scope => "scope",
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Tail => "tail",
            Self::Trailer => "trailer",
        }
    }

    /// The form of a name; `None` if none is called so.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// A set of forms: those that count in a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Forms(u8);

impl Forms {
    /// No form: only the native tag counts.
    pub const NONE: Self = Self(0);
    /// Every form.
    pub const ALL: Self = Self((1 << Form::ALL.len()) - 1);

    /// A set of these forms, for tables of dialects.
    pub const fn of(forms: &[Form]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < forms.len() {
            bits |= 1 << forms[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// Whether a form is among them.
    pub fn contains(self, form: Form) -> bool {
        self.0 & (1 << form as u8) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// The forms of this set and of another.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Form> for Forms {
    fn from_iter<I: IntoIterator<Item = Form>>(forms: I) -> Self {
        forms.into_iter().fold(Self::NONE, |set, form| set.union(Self::of(&[form])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_known_by_its_name() {
        for form in Form::ALL {
            assert_eq!(Form::parse(form.name()), Some(form));
            assert!(Forms::ALL.contains(form) && !Forms::NONE.contains(form));
        }
        assert_eq!(Form::parse("Scope"), None);
        let some: Forms = [Form::Scope, Form::Tail].into_iter().collect();
        assert_eq!(some, Forms::of(&[Form::Tail, Form::Scope]));
        assert!(some.contains(Form::Tail) && !some.contains(Form::Lead));
    }
}
