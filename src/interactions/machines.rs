//! The machines that are asked for: of random weights, or of given ones.

use mattis_model::{Encoding, Machine, SpecError, Unit};
use mattis_sim::random::{Source, disorder};
use mattis_sim::random_weights;
use mattis_theory::interactions::RandomWeights;

use super::InteractionsError;
use crate::study::InteractionsSection;
use crate::weights::{Weights, read};

/// Where weights come from.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Of a file of this name.
    Given {
        weights: Weights,
        name: String,
    },
    Random(Ensemble),
}

/// Independent normal weights.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ensemble {
    pub(crate) visible: usize,
    pub(crate) hidden: usize,
    pub(crate) mean: f64,
    pub(crate) sigma: f64,
    pub(crate) bias: f64,
    pub(crate) samples: usize,
    pub(crate) seed: u64,
}

/// Largest mean and bias of random weights: quadratures of the exact moments take time in proportion to the fields.
const WIDEST: f64 = 50.0;
/// Largest standard deviation.
const BROADEST: f64 = 20.0;
/// Most states of v of all machines together.
const MOST_STATES: f64 = 1e11;

/// Machines of an ensemble whose 2^N couplings are found in seconds.
fn usual_samples(visible: usize) -> usize {
    match visible {
        0..=12 => 100,
        13..=16 => 30,
        17..=20 => 4,
        _ => 1,
    }
}

impl Origin {
    pub(crate) fn of(section: &InteractionsSection, seed: Option<u64>) -> Result<Self, InteractionsError> {
        if let Some(path) = &section.weights {
            let weights = read(path).map_err(InteractionsError::Weights)?;
            return Ok(Self::Given { weights, name: path.display().to_string() });
        }
        let visible = section.visible.unwrap_or(12);
        let number = |value: Option<f64>, default: f64, key: &str| match value {
            Some(x) if !x.is_finite() => Err(SpecError::out_of_range(key, x, "a finite number")),
            other => Ok(other.unwrap_or(default)),
        };
        let within = |value: f64, key: &str, most: f64| {
            let fits = value.abs() <= most;
            if fits {
                Ok(value)
            } else {
                Err(SpecError::out_of_range(key, value, format!("at most {most} in size")))
            }
        };
        let sigma = within(number(section.sigma, 1.0, "sigma")?, "sigma", BROADEST)?;
        let least = 1e-6;
        if sigma < 0.0 || (sigma > 0.0 && sigma < least) {
            let expected = format!("0, or a number from {least} to {BROADEST}");
            return Err(SpecError::out_of_range("sigma", sigma, expected).into());
        }
        let samples = section.samples.unwrap_or(usual_samples(visible));
        let states = (visible.min(24) as f64).exp2();
        if samples as f64 * states > MOST_STATES {
            let expected = format!("at most {} with {visible} visible units", (MOST_STATES / states) as u64);
            return Err(SpecError::out_of_range("samples", samples, expected).into());
        }
        Ok(Self::Random(Ensemble {
            visible,
            hidden: section.hidden.unwrap_or(1),
            mean: within(number(section.mean, 0.0, "mean")?, "mean", WIDEST)?,
            sigma,
            bias: within(number(section.bias, 0.0, "bias")?, "bias", WIDEST)?,
            samples,
            seed: seed.unwrap_or(1),
        }))
    }

    /// Number of visible units.
    pub(crate) fn visible(&self) -> usize {
        match self {
            Self::Given { weights, .. } => weights.rows.len(),
            Self::Random(ensemble) => ensemble.visible,
        }
    }

    /// Number of machines.
    pub(crate) fn samples(&self) -> usize {
        if let Self::Random(ensemble) = self { ensemble.samples } else { 1 }
    }

    pub(crate) fn ensemble(&self) -> Option<&Ensemble> {
        if let Self::Random(ensemble) = self { Some(ensemble) } else { None }
    }

    /// One of the machines. All units and encodings have the same weights.
    pub(crate) fn machine(
        &self,
        unit: &Unit,
        encoding: Encoding,
        sample: usize,
    ) -> Result<Machine, InteractionsError> {
        match self {
            Self::Given { weights, name } => {
                let machine = Machine::new(unit.clone(), encoding, weights.rows.clone());
                let columns = weights.rows.first().map_or(0, Vec::len);
                let visible = weights.visible_bias.clone().unwrap_or_else(|| vec![0.0; weights.rows.len()]);
                let hidden = weights.hidden_bias.clone().unwrap_or_else(|| vec![0.0; columns]);
                let named = |error| InteractionsError::Unfit(format!("{name}: {error}"));
                machine.and_then(|machine| machine.with_biases(visible, hidden)).map_err(named)
            }
            Self::Random(e) => {
                let columns = e.hidden * unit.colours().unwrap_or(1);
                let source = Source { seed: e.seed, sample: disorder(0, sample) };
                let rows = random_weights((e.visible, columns), (e.mean, e.sigma), source)?;
                let machine = Machine::new(unit.clone(), encoding, rows)?;
                Ok(machine.with_biases(vec![0.0; e.visible], vec![e.bias; columns])?)
            }
        }
    }
}

impl Ensemble {
    /// The ensemble as the theory sees it.
    pub(crate) fn law(&self, unit: &Unit, encoding: Encoding) -> RandomWeights {
        RandomWeights {
            unit: unit.clone(),
            encoding,
            visible: self.visible,
            hidden: self.hidden,
            mean: self.mean,
            sigma: self.sigma,
            bias: self.bias,
        }
    }
}
