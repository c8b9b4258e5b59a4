//! The theory against cited values, second methods and its own derivatives.

mod averages;
mod branches;
mod capacity;
mod exact_lattices;
mod exact_models;
mod exact_networks;
mod finite;
mod finite_degenerate;
mod finite_identities;
mod finite_parallel;
mod finite_second_method;
mod free_energy;
mod graded_load;
mod grid;
mod identities;
mod jacobians;
mod overlap_map;
mod potts;
mod reference;
mod second_method;
mod support;
mod three_level;
mod threshold_linear;
mod two_layers;
