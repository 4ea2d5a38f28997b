//! The pure part, with a joiner that takes what agrees.
