//! ±1 units with condensed memories at T > 0, in the two unknowns that are left.
//!
//! Γ does not act on ±1 units, χ is an average like the overlap, and R′(x; α) = B(x) + αA(x) is linear in the load,
//! so that with s = √Δ
//!
//! G(m, s) = E\[z_n tanh\]/n − m = 0,  α(m, s) = (Δ − Bq)/(Aq),  B and A at χ(m, s)
//!
//! say the same as the equations of [`Sequential`](crate::closure::Sequential). At one temperature a branch is the curve
//! G = 0 in a plane, on which the load is a function: folds in α are ordinary points of it.

mod curve;
mod equations;
mod fold;
mod row;
#[cfg(test)]
mod tests;

pub(crate) use equations::Spins;
pub(crate) use row::Sheet;
