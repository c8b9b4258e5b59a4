//! How much do memories with a measured distribution of firing rates let a network store?
//!
//! ```sh
//! cargo run --release --example capacity
//! ```

use mattis::prelude::*;
use mattis::theory::{CapacityRequest, Optimised, capacity};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Rates 0, 1, 2, 5 in 62, 19, 13 and 6 of 100 cells; J_ij = Σ (ξ_i − a)(ξ_j − a)/(N ⟨(ξ − a)²⟩).
    let full = Model {
        unit: "threshold-linear".parse()?,
        patterns: "histogram:values=0/1/2/5:weights=62/19/13/6".parse()?,
        rule: "covariance:normalised=true".parse()?,
        // Inhibition that follows the mean activity holds the threshold where it is best.
        field: "inhibition".parse()?,
        ..Model::default()
    };
    let diluted = Model { connectivity: "extreme".parse()?, ..full.clone() };
    let request = CapacityRequest { temperature: 0.0, optimise: vec![Optimised::Threshold, Optimised::Gain] };
    for model in [full, diluted] {
        let point = capacity(&model, &request)?;
        println!(
            "{:<20} α_c = {:.6}, active fraction {:.3} stored, {:.3} retrieved",
            point.connectivity,
            point.alpha_c,
            point.active_fraction.unwrap_or(f64::NAN),
            point.retrieved_activity.unwrap_or(f64::NAN)
        );
        assert!(point.alpha_c > 0.1);
    }
    Ok(())
}
