//! A unit of one's own, outside the crate: solved, simulated and compared like any other.

use std::sync::Arc;

use mattis::model::Alphabet;
use mattis::prelude::*;

/// Five levels, s ∈ {−1, −½, 0, ½, 1}, with V(s) = D s².
#[derive(Debug)]
struct FiveLevels {
    d: f64,
}

impl UnitLaw for FiveLevels {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Levels(&[-1.0, -0.5, 0.0, 0.5, 1.0])
    }

    fn potential(&self, s: f64) -> f64 {
        self.d * s * s
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let unit = Unit::custom("five-levels", &[("d", 0.1)], Arc::new(FiveLevels { d: 0.1 }));
    let model = Model::hopfield().with_unit(unit);
    let measured = Simulation::new(&model)
        .at(Control::new(0.01, 0.2))
        .sizes([500, 1000])
        .samples(16)
        .sweeps(30)
        .burn_in(30)
        .run()?;
    let predicted = predict(&model, &measured, Guess::Retrieval)?;
    print!("{}", compare(&predicted, &measured, &CompareOptions { resolution: 0.05, ..Default::default() })?);
    Ok(())
}
