//! Which couplings, of every order, do hidden units induce between the visible ones?
//!
//! ```sh
//! cargo run --release --example interactions
//! ```

use mattis::model::{Encoding, Machine};
use mattis::theory::exact::MachineLaw;
use mattis::theory::interactions::{RandomWeights, coupling, couplings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Four visible and two hidden 0/1 units: all 16 couplings, for visible values 0/1 and ±1.
    let weights = vec![vec![1.2, -0.4], vec![0.7, 0.9], vec![-0.5, 1.1], vec![0.3, -0.8]];
    for encoding in Encoding::ALL {
        let machine = Machine::new("step".parse()?, encoding, weights.clone())?;
        let all = couplings(&machine)?;
        println!("{encoding}: J_01 = {:+.6}, ln Z = {:.6}", all.at(&[0, 1]).unwrap_or(0.0), all.log_z());
        for order in all.orders() {
            println!("  order {}: rms {:.6} of {}", order.order, order.rms, order.count);
        }
    }

    // One coupling of five sites of a thousand, with Poisson hidden units: Σ_μ Π (e^{W_iμ} − 1).
    let rows: Vec<Vec<f64>> = (0..1000_u32).map(|i| vec![0.3 * f64::from(i).sin(), 0.1]).collect();
    let large = Machine::new("poisson".parse()?, Encoding::ZeroOne, rows.clone())?;
    let sites = [3, 141, 592, 653, 999];
    let one = coupling(&large, &sites)?;
    let product = |column: usize| sites.iter().map(|i| rows[*i][column].exp_m1()).product::<f64>();
    println!("J of {sites:?} = {:+.6e}", one.value);
    assert!((one.value - product(0) - product(1)).abs() <= 1e-12 * one.value.abs());

    // Mean and size of the couplings of ReLU units with standard normal weights, by order.
    let random = RandomWeights {
        unit: "relu".parse()?,
        encoding: Encoding::ZeroOne,
        visible: 12,
        hidden: 1,
        mean: 0.0,
        sigma: 1.0,
        bias: 0.0,
    };
    for order in 1..=4 {
        let moments = random.moments(order)?;
        println!("order {order}: E J = {:+.6}, √E J² = {:.6}", moments.mean, moments.rms);
    }

    // The exact gradient of the mean ln P of three data vectors: a reference for algorithms that learn.
    let machine = Machine::new("step".parse()?, Encoding::ZeroOne, weights)?;
    let law = MachineLaw::new(&machine)?;
    let data = [[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]].map(Vec::from);
    let gradient = law.gradient(&data)?;
    let cd = law.contrastive_divergence(&data, 1)?;
    println!("∂⟨ln P⟩/∂W_00 = {:+.6}, CD-1 expects {:+.6}", gradient.weights[0][0], cd.weights[0][0]);
    Ok(())
}
