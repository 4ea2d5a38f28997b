//! Arrows point down, and a dependency is named in its place alone
//! (`docs/design.md`).
