//! The record of `flow`: an overlap that obeys a closed equation of motion.

use serde::{Deserialize, Serialize};

use crate::Model;

/// A trajectory of the overlap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trajectory {
    /// `sequential` or `parallel`.
    pub update: String,
    /// m after 0, 1, … sweeps.
    pub m: Vec<f64>,
}

/// An overlap that stays what it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FixedOverlap {
    /// m = f(m).
    pub m: f64,
    /// f′(m).
    pub slope: f64,
    /// Whether small deviations decay.
    pub stable: bool,
}

/// Everything at one control point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowPoint {
    /// α = p/C.
    pub alpha: f64,
    /// T.
    pub temperature: f64,
    /// Trajectories, by start and update.
    pub trajectories: Vec<Trajectory>,
    /// The overlaps m ≥ 0 that stay, ascending.
    pub fixed_points: Vec<FixedOverlap>,
    /// The map (m, f(m)) on a grid.
    pub map: Vec<(f64, f64)>,
}

/// The motion of the overlap of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowRecord {
    /// The model.
    pub model: Model,
    /// One per control point.
    pub points: Vec<FlowPoint>,
}
