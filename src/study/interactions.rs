//! The section of machines with hidden units.

use std::path::PathBuf;

use clap::Args;
use mattis_model::{Encoding, Unit};
use serde::{Deserialize, Serialize};

use super::{Many, positive};

/// Machines with hidden units, and which of their couplings.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "Interactions")]
pub struct InteractionsSection {
    /// The hidden units; a comma separates alternatives [default: gaussian,step,relu,poisson]
    #[arg(long, value_name = "UNIT[,…]")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Many<Unit>>,
    /// The values of a visible unit: 01, pm1, or both [default: 01]
    #[arg(long, value_name = "01|pm1[,…]")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Many<Encoding>>,
    /// Given weights: an .npz with W (visible × hidden) and, if there are, b and c; an .npy with W; a run directory
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sigma", "mean", "bias", "visible", "hidden", "samples"])]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<PathBuf>,
    /// Random weights: their standard deviation [default: 1]
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sigma: Option<f64>,
    /// Random weights: their mean [default: 0]
    #[arg(long, value_name = "W", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Random weights: the bias of every hidden unit [default: 0]
    #[arg(long, value_name = "C", allow_hyphen_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bias: Option<f64>,
    /// Random weights: number of visible units [default: 12]
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = positive)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<usize>,
    /// Random weights: number of hidden units [default: 1]
    #[arg(long, value_name = "M", allow_hyphen_values = true, value_parser = positive)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<usize>,
    /// Random weights: number of machines; more of them keep the old ones [default: 100 up to 12 visible units, fewer
    /// beyond]
    #[arg(long, value_name = "K", allow_hyphen_values = true, value_parser = positive)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    /// Largest order: the number of sites that a coupling couples [default: 6; 3 beyond 24 visible units]
    #[arg(long, value_name = "K", allow_hyphen_values = true, value_parser = positive)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<usize>,
    /// How many of the largest couplings of two sites and more are shown [default: 10]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<usize>,
    /// Show all couplings up to the order
    #[arg(long, num_args = 0, default_missing_value = "true", conflicts_with = "top")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<bool>,
    /// Couplings of one site, or of two, with every other one: sites are counted from 0
    #[arg(long, value_name = "I[,J]")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub around: Option<Many<usize>>,
}

impl InteractionsSection {
    /// Whether anything is said of random weights.
    pub(super) fn is_random(&self) -> bool {
        self.sigma.or(self.mean).or(self.bias).is_some()
            || self.visible.or(self.hidden).or(self.samples).is_some()
    }
}
