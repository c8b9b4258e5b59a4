//! Phase boundaries, drawn.

use mattis::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let phases = phase_diagram(&Model::hopfield(), &PhaseRequest::default())?;
    for point in &phases.special {
        println!("{}: α = {:.9}, T = {:.6}", point.name, point.alpha, point.temperature);
    }
    let svg = recipes::phase_diagram(&phases, None).to_svg()?;
    println!("the figure has {} bytes of SVG", svg.len());
    Ok(())
}
