//! The spin glass.

use mattis_model::record::Exit;

use super::ReplicaSymmetric;
use crate::closure::{Phase, Point};
use crate::solve::newton::Solution;

impl ReplicaSymmetric {
    /// The frozen solution without overlap.
    pub(super) fn glass(&self, at: Point) -> Option<Solution> {
        let phase = Phase::SpinGlass;
        let last = self.closure.dimension() - 1;
        let usable = |solution: &Solution| solution.exit == Exit::Converged && solution.y[last] > 1e-9;
        // Units with a level 0 can freeze where the paramagnet is stable too; ±1 units cannot, nor graded ones,
        // whose response is largest in zero field.
        let unit = &self.closure.model().unit;
        let concave = unit.is_binary_spin() || (unit.graded().is_some() && unit.is_even());
        let responds = at.temperature > 0.0 || unit.continuous().is_some();
        if responds && concave && self.paramagnet_is_stable(at) {
            return None;
        }
        let start = self.closure.start(phase, at);
        // Then a fixed low-discrepancy sequence over (χ, Δ).
        let golden = [0.754_877_666_246_693, 0.569_840_290_998_053];
        let starts = std::iter::once(start.clone()).chain((1..=48).map(|i| {
            let mut y = start.clone();
            let u = (f64::from(i) * golden[0]).fract();
            let v = (f64::from(i) * golden[1]).fract();
            y[1] = 0.98 * u;
            y[last] = 2.0 * v * self.closure.reaction_slope(0.5 * u, at.alpha).max(1e-12);
            y
        }));
        for start in starts {
            let mut y = start;
            for _ in 0..12 {
                match self.closure.iterate(phase, &y, at) {
                    Some(next) if self.closure.residual(phase, &(&(&y + &next) * 0.5), at).is_some() => {
                        y = (&y + &next) * 0.5;
                    }
                    _ => break,
                }
            }
            let solution = self.polish(phase, y, at);
            if usable(&solution) {
                return Some(solution);
            }
        }
        None
    }

    /// Whether nothing freezes: R′(χ)χ² < 1 on the paramagnet, in zero field.
    fn paramagnet_is_stable(&self, at: Point) -> bool {
        self.closure.model().field.value().value() == 0.0
            && self
                .closure
                .paramagnet(at)
                .is_some_and(|y| self.closure.reaction_slope(y[1], at.alpha) * y[1] * y[1] < 1.0)
    }
}
