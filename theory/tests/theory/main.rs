//! The theory against cited values, second methods and its own derivatives.

mod averages;
mod branches;
mod free_energy;
mod identities;
mod jacobians;
mod reference;
mod second_method;
mod support;
