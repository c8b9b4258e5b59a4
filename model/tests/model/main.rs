//! The specification: properties of every registered unit, round trips, messages.

mod files;
mod parts;
mod units;
