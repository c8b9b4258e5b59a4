//! The specification: properties of every registered unit, round trips, messages.

mod continuous;
mod files;
mod parts;
mod two_layers;
mod units;
