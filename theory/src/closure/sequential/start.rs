//! Where iterations start, and why one of threshold-linear units does not arrive.

use super::{Closure, Phase, Point, Sequential, columns};
use crate::solve::newton::Vector;

impl Sequential {
    /// The ends of the range of a unit; of a threshold-linear one silence and the response to a field of the size
    /// of its threshold.
    fn ends(&self) -> (f64, f64) {
        let unit = &self.model.unit;
        if let Some([gain, threshold]) = unit.threshold_linear() {
            let size = threshold.abs();
            return (0.0, if size > 0.0 { gain * size } else { gain });
        }
        if let Some(law) = unit.continuous() {
            return law.domain();
        }
        let levels = unit.levels();
        (levels[0], levels[levels.len() - 1])
    }

    /// Every unit on the value that the memories ask for.
    fn saturated(&self, phase: Phase, at: Point) -> Vector {
        let (low, mut high) = self.ends();
        let n = phase.condensed() as f64;
        let columns = self.columns(phase).unwrap_or_default();
        if let Some([gain, threshold]) = self.model.unit.threshold_linear() {
            // Without noise and with equal active units s = g[s Σ²/P − k P s − θ] has one amplitude.
            let active = columns.iter().filter(|column| column.sum > 0.0);
            let (sum, share) = active.fold((0.0, 0.0), |(sum, share), column| {
                (sum + column.probability * column.sum, share + column.probability)
            });
            let stiffness = 1.0 / gain - sum * sum / (n * share) + self.inhibition * share;
            let amplitude = (threshold / stiffness).abs();
            high = if amplitude > 0.0 && amplitude.is_finite() { amplitude } else { high };
        }
        let (mut m, mut x, mut activity) = (0.0, 0.0, 0.0);
        for column in columns {
            let s = if column.sum > 0.0 { high } else { low };
            m += column.probability * column.sum * s / n;
            x += column.probability * s;
            activity += column.probability * s * s;
        }
        let slope = self.bulk.transform(0.0, at.alpha).first + self.bulk.silent(at.alpha);
        self.unknowns(m, 0.0, x, slope * activity)
    }

    /// A point from which the natural iteration reaches the phase.
    pub(super) fn first(&self, phase: Phase, at: Point) -> Vector {
        let (low, high) = self.ends();
        let largest = low.abs().max(high.abs());
        let n = phase.condensed();
        let one_sided = self.inhibition != 0.0 || self.model.unit.threshold_linear().is_some();
        if n > 0 && (one_sided || self.support.is_some()) {
            return self.saturated(phase, at);
        }
        let slope = |chi: f64| self.bulk.transform(chi, at.alpha).first + self.bulk.silent(at.alpha);
        let m = if n == 0 {
            0.0
        } else {
            largest * columns(n, true).iter().map(|c| c.probability * c.sum.abs()).sum::<f64>() / n as f64
        };
        // Δ and χ of saturated ±1 units at T = 0 without overlap; the iteration takes it from there.
        let chi = if n == 0 {
            let root = slope(0.0).sqrt();
            let c = (2.0 / std::f64::consts::PI).sqrt();
            c / ((root + c) * self.bulk.variance()).max(f64::MIN_POSITIVE)
        } else {
            0.0
        };
        let delta = slope(chi) * largest * largest;
        self.unknowns(m, chi, 0.0, delta)
    }

    /// Why the iteration to a state of threshold-linear units does not arrive.
    pub(super) fn met_on_the_way(&self, phase: Phase, at: Point) -> Option<String> {
        let [gain, threshold] = self.model.unit.threshold_linear().filter(|_| phase.condensed() > 0)?;
        let mut y = self.first(phase, at);
        let scale = y[0];
        for _ in 0..400 {
            let Some(next) = self.iterate(phase, &y, at) else { break };
            y = next;
        }
        let (m, chi) = (y[0], y[1]);
        let reaction = self.bulk.transform(chi, at.alpha).r;
        if self.bulk.contains(chi) && gain * reaction >= 1.0 {
            return Some(format!("Γ = {reaction:.4} ≥ 1/g = {:.4}: nothing bounds the activity", 1.0 / gain));
        }
        if self.inhibition == 0.0 && threshold >= 0.0 && at.temperature == 0.0 {
            let because =
                "without inhibition an amplitude decays to silence, or grows and nothing bounds the activity";
            return Some(because.into());
        }
        if !self.bulk.contains(chi) {
            let end = self.bulk.end();
            return Some(format!("χ = {chi:.4} ≥ {end:.4}, where the response of the couplings diverges"));
        }
        (m.abs() <= 1e-6 * scale).then(|| "its overlap decays to 0".into())
    }
}
