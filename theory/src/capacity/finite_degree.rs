//! A finite number of inputs: where the slope of the overlap map at m = 0 is 1, between two whole numbers of memories.

use mattis_model::Model;
use mattis_model::record::Optimum;

use super::Found;
use crate::TheoryError;
use crate::overlap_map::{Poisson, treats};

/// The load p/c, p interpolated linearly in the slope between the largest p whose slope exceeds 1 and the next.
/// p itself is whole: the largest load that retrieves is the whole number below.
pub(super) fn largest(model: &Model, degree: f64, temperature: f64) -> Result<Option<Found>, TheoryError> {
    treats(model)?;
    let slope = |count: usize| Ok::<f64, TheoryError>(Poisson::new(degree, count, temperature)?.at(0.0).1);
    // No finite number of inputs retrieves beyond 2/π, but for the one memory that p ≥ 1 leaves.
    let mut count = degree.mul_add(std::f64::consts::FRAC_2_PI, 4.0) as usize;
    let mut above = slope(count)?;
    while count > 1 {
        let here = slope(count - 1)?;
        count -= 1;
        if here > 1.0 {
            let whole = count as f64 + (here - 1.0) / (here - above);
            return Ok(Some(Found {
                alpha: whole / degree,
                m: Some(0.0),
                chi: None,
                optimum: Optimum::default(),
                activity: None,
                sparseness: None,
                correlation: None,
                information: None,
                pattern: None,
            }));
        }
        above = here;
    }
    Ok(None)
}
