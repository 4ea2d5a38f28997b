//! Real git, real hooks, in throwaway repositories.
