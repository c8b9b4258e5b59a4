//! The specification: properties of every registered unit, round trips, messages.

mod parts;
mod units;
