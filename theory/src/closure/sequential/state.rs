//! What a record says of a solution.

use mattis_model::record::{Exit, State, StateKind};

use super::super::is_locally_stable;
use super::{Closure, Phase, Point, Sequential, Site, Spot, entropy, two_times};
use crate::overlap_map::Replicas;
use crate::solve::newton::Vector;

impl Sequential {
    /// Whether x at fixed overlaps is a minimum: with the response X = ∂x/∂h of the rest, 1/X + k > 0. Of the
    /// determinant of the rest χ and Δ have the sign of X, so that k may hold what has no stable state of its own.
    fn bears_shifts(&self, phase: Phase, y: &Vector, at: Point) -> Option<bool> {
        if self.inhibition == 0.0 {
            return Some(true);
        }
        Some(self.jacobian(phase, y, at)?.view((1, 1), (3, 3)).into_owned().determinant() < 0.0)
    }

    /// q of two replicas: E\[w_h²\] where the noise is static. Extremely diluted, each replica has its own.
    fn replica_overlap(&self, phase: Phase, y: &Vector, at: Point, site: &Site) -> Option<f64> {
        if self.model.connectivity.fraction() > 0.0 {
            return Some(site.frozen.value);
        }
        let gamma = self.bulk.transform(y[1], at.alpha).r;
        let field = self.field - self.inhibition * self.mean_activity(y);
        let delta = y[self.last()];
        let temperature = at.temperature;
        let spot = Spot { m: y[0], gamma, delta, field, temperature, energies: false };
        let activity = site.frozen.value + at.temperature * site.response.value;
        Replicas { unit: &self.model.unit, columns: &self.columns(phase)?, spot, activity }.overlap()
    }

    pub(super) fn described(
        &self,
        phase: Phase,
        y: &Vector,
        at: Point,
        residual: f64,
        exit: Exit,
    ) -> Option<State> {
        let (site, transform) = self.averages(phase, y, at, true)?;
        let delta = y[self.last()];
        let f = self.free_energy(phase, y, at);
        // The entropy of continuous units falls without bound as T → 0.
        let entropy = f.map(|_| entropy(&site, transform, y[1])).filter(|entropy| entropy.is_finite());
        let n = phase.condensed();
        let replicon = self.replicon(phase, y, at);
        let deficit = self.replicon_deficit(phase, y, at);
        // In a field the one state is called after its stability: above the AT line nothing is broken; so is that
        // of units that are not even. Asymmetric couplings freeze nothing.
        let smeared = self.is_biased() && deficit.is_some_and(|deficit| deficit < 1.0);
        let unbroken = phase == Phase::SpinGlass && (smeared || self.bulk.is_asymmetric());
        let kind = if unbroken { StateKind::Paramagnet } else { phase.kind() };
        let activity = site.frozen.value + at.temperature * site.response.value;
        let stores = self.model.stores_memories();
        let biased = self.inhibition != 0.0 || (stores && self.model.patterns.mean() != 0.0);
        let mean = biased.then_some(site.mean.value);
        let spread = |x: f64| (self.bulk.variance() * (activity - x * x)).sqrt();
        let correlation = mean.filter(|_| n > 0).map(|x| y[0] / spread(x)).filter(|c| c.is_finite());
        let energy = f.and_then(|f| match entropy {
            Some(entropy) => Some(f + at.temperature * entropy),
            None => (at.temperature == 0.0).then_some(f),
        });
        let two_times = two_times(&self.model);
        Some(State {
            kind,
            n: (n > 1).then_some(n),
            m: vec![y[0]; n],
            q: self.replica_overlap(phase, y, at, &site)?,
            activity,
            delta,
            r: stores.then(|| delta / at.alpha),
            chi: y[1],
            d: None,
            free_energy: f.map(|f| two_times * f),
            energy: energy.map(|energy| two_times * energy),
            entropy: entropy.map(|entropy| two_times * entropy),
            replicon,
            m_next: None,
            hessian: None,
            mean,
            correlation,
            multiplicity: None,
            locally_stable: is_locally_stable(self, phase, y, at)? && self.bears_shifts(phase, y, at)?,
            replica_stable: deficit.map(|deficit| deficit < 1.0),
            residual,
            exit,
        })
    }
}
