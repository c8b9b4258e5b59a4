//! The bulk of the couplings: R-transform of their spectrum, its integral, and noise without reaction.

use mattis_model::{CouplingLaw, Model, PatternLaw, Unsupported};

/// R(x) = a x/(1 − x) + b x + c with coefficients linear in the load.
///
/// a: Hebb couplings of memories of unit variance; b: independent symmetric noise, such as a nonlinear
/// synapse or Sherrington–Kirkpatrick disorder; c: the diagonal J_ii.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bulk {
    memories: Linear,
    noise: Linear,
    diagonal: Linear,
}

/// A coefficient at load α: `at_zero` + `slope` α.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Linear {
    at_zero: f64,
    slope: f64,
}

impl Linear {
    fn at(self, alpha: f64) -> f64 {
        self.at_zero + self.slope * alpha
    }
}

/// R and what derives from it at one argument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    /// R(x).
    pub r: f64,
    /// R′(x).
    pub first: f64,
    /// R″(x).
    pub second: f64,
    /// G(x) = ∫₀ˣ R.
    pub integral: f64,
    /// ∂R/∂α.
    pub r_slope: f64,
    /// ∂R′/∂α.
    pub first_slope: f64,
    /// ∂G/∂α.
    pub integral_slope: f64,
}

/// Refuses what no closure at extensive load treats.
fn treats(model: &Model) -> Result<(), Unsupported> {
    let finite = "a finite number of memories";
    let refuse = |what: String, because: &str, nearest: &str| {
        Err(Unsupported::new(what, "the replica-symmetric closure", because, nearest))
    };
    if model.unit.continuous().is_some() {
        return refuse(format!("unit `{}`", model.unit), "its averages need a finite alphabet", finite);
    }
    if model.stores_memories() && *model.patterns.value() != PatternLaw::Rademacher {
        return refuse(
            format!("patterns `{}` at extensive load", model.patterns),
            "its condensed memories are ±1 without bias",
            finite,
        );
    }
    if model.field.has_row_sums() {
        return refuse(
            format!("field `{}` at extensive load", model.field),
            "Σ_j J_ij is then a random field",
            finite,
        );
    }
    Ok(())
}

impl Bulk {
    /// The bulk of a model's couplings.
    ///
    /// # Errors
    /// If the R-transform of the rule's couplings is not known.
    pub fn new(model: &Model) -> Result<Self, Unsupported> {
        let zero = Linear { at_zero: 0.0, slope: 0.0 };
        let diagonal = Linear {
            at_zero: model.self_coupling.at(mattis_model::Load::Empty),
            slope: if model.stores_memories() { model.self_coupling.slope() } else { 0.0 },
        };
        treats(model)?;
        match *model.rule.value() {
            CouplingLaw::Hebb => {
                let excess = model.synapse.power() / model.synapse.signal().powi(2) - 1.0;
                Ok(Self {
                    memories: Linear { at_zero: 0.0, slope: 1.0 },
                    noise: Linear { at_zero: 0.0, slope: excess },
                    diagonal,
                })
            }
            CouplingLaw::GaussianDisorder { strength } => Ok(Self {
                memories: zero,
                noise: Linear { at_zero: strength * strength, slope: 0.0 },
                diagonal,
            }),
            _ => Err(Unsupported::new(
                format!("rule `{}`", model.rule.name()),
                "the replica-symmetric closure",
                "the R-transform of its couplings is not known",
                "rule `hebb`",
            )),
        }
    }

    /// J_ii at a load.
    pub fn diagonal(&self, alpha: f64) -> f64 {
        self.diagonal.at(alpha)
    }

    /// Whether the argument lies inside the domain: x < 1 with memories.
    pub fn contains(&self, x: f64) -> bool {
        x < 1.0 || self.memories.slope == 0.0
    }

    /// R and its relatives at x and load α.
    pub fn transform(&self, x: f64, alpha: f64) -> Transform {
        let (a, b, c) = (self.memories.at(alpha), self.noise.at(alpha), self.diagonal.at(alpha));
        let rest = 1.0 - x;
        let (ratio, log) =
            if self.memories.slope == 0.0 { (0.0, 0.0) } else { (x / rest, -x - (-x).ln_1p()) };
        let pole = if self.memories.slope == 0.0 { 0.0 } else { 1.0 / (rest * rest) };
        Transform {
            r: a * ratio + b * x + c,
            first: a * pole + b,
            second: 2.0 * a * pole / rest,
            integral: a * log + 0.5 * b * x * x + c * x,
            r_slope: self.memories.slope * ratio + self.noise.slope * x + self.diagonal.slope,
            first_slope: self.memories.slope * pole + self.noise.slope,
            integral_slope: self.memories.slope * log
                + 0.5 * self.noise.slope * x * x
                + self.diagonal.slope * x,
        }
    }
}
