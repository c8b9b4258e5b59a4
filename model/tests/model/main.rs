//! The specification: properties of every registered unit, round trips, messages.

mod continuous;
mod cumulants;
mod files;
mod machine;
mod parts;
mod two_layers;
mod units;
