//! Mattis.
fn main() {}
