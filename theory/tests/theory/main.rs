//! The theory against cited values, second methods and its own derivatives.

mod averages;
#[cfg(test)]
mod debug;
mod branches;
mod free_energy;
mod identities;
mod jacobians;
mod reference;
mod second_method;
mod support;
