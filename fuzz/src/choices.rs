//! Decisions that an input makes.

/// How many bytes at the start of an input decide; the text follows.
pub const COUNT: usize = 40;

/// Bytes that decide, one after the other; behind the last of them all are
/// zero.
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Takes the decisions off an input; what remains is text.
    pub fn split(input: &'a [u8]) -> (Self, &'a [u8]) {
        let (choices, text) = input.split_at(input.len().min(COUNT));
        (Self(choices), text)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % bound.max(1)
    }

    /// One of several.
    pub fn of<T: Copy>(&mut self, several: &[T]) -> T {
        several[self.below(several.len())]
    }
}
