//! Theory and simulation of one model, side by side.

use mattis::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = Model::hopfield();
    let measured = Simulation::new(&model)
        .at(Control::new(0.05, 0.3))
        .sizes([500, 1000, 2000])
        .samples(16)
        .sweeps(20)
        .burn_in(20)
        .run()?;
    let predicted = predict(&model, &measured, Guess::Retrieval)?;
    let comparison =
        compare(&predicted, &measured, &CompareOptions { resolution: 0.02, ..Default::default() })?;
    print!("{comparison}");
    Ok(())
}
