//! Where couplings of one order overtake those of another.

use super::random::RandomWeights;
use super::typical::bisect;
use crate::TheoryError;

/// What is compared between orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// |E J|.
    Mean,
    /// √E J².
    Rms,
    /// exp E ln|J| of one hidden unit.
    Typical,
}

/// Range of σ that is searched.
const FIRST: f64 = 0.02;
const LAST: f64 = 12.0;

/// Least ln of the ratio that is no rounding, where orders become equal without crossing.
const NOTICEABLE: f64 = 1e-9;

/// Ratio of neighbouring σ in the search.
const RATIO: f64 = 1.15;

/// The smallest σ at which couplings of `order` + 1 become larger than those of `order`; the ensemble's own σ
/// plays no part. `None` where that does not happen between σ = 0.02 and 12, or where one of the two vanishes.
///
/// Of Poisson units in 0/1 with μ_w = 0 and M = 1 it is √(⅔ ln 2) = 0.679778 by the rms, √(2 ln 2) = 1.177410
/// by the mean and 1.687922 typically, for every order; in ±1 there is none by the rms.
///
/// # Errors
/// As [`RandomWeights::moments`] and [`RandomWeights::typical`].
pub fn crossover(
    ensemble: &RandomWeights,
    measure: Measure,
    order: usize,
) -> Result<Option<f64>, TheoryError> {
    let growth = |sigma: f64| -> Result<f64, TheoryError> {
        let here = RandomWeights { sigma, ..ensemble.clone() };
        let size = |order: usize| match measure {
            Measure::Mean => {
                here.moments(order).map(|m| if m.mean.abs() > m.error { m.mean.abs() } else { 0.0 })
            }
            Measure::Rms => here.moments(order).map(|m| if m.rms > m.error { m.rms } else { 0.0 }),
            Measure::Typical => here.typical(order),
        };
        // ln 0 and the difference of two of them are no sign.
        Ok(size(order + 1)?.ln() - size(order)?.ln())
    };
    let (mut low, mut below) = (FIRST, growth(FIRST)?);
    while low < LAST {
        let high = (low * RATIO).min(LAST);
        let above = growth(high)?;
        if below < 0.0 && below.is_finite() && above > NOTICEABLE && above.is_finite() {
            // Both ends went through, and so does what lies between.
            return Ok(Some(bisect(low, high, &|sigma| growth(sigma).unwrap_or(f64::NAN))));
        }
        (low, below) = (high, above);
    }
    Ok(None)
}

/// Two orders, neither of which vanishes and all between which do, of which the higher is at least as large by the rms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// Where it was looked for, or found.
    pub sigma: f64,
    /// The lower order.
    pub low: usize,
    /// The higher one.
    pub high: usize,
}

impl RandomWeights {
    /// √E J² of the orders 1 … `orders`, 0 where they vanish to the accuracy of their numbers.
    ///
    /// # Errors
    /// As [`RandomWeights::moments`].
    pub fn sizes(&self, orders: usize) -> Result<Vec<f64>, TheoryError> {
        let size = |order| self.moments(order).map(|m| if m.rms > m.error { m.rms } else { 0.0 });
        (1..=orders.min(self.visible)).map(size).collect()
    }

    /// The lowest pair of the orders 1 … `orders` that does not fall.
    ///
    /// # Errors
    /// As [`RandomWeights::moments`].
    pub fn rise(&self, orders: usize) -> Result<Option<Rise>, TheoryError> {
        let sizes = self.sizes(orders)?;
        let there: Vec<usize> = (0..sizes.len()).filter(|k| sizes[*k] > 0.0).collect();
        let pair = there.windows(2).find(|pair| sizes[pair[1]] >= sizes[pair[0]]);
        Ok(pair.map(|pair| Rise { sigma: self.sigma, low: pair[0] + 1, high: pair[1] + 1 }))
    }
}

/// Steps of σ between which the first rise is looked for, and halvings of the one that holds it: 1 % of σ.
const STEPS: i32 = 7;
const HALVINGS: i32 = 6;

/// The least σ of a range at which one of the orders does not fall, to a percent; that of the range's lower end if it
/// holds there already. The ensemble's own σ plays no part.
///
/// # Errors
/// As [`RandomWeights::moments`].
pub fn first_rise(
    ensemble: &RandomWeights,
    orders: usize,
    (least, most): (f64, f64),
) -> Result<Option<Rise>, TheoryError> {
    let at = |sigma: f64| RandomWeights { sigma, ..ensemble.clone() }.rise(orders);
    let step = (most / least).powf(1.0 / f64::from(STEPS));
    let mut below = None;
    for i in 0..=STEPS {
        let sigma = least * step.powi(i);
        let Some(mut rise) = at(sigma)? else {
            below = Some(sigma);
            continue;
        };
        if let Some(mut low) = below {
            for _ in 0..HALVINGS {
                let middle = (low * rise.sigma).sqrt();
                match at(middle)? {
                    Some(found) => rise = found,
                    None => low = middle,
                }
            }
        }
        return Ok(Some(rise));
    }
    Ok(None)
}
