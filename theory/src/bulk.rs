//! The bulk of the couplings: R-transform of their spectrum, its integral, and noise without reaction.

use mattis_model::unit::ContinuousLaw;
use mattis_model::{CouplingLaw, Model, PatternLaw, Topology, Unsupported};

/// R(x) = a v² x/(1 − vx) + b x + c with coefficients linear in the load.
///
/// a: couplings of memories whose components have the variance v as the rule stores them; b: independent
/// symmetric noise, such as symmetric dilution, a nonlinear synapse or Sherrington–Kirkpatrick disorder; c: the
/// diagonal J_ii. Beside it ν, the noise of asymmetric couplings, which has no reaction: Δ = R′(χ) q + ν Q.
///
/// With a fraction γ of links and α = p/(γN), symmetric: a = αγ, b = αv²(1 − γ); asymmetric: ν = αv²(1 − γ)
/// (Sompolinsky, Phys. Rev. A 34, 2571 (1986); Derrida, Gardner & Zippelius, Europhys. Lett. 4, 167 (1987)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bulk {
    memories: Linear,
    variance: f64,
    noise: Linear,
    silent: Linear,
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
    model.unit.in_network("the replica-symmetric closure")?;
    if model.unit.colours().is_some() {
        return refuse(
            format!("unit `{}`", model.unit),
            "its states have a field each",
            "a unit with one local field, such as `ising`",
        );
    }
    let averaged = |law: &dyn ContinuousLaw| law.curve().is_some() || model.unit.threshold_linear().is_some();
    if model.unit.continuous().is_some_and(|law| !averaged(law)) {
        return refuse(format!("unit `{}`", model.unit), "its T = 0 law is not given as a curve", finite);
    }
    if matches!(model.connectivity.value(), Topology::Finite { .. }) {
        return refuse(
            format!("connectivity `{}`", model.connectivity),
            "fields of finitely many inputs are not Gaussian",
            "connectivity `extreme`, for many inputs",
        );
    }
    if model.stores_memories() {
        stored_well(model)?;
    }
    if *model.connectivity.value() != Topology::Full && !model.stores_memories() {
        return refuse(
            format!("connectivity `{}` without memories", model.connectivity),
            "its disorder is that of all pairs",
            "connectivity `full`",
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

/// Refuses memories that have no bulk of this form, or no list of values to condense.
fn stored_well(model: &Model) -> Result<(), Unsupported> {
    let law = model.patterns.value();
    let patterns = format!("patterns `{}` at extensive load", model.patterns);
    let refuse = |what: String, because: &str, nearest: &str| {
        Err(Unsupported::new(what, "the replica-symmetric closure", because, nearest))
    };
    if law.support().is_none() {
        let because = "its condensed memories take finitely many values";
        return refuse(patterns, because, "a discrete law, or a finite number of memories");
    }
    if law.mean() != model.centre() {
        let because = "memories with a mean share a direction whose coupling grows with their number";
        return refuse(format!("rule `{}` with {patterns}", model.rule.name()), because, "rule `covariance`");
    }
    if *law != PatternLaw::Rademacher && !model.synapse.is_identity() {
        let because = "a synapse acts on a standard normal variable";
        return refuse(
            format!("synapse `{}` with {patterns}", model.synapse),
            because,
            "synapse `identity`, or patterns `rademacher`",
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
            CouplingLaw::Hebb | CouplingLaw::Covariance { .. } => {
                let variance = stored_variance(model);
                let connectivity = model.connectivity.value();
                let fraction = connectivity.fraction();
                let power = model.synapse.power() / model.synapse.signal().powi(2);
                // Exactly what it was without dilution.
                let independent = variance * variance * (power - fraction);
                let independent = Linear { at_zero: 0.0, slope: independent };
                let symmetric = connectivity.is_symmetric();
                Ok(Self {
                    memories: Linear { at_zero: 0.0, slope: fraction },
                    variance,
                    noise: if symmetric { independent } else { zero },
                    silent: if symmetric { zero } else { independent },
                    diagonal,
                })
            }
            CouplingLaw::GaussianDisorder { strength } => Ok(Self {
                memories: zero,
                variance: 1.0,
                noise: Linear { at_zero: strength * strength, slope: 0.0 },
                silent: zero,
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

    /// ν, the variance of the field per activity from couplings i → j that i does not feel back.
    pub fn silent(&self, alpha: f64) -> f64 {
        self.silent.at(alpha)
    }

    /// ∂ν/∂α.
    pub fn silent_slope(&self) -> f64 {
        self.silent.slope
    }

    /// Whether the couplings are asymmetric, so that there is no energy.
    pub fn is_asymmetric(&self) -> bool {
        self.silent.slope != 0.0
    }

    /// The variance v of a stored component.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// The upper end of the domain of x: 1/v with memories, ∞ without or if they are extremely diluted.
    pub fn end(&self) -> f64 {
        if self.memories.slope == 0.0 { f64::INFINITY } else { 1.0 / self.variance }
    }

    /// Whether the argument lies inside the domain: vx < 1 with memories.
    pub fn contains(&self, x: f64) -> bool {
        x * self.variance < 1.0 || self.memories.slope == 0.0
    }

    /// R and its relatives at x and load α.
    pub fn transform(&self, x: f64, alpha: f64) -> Transform {
        let (a, b, c) = (self.memories.at(alpha), self.noise.at(alpha), self.diagonal.at(alpha));
        let v = self.variance;
        let scaled = v * x;
        let rest = 1.0 - scaled;
        let (ratio, log, pole) = if self.memories.slope == 0.0 {
            (0.0, 0.0, 0.0)
        } else {
            (v * scaled / rest, -scaled - (-scaled).ln_1p(), v * v / (rest * rest))
        };
        Transform {
            r: a * ratio + b * x + c,
            first: a * pole + b,
            second: 2.0 * a * v * pole / rest,
            integral: a * log + 0.5 * b * x * x + c * x,
            r_slope: self.memories.slope * ratio + self.noise.slope * x + self.diagonal.slope,
            first_slope: self.memories.slope * pole + self.noise.slope,
            integral_slope: self.memories.slope * log
                + 0.5 * self.noise.slope * x * x
                + self.diagonal.slope * x,
        }
    }
}

/// R′(x; α) = `fixed` + α `per_load`, each with its first two derivatives by x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slopes {
    pub(crate) fixed: [f64; 3],
    pub(crate) per_load: [f64; 3],
}

impl Slopes {
    /// R′, R″ and R‴ at a load.
    pub(crate) fn at(&self, alpha: f64) -> [f64; 3] {
        std::array::from_fn(|i| self.fixed[i] + alpha * self.per_load[i])
    }
}

impl Bulk {
    /// R′ and its derivatives at x as functions of the load.
    pub(crate) fn slopes(&self, x: f64) -> Slopes {
        let v = self.variance;
        let rest = 1.0 / (1.0 - v * x);
        let pole = v * v * rest * rest;
        let poles = [pole, 2.0 * v * pole * rest, 6.0 * v * v * pole * rest * rest];
        let of = |memories: f64, noise: f64| {
            [memories * poles[0] + noise, memories * poles[1], memories * poles[2]]
        };
        Slopes {
            fixed: of(self.memories.at_zero, self.noise.at_zero),
            per_load: of(self.memories.slope, self.noise.slope),
        }
    }

    /// Whether R′ grows with the load.
    pub(crate) fn is_loaded(&self) -> bool {
        self.memories.slope > 0.0 || self.noise.slope > 0.0
    }
}

/// R(x) and ν of memories per unit of load, with the fixed part of the diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PerLoad {
    /// a/α.
    pub(crate) memories: f64,
    /// v.
    pub(crate) variance: f64,
    /// b/α.
    pub(crate) noise: f64,
    /// ν/α.
    pub(crate) silent: f64,
    /// c/α.
    pub(crate) diagonal: f64,
    /// c at α = 0.
    pub(crate) fixed_diagonal: f64,
}

impl Bulk {
    /// The coefficients per unit of load.
    pub(crate) fn per_load(&self) -> PerLoad {
        PerLoad {
            memories: self.memories.slope,
            variance: self.variance,
            noise: self.noise.slope,
            silent: self.silent.slope,
            diagonal: self.diagonal.slope,
            fixed_diagonal: self.diagonal.at_zero,
        }
    }
}

/// The variance of a component as the rule stores it; 1 without memories.
pub(crate) fn stored_variance(model: &Model) -> f64 {
    model.stored_variance()
}
