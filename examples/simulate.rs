//! Monte Carlo at two loads and two sizes, with errors.

use mattis::output::number::with_error;
use mattis::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let measured = Simulation::new(&Model::hopfield())
        .controls([Control::new(0.02, 0.3), Control::new(0.05, 0.3)])
        .sizes([500, 1000])
        .samples(8)
        .sweeps(40)
        .burn_in(20)
        .seed(1)
        .run()?;
    for point in &measured.points {
        let m = point.observable("m").ok_or("the model has memories")?;
        println!("N = {}, p = {}: m = {}", point.neurons, point.p, with_error(m.value, m.error));
    }
    Ok(())
}
