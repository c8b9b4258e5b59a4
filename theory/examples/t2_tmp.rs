//! Timing.
use mattis_model::Model;
use mattis_theory::{CapacityRequest, Optimised, capacity};
use std::time::Instant;
fn main() {
    let total = Instant::now();
    for law in ["sparse", "ternary", "quaternary", "exponential"] {
        for c in ["full", "extreme"] {
            for i in 0..50 {
                let f = 0.95 * (i as f64 + 1.0) / 50.0;
                let model = Model {
                    unit: "threshold-linear".parse().unwrap(),
                    patterns: format!("{law}:active-fraction={f}").parse().unwrap(),
                    rule: "covariance".parse().unwrap(),
                    connectivity: c.parse().unwrap(),
                    ..Model::hopfield()
                };
                capacity(
                    &model,
                    &CapacityRequest {
                        temperature: 0.0,
                        optimise: vec![Optimised::Threshold, Optimised::Gain],
                    },
                )
                .unwrap();
            }
        }
    }
    println!("total {:?}", total.elapsed());
}
