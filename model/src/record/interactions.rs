//! The record of `interactions`: the couplings that hidden units induce.

use serde::{Deserialize, Serialize, Serializer};

use crate::{Encoding, Unit};

/// The couplings of one order k, |S| = k, over every subset of every machine that was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InteractionOrder {
    /// k.
    pub order: usize,
    /// Number of couplings of one machine.
    pub count: u64,
    /// Mean of J.
    pub mean: f64,
    /// Mean of |J|.
    pub mean_abs: f64,
    /// √⟨J²⟩.
    pub rms: f64,
    /// Largest |J|.
    pub max_abs: f64,
    /// Sites of the largest |J| of the first machine.
    pub largest: Vec<usize>,
    /// Mean over the ensemble of random weights, exact; `None` of given weights.
    pub theory_mean: Option<f64>,
    /// √E\[J²\] over the ensemble of random weights, exact.
    pub theory_rms: Option<f64>,
    /// exp E ln|J| over the ensemble with one hidden unit, where it is known.
    pub theory_typical: Option<f64>,
    /// Deviation of the sampled mean from the exact one in standard errors, from the spread of the machines; `None`
    /// of one machine, and where the spread says nothing.
    pub z_mean: Option<f64>,
    /// The same of ⟨J²⟩.
    pub z_rms: Option<f64>,
}

/// One coupling J_S.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InteractionCoupling {
    /// S, increasing, counted from 0.
    pub sites: Vec<usize>,
    /// J_S.
    pub value: f64,
}

/// The couplings J_{S ∪ j} of some sites with every other one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    /// S.
    pub sites: Vec<usize>,
    /// One per visible unit j; `None` where j is in S.
    pub values: Vec<Option<f64>>,
}

/// How often couplings of one order have a size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InteractionSizes {
    /// k.
    pub order: usize,
    /// Edges of the bins of |J|, one more than there are bins.
    pub edges: Vec<f64>,
    /// J > 0 in each bin; the first and the last bin of a full range hold what is beyond.
    pub positive: Vec<u64>,
    /// J < 0.
    pub negative: Vec<u64>,
    /// J = 0.
    pub zero: u64,
}

fn brief<S: Serializer>(unit: &Unit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&unit.brief())
}

/// Couplings of one hidden unit's law in one encoding of the visible units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InteractionsRecord {
    /// The law of the hidden units; in JSON its name, with parameters that are not at their defaults.
    #[serde(serialize_with = "brief")]
    pub unit: Unit,
    /// The values of the visible units.
    pub encoding: Encoding,
    /// Number of visible units N.
    pub visible: usize,
    /// Number of hidden units M.
    pub hidden: usize,
    /// Standard deviation of random weights; `None` of given ones.
    pub sigma: Option<f64>,
    /// Mean of random weights.
    pub mean: Option<f64>,
    /// Bias of every hidden unit of a random machine.
    pub bias: Option<f64>,
    /// Machines that were drawn, 1 of given weights.
    pub samples: usize,
    /// Statistics by order.
    pub orders: Vec<InteractionOrder>,
    /// The largest couplings of two sites and more, or all, of the first machine.
    pub couplings: Vec<InteractionCoupling>,
    /// ln Z of the first machine with normalised hidden prior, where it is enumerated.
    pub log_z: Option<f64>,
    /// Couplings around some sites.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub around: Option<Surroundings>,
    /// Distributions of the size of couplings.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub sizes: Vec<InteractionSizes>,
    /// What is to be known about these numbers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<String>,
}
