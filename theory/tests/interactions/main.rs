//! Couplings of machines with hidden units against enumeration, closed forms and second methods.

mod ensemble;
mod expansion;
mod kernels;
mod large;
mod law;
mod scan;
mod small;
mod units;
