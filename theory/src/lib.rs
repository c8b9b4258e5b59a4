//! Solves a model: closures, Newton, branches, stability, phase diagrams, and exact enumeration.

pub mod exact;
