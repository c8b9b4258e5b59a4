//! Exact results for finite systems.
