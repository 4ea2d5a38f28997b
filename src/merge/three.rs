//! A value per side, and who changed it.

/// One of the two sides that are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is merged into.
    Ours,
    /// What is merged in.
    Theirs,
}

impl Side {
    /// Both, ours first.
    pub const BOTH: [Self; 2] = [Self::Ours, Self::Theirs];

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Ours => Self::Theirs,
            Self::Theirs => Self::Ours,
        }
    }
}

/// One value for each of base, ours and theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Three<T> {
    /// The last version that both sides share.
    pub base: T,
    /// What is merged into.
    pub ours: T,
    /// What is merged in.
    pub theirs: T,
}

impl<T> Three<T> {
    /// The value of a side.
    pub fn get(&self, side: Side) -> &T {
        match side {
            Side::Ours => &self.ours,
            Side::Theirs => &self.theirs,
        }
    }

    /// All three, base first.
    pub fn each(&self) -> [&T; 3] {
        [&self.base, &self.ours, &self.theirs]
    }

    /// All three to be changed, base first.
    pub fn each_mut(&mut self) -> [&mut T; 3] {
        [&mut self.base, &mut self.ours, &mut self.theirs]
    }

    /// What a function makes of each.
    pub fn map<'a, U>(&'a self, mut make: impl FnMut(&'a T) -> U) -> Three<U> {
        Three { base: make(&self.base), ours: make(&self.ours), theirs: make(&self.theirs) }
    }

    /// The same, of the values themselves.
    pub fn map_into<U>(self, mut make: impl FnMut(T) -> U) -> Three<U> {
        Three { base: make(self.base), ours: make(self.ours), theirs: make(self.theirs) }
    }

    /// What a function makes of each with its counterpart.
    pub fn zip<'a, U, V>(
        &'a self,
        other: &'a Three<U>,
        mut make: impl FnMut(&'a T, &'a U) -> V,
    ) -> Three<V> {
        Three {
            base: make(&self.base, &other.base),
            ours: make(&self.ours, &other.ours),
            theirs: make(&self.theirs, &other.theirs),
        }
    }
}

/// The side whose value stands: the one that changed it, either where both
/// say the same; `None` where both changed it to different values.
pub(super) fn decide<T: PartialEq>(values: &Three<T>) -> Option<Side> {
    if values.ours == values.theirs || values.theirs == values.base {
        Some(Side::Ours)
    } else if values.ours == values.base {
        Some(Side::Theirs)
    } else {
        None
    }
}
