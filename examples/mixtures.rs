//! A finite number of memories: all states of five, the temperature where the 3-mixture loses its stability.

use mattis::prelude::*;
use mattis::theory::FinitePatterns;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let theory = FinitePatterns::new(&Model::hopfield(), 5)?;
    let record = theory.mixtures(0.3)?;
    for state in record.states.iter().filter(|state| state.stable) {
        let m = state.m.iter().map(|m| format!("{m:.6}")).collect::<Vec<_>>().join(" ");
        println!("({m})  f = {:.9}", state.free_energy.ok_or("Ising units have a free energy")?);
    }
    let threshold = theory.threshold(3).ok_or("odd mixtures have a threshold")?;
    println!("T_3 = {threshold:.12}");
    assert_eq!(record.census.critical_points, Some(3043));
    Ok(())
}
