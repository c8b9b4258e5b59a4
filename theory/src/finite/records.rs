//! Records of states and of the census.

use mattis_model::record::{Census, Completeness, Mixture, MixturesRecord, State, StateKind};

use super::FinitePatterns;
use super::saddle::DEGENERATE;
use super::search::{Class, index};
use super::symmetry::{SAME, runs};
use crate::TheoryError;

/// The share of the largest departure that counts as condensed; what ties with a half does not.
const HALF: f64 = 0.5 + 1e-6;

impl FinitePatterns {
    /// Whether a unit without levels is at T = 0, where it has no entropy.
    pub(super) fn is_frozen(&self, temperature: f64) -> bool {
        temperature == 0.0 && !self.law.has_levels()
    }

    /// Number of condensed memories. Memories that are alike and without bias: those with m ≠ 0. Biased ones:
    /// those whose overlap departs from m = E\[η\]E⟨s⟩, which a memory has that the state knows nothing of, by
    /// more than half of what the leading one does and towards the same side. Under a quadratic form: those with
    /// more than half of the largest |m|.
    pub(super) fn condensed(&self, class: &Class) -> usize {
        let m = &class.m;
        let largest = m.iter().fold(0.0_f64, |a, x| a.max(x.abs()));
        if largest < SAME {
            return 0;
        }
        if self.mean() == 0.0 && self.form.is_none() {
            return m.iter().filter(|x| x.abs() >= SAME).count();
        }
        // The representative may be the mirror image of what was found.
        let sign = (m.iter().sum::<f64>() * class.found.m.iter().sum::<f64>()).signum();
        let background = sign * self.mean() * class.found.moments.magnetization;
        let excess: Vec<f64> = m.iter().map(|x| x - background).collect();
        let top = excess.iter().copied().fold(0.0, |a: f64, x| if x.abs() > a.abs() + SAME { x } else { a });
        if top.abs() < SAME {
            return 0;
        }
        let either = self.model.patterns.value().is_symmetric();
        let share = |x: f64| if either { (x / top).abs() } else { x / top };
        excess.iter().filter(|x| share(**x) > HALF).count()
    }

    /// The state of a class.
    pub(super) fn state(&self, class: &Class, temperature: f64) -> State {
        let n = self.condensed(class);
        let found = &class.found;
        let moments = &found.moments;
        let kind = match n {
            0 => StateKind::Paramagnet,
            1 => StateKind::Retrieval,
            _ => StateKind::Mixture,
        };
        let frozen = self.is_frozen(temperature);
        State {
            kind,
            n: (n > 1).then_some(n),
            m: class.m.clone(),
            m_next: None,
            q: moments.frozen,
            activity: moments.activity,
            delta: 0.0,
            r: None,
            chi: moments.chi,
            d: self.parallel.then_some(moments.product),
            free_energy: Some(found.free_energy),
            energy: Some(found.free_energy + temperature * found.entropy),
            entropy: (!frozen).then_some(found.entropy),
            replicon: Some(1.0),
            hessian: (!found.hessian.is_empty()).then(|| found.hessian.clone()),
            mean: None,
            correlation: None,
            multiplicity: class.multiplicity,
            locally_stable: found.is_stable(),
            replica_stable: Some(true),
            residual: found.residual,
            exit: found.exit,
        }
    }

    pub(super) fn mixtures_record(&self, temperature: f64) -> Result<MixturesRecord, TheoryError> {
        let search = self.search(temperature)?;
        let frozen = self.is_frozen(temperature);
        let mut states: Vec<Mixture> = search
            .classes
            .iter()
            .map(|class| mixture(class, self.condensed(class), temperature, frozen))
            .collect();
        let order = |x: &Mixture| x.free_energy.unwrap_or(f64::INFINITY);
        states.sort_by(|a, b| order(a).total_cmp(&order(b)));
        let sum = |of: &dyn Fn(&Mixture) -> bool| {
            states.iter().filter(|x| of(x)).try_fold(0_u64, |sum, x| sum.checked_add(x.multiplicity?))
        };
        // Morse theory counts the states of a free energy that grows in every direction.
        let coercive = match &self.form {
            None => true,
            Some(form) => super::saddle::eigenvalues(form.clone()).into_iter().all(|x| x > DEGENERATE),
        };
        // Steps at T = 0 have no Hessian; a negative diagonal may cycle under parallel updates.
        let smooth = temperature > 0.0 || !self.law.has_levels();
        let diagonal = self.model.self_coupling.at(mattis_model::Load::Finite(self.count));
        let settles = !self.parallel || diagonal >= 0.0;
        let morse_sum = search.morse_sum().filter(|_| coercive && smooth && settles);
        let complete = if morse_sum == Some(1) { Completeness::SumOk } else { Completeness::Unknown };
        let census = Census {
            classes: states.len(),
            critical_points: sum(&|_| true),
            stable: sum(&|x| x.stable),
            morse_sum,
            complete,
        };
        Ok(MixturesRecord {
            model: self.model.clone(),
            count: self.count,
            temperature,
            critical_temperature: self.critical_temperature(),
            states,
            thresholds: self.thresholds(),
            census,
        })
    }
}

/// The record of a class with n condensed memories; `frozen` if it has no entropy.
pub(super) fn mixture(class: &Class, n: usize, temperature: f64, frozen: bool) -> Mixture {
    let found = &class.found;
    let mut sizes: Vec<f64> = class.m.iter().map(|x| x.abs()).filter(|x| *x >= SAME).collect();
    sizes.sort_by(f64::total_cmp);
    Mixture {
        m: class.m.clone(),
        n,
        symmetric: runs(&sizes).len() <= 1,
        free_energy: Some(found.free_energy),
        energy: Some(found.free_energy + temperature * found.entropy),
        entropy: (!frozen).then_some(found.entropy),
        index: (!found.hessian.is_empty()).then(|| index(&found.hessian)),
        stable: found.is_stable(),
        multiplicity: class.multiplicity,
        hessian: found.hessian.clone(),
        residual: found.residual,
    }
}
