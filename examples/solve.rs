//! All mean-field states of the Hopfield model at one point, and one of them by name.

use mattis::prelude::*;
use mattis::theory::predict;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = Model::hopfield();
    let control = Control::new(0.05, 0.3);
    for state in states(&model, control)? {
        println!("{:?}: m = {:?}, q = {:.6}, f = {:?}", state.kind, state.m, state.q, state.free_energy);
    }
    let retrieval = predict(&model, control, Guess::Retrieval)?;
    println!("a run started at a memory should show m = {:.6}", retrieval.m[0]);
    Ok(())
}
