//! T = 0: the largest action wins.

use super::{SingleSite, sign};
use crate::network::Network;

/// The level with the largest h s + ½Γs² − V(s). A tie keeps the present level if it is among the winners,
/// else takes the lowest of them.
pub fn winner(site: &SingleSite, current: u8, field: f64) -> u8 {
    if site.spin {
        return current ^ u8::from(sign(current) * (field + site.external) < 0.0);
    }
    let mut best = current;
    let mut height = site.action(usize::from(current), field);
    for level in 0..site.levels.len() {
        let action = site.action(level, field);
        if action > height {
            (best, height) = (level as u8, action);
        }
    }
    best
}

/// Whether no unit would move at T = 0. Heat bath and Metropolis have the same stable states.
pub fn is_stable<N: Network>(site: &SingleSite, network: &N) -> bool {
    (0..network.neurons()).all(|i| {
        let current = network.states()[i];
        winner(site, current, network.field(i)) == current
    })
}
