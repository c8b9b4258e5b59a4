//! T = 0: the largest action wins.

use super::parallel::with_own;
use super::{SingleSite, sign};
use crate::network::Network;
use crate::random::index;

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

/// The next level at T = 0: the winner; where ties are coins, one of several winners by this word.
#[inline]
pub(super) fn decided(site: &SingleSite, current: u8, field: f64, word: u64) -> u8 {
    if !site.has_coins() {
        return winner(site, current, field);
    }
    let (best, count) = winners(site, current, field);
    let is_best = |level: &u8| site.action(usize::from(*level), field) >= best;
    (0..site.levels.len() as u8).filter(is_best).nth(index(word, count)).unwrap_or(current)
}

/// The largest action and how many levels have it.
pub(super) fn winners(site: &SingleSite, current: u8, field: f64) -> (f64, usize) {
    let best = site.action(usize::from(winner(site, current, field)), field);
    let count = (0..site.levels.len()).filter(|level| site.action(*level, field) >= best).count();
    (best, count)
}

/// Whether no unit would move at T = 0 in the field of the couplings, to which each adds `own` times its
/// value. Heat bath and Metropolis have the same stable states; where ties are coins, one without them.
pub fn is_stable<N: Network>(site: &SingleSite, network: &N, own: f64) -> bool {
    (0..network.neurons()).all(|i| {
        let current = network.states()[i];
        let field = with_own(network.field(i), own * site.levels[usize::from(current)]);
        let alone = !site.has_coins() || winners(site, current, field).1 == 1;
        alone && winner(site, current, field) == current
    })
}
