//! Mattis.
