//! Couplings of machines with hidden units against enumeration, closed forms and second methods.

mod ensemble;
mod expansion;
mod large;
mod law;
mod scan;
mod small;
mod units;
