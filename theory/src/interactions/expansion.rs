//! Couplings as a series in the weights, with a bound of what is left out.

use mattis_model::{Encoding, Machine, SpecError};

use super::{checked_sites, scalar_units};
use crate::TheoryError;

/// Highest order of the series.
pub const MAX_EXPANSION: usize = 28;

/// Intervals on which a supremum is looked for.
const GRID: usize = 128;

/// A coupling through some order of the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expansion {
    /// Σ_j κ_j \[x^j\] … through that order, b_i included where S = {i}.
    pub value: f64,
    /// Bound of |J_S − value|: Lagrange's remainder of each hidden unit.
    pub remainder: f64,
}

/// J_S through the order `through` of the weights, with the cumulants κ_j = K^{(j)}(c_μ):
///
/// * 0/1: Σ_μ Σ_j κ_j \[x^j\] Π_{i∈S} (e^{W_iμ x} − 1) = Σ_μ ΠW (κ_k + ½κ_{k+1} ΣW + …);
/// * ±1: Σ_μ Σ_j κ_j \[x^j\] Π_{i∈S} sinh(W_iμ x) Π_{i∉S} cosh(W_iμ x)
///   = Σ_μ ΠW (κ_k + κ_{k+2} (Σ_{i∈S} W²/6 + Σ_{i∉S} W²/2) + …).
///
/// What is left out of one unit is at most sup|K^{(n+1)}| \[x^{n+1}\] Π(e^{|W|x} − 1) over the fields that S
/// can make, and in ±1, where only every other order occurs, sup|K^{(n+2)}| \[x^{n+2}\] Π sinh|W|x Π cosh Wx
/// over all fields with n the last order that occurs. The supremum is that of a grid and half a step of the
/// derivative. Gaussian units are exact at order 2; for a unit with κ_n ~ n!/ρⁿ the series converges where the
/// fields stay within ρ of c.
///
/// # Errors
/// If a site does not exist or comes twice, the order is above [`MAX_EXPANSION`], or the hidden unit has a
/// field for each of its states.
pub fn expansion(machine: &Machine, sites: &[usize], through: usize) -> Result<Expansion, TheoryError> {
    let sites = checked_sites(machine, sites)?;
    scalar_units(machine, "the expansion")?;
    if through > MAX_EXPANSION {
        let expected = format!("at most {MAX_EXPANSION}");
        return Err(SpecError::out_of_range("order of the expansion", through, expected).into());
    }
    let mut found = Expansion { value: 0.0, remainder: 0.0 };
    for (column, bias) in machine.hidden_bias.iter().enumerate() {
        let weights: Vec<f64> = machine.weights.iter().map(|row| row[column]).collect();
        let part = match machine.encoding {
            Encoding::ZeroOne => {
                let inside: Vec<f64> = sites.iter().map(|i| weights[*i]).collect();
                let reach = inside.iter().fold((*bias, *bias), |(a, b), w| (a + w.min(0.0), b + w.max(0.0)));
                one_unit(machine, *bias, through, sites.len().max(through + 1), reach, |sign| {
                    let factors = inside.iter().map(|w| exponential(if sign { *w } else { w.abs() }));
                    product(factors)
                })
            }
            Encoding::PlusMinus => {
                let last = if through % 2 == sites.len() % 2 { through } else { through.saturating_sub(1) };
                let next = if through < sites.len() { sites.len() } else { last + 2 };
                one_unit(machine, *bias, last, next, machine.reach(column), |sign| {
                    let factor = |(i, w): (usize, &f64)| {
                        hyperbolic(if sign { *w } else { w.abs() }, sites.contains(&i))
                    };
                    product(weights.iter().enumerate().map(factor))
                })
            }
        };
        found.value += part.value;
        found.remainder += part.remainder;
    }
    if let [site] = sites[..] {
        found.value += machine.visible_bias[site];
    }
    Ok(found)
}

/// Coefficients x⁰ … of a factor or product.
type Series = [f64; MAX_EXPANSION + 3];

/// The sum through `last` and the bound of order `next`, with the coefficients of the product for signed
/// weights and for their absolute values.
fn one_unit(
    machine: &Machine,
    bias: f64,
    last: usize,
    next: usize,
    reach: (f64, f64),
    product: impl Fn(bool) -> Series,
) -> Expansion {
    let mut cumulants = vec![0.0; last + 1];
    machine.hidden.cumulants(bias, &mut cumulants);
    let series = product(true);
    let value = cumulants.iter().zip(&series).skip(1).map(|(k, c)| k * c).sum();
    let coefficient = product(false).get(next).copied();
    // A coupling of more sites than the series has orders is bounded by nothing that is computed here.
    let remainder = coefficient.map_or(f64::INFINITY, |c| c * supremum(machine, next, reach));
    Expansion { value, remainder }
}

/// sup|K^{(n)}| between two fields.
fn supremum(machine: &Machine, order: usize, (low, high): (f64, f64)) -> f64 {
    let step = (high - low) / GRID as f64;
    let mut cumulants = vec![0.0; order + 2];
    let (mut most, mut slope) = (0.0_f64, 0.0_f64);
    for j in 0..=GRID {
        machine.hidden.cumulants(low + step * j as f64, &mut cumulants);
        most = most.max(cumulants[order].abs());
        slope = slope.max(cumulants[order + 1].abs());
    }
    most + 0.5 * step * slope
}

fn product(factors: impl Iterator<Item = Series>) -> Series {
    let mut total = [0.0; MAX_EXPANSION + 3];
    total[0] = 1.0;
    for factor in factors {
        let old = total;
        for (n, entry) in total.iter_mut().enumerate() {
            *entry = (0..=n).map(|j| old[j] * factor[n - j]).sum();
        }
    }
    total
}

/// e^{wx} − 1.
fn exponential(w: f64) -> Series {
    let mut series = [0.0; MAX_EXPANSION + 3];
    let mut term = 1.0;
    for (n, entry) in series.iter_mut().enumerate().skip(1) {
        term *= w / n as f64;
        *entry = term;
    }
    series
}

/// sinh wx or cosh wx.
fn hyperbolic(w: f64, odd: bool) -> Series {
    let mut series = exponential(w);
    series[0] = 1.0;
    for entry in series.iter_mut().skip(usize::from(!odd)).step_by(2) {
        *entry = 0.0;
    }
    series
}
