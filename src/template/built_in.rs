//! Our own templates.

/// A feature file.
pub const FEATURE: &str = include_str!("built_in/feature.md");

/// The tasks of a workspace.
pub const TASKS: &str = include_str!("built_in/tasks.md");

/// The files of a workspace, by their names.
pub const WORKSPACE: [(&str, &str); 3] = [
    ("prd.md", include_str!("built_in/prd.md")),
    ("tasks.md", TASKS),
    ("recovery.md", include_str!("built_in/recovery.md")),
];
