//! Couplings of every order that hidden units induce between the visible ones (Bulso & Roudi, Neural Comput. 33,
//! 2646 (2021); di Sarra, Bravi & Roudi, EPL (2025)).
//!
//! A [`Machine`] summed over its hidden units is ln P(v) = Σ_S J_S Π_{i∈S} v_i − ln Z over all
//! subsets S of its sites:
//!
//! * 0/1: J_S = Σ_{T⊆S} (−1)^{|S|−|T|} \[b·v + F\](T), a k-fold difference of F, known from the sites of S alone;
//! * ±1: J_S = 2^{−N} Σ_s \[b·s + F(s)\] Π_{i∈S} s_i, an average over all N spins.
//!
//! [`couplings`] finds all 2^N of a small machine, [`coupling`] one of a machine of any size, without the
//! cancellation of the alternating sum; [`Scan`] walks through all pairs or triples; [`expansion`] is the
//! series in the weights with a bound; [`RandomWeights`] gives the moments of an ensemble. No function starts
//! threads: those with much work hand it out in parts.
//!
//! ```
//! use mattis_model::{Encoding, Machine};
//! use mattis_theory::interactions::{coupling, couplings};
//!
//! let machine = Machine::new("step".parse()?, Encoding::ZeroOne, vec![vec![0.5], vec![-0.2], vec![0.8]])?;
//! let all = couplings(&machine)?;
//! let one = coupling(&machine, &[0, 2])?;
//! assert!((all.at(&[0, 2]).unwrap() - one.value).abs() < 1e-14);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod all;
mod characteristic;
mod crossover;
mod cube;
mod differences;
mod dispatch;
mod expansion;
mod factorised;
mod fourier;
mod interpolated;
mod kernel;
mod lanes;
mod level_products;
mod part;
mod product_moments;
mod random;
mod scan;
mod subset;
mod table;
mod tile;
mod typical;
mod walk;

pub use all::{Couplings, OrderStatistics};
pub use crossover::{Measure, Rise, crossover, first_rise};
pub use cube::{Cube, MAX_SITES, couplings};
pub use expansion::{Expansion, MAX_EXPANSION, expansion};
pub use part::{Histogram, ScanPart};
pub use random::{OrderMoments, RandomWeights};
pub use scan::Scan;
pub use subset::coupling;

use mattis_model::{Machine, SpecError, Unsupported};

use crate::TheoryError;

/// One coupling J_S.
#[derive(Debug, Clone, PartialEq)]
pub struct Coupling {
    /// S, increasing; sites are counted from 0.
    pub sites: Vec<usize>,
    /// J_S.
    pub value: f64,
    /// Estimate of the numerical error of J_S, rounding and truncation together.
    pub error: f64,
}

/// S in increasing order, without doubles, of sites that exist; not empty.
fn checked_sites(machine: &Machine, sites: &[usize]) -> Result<Vec<usize>, TheoryError> {
    let mut sorted = sites.to_vec();
    sorted.sort_unstable();
    let count = machine.visible();
    if let Some(site) = sorted.iter().find(|site| **site >= count) {
        return Err(SpecError::out_of_range("site", site, format!("a number below N = {count}")).into());
    }
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(SpecError::out_of_range("site", pair[0], "each site of a coupling once").into());
    }
    if sorted.is_empty() {
        return Err(SpecError::out_of_range("number of sites of a coupling", 0, "at least 1").into());
    }
    Ok(sorted)
}

/// Refuses hidden units whose function of the fields is not a sum over columns.
fn scalar_units(machine: &Machine, what: &str) -> Result<(), TheoryError> {
    if machine.hidden.colours().is_some() {
        return Err(Unsupported::new(
            format!("{what} of {} hidden units", machine.hidden.name()),
            "theory",
            "a unit with a field for each of its states has no cumulants of one field",
            format!("all couplings at once, N ≤ {MAX_SITES}"),
        )
        .into());
    }
    Ok(())
}
