//! Potts units at T = 0: the maximum of the load over one parameter.

use mattis_model::record::Optimum;

use super::Found;
use crate::closure::PottsCurve;

/// The largest load; coming from large leads it is the end of the pattern's own branch.
pub(super) fn largest(states: usize) -> Option<Found> {
    let curve = PottsCurve { states };
    let top = curve.at(curve.top()?);
    (top.root > 0.0).then(|| Found {
        alpha: top.root * top.root,
        m: Some(top.m),
        chi: Some(top.response),
        optimum: Optimum::default(),
        activity: None,
        sparseness: None,
        correlation: None,
        information: None,
        pattern: None,
    })
}
