//! One state at a time: what a run that starts there ends in.

use mattis_model::Control;
use mattis_model::record::State;

use super::cycles::repeats;
use super::saddle::{Found, Saddle};
use super::search::{Class, expand};
use super::{Columnar, FinitePatterns};
use crate::{Guess, TheoryError};

/// Steps of the natural iteration where averages are cheap and where they are not, and the change that ends it.
const STEPS: usize = 20_000;
const FEW_STEPS: usize = 400;
const SETTLED: f64 = 1e-10;
/// Newton may move the end of the iteration by no more than this.
const NEAR: f64 = 1e-4;

/// The field on saturated units.
const STRONG: f64 = 8.0;

/// Why a run ends in no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// The overlap decays to 0.
    Overlap,
    /// Two states alternate.
    Cycle,
    /// The quadrature gives up.
    Nodes,
    /// The iteration ends nowhere.
    Unsettled,
    /// m = 0 is no state.
    Unsolved,
}

impl FinitePatterns {
    /// The stable state that the dynamics of the overlaps reaches from saturated units: aligned with one memory,
    /// with the sum of n memories, or the state without overlap.
    ///
    /// # Errors
    /// If the temperature is out of range or there is no such stable state.
    pub fn solve(&self, temperature: f64, guess: Guess) -> Result<State, TheoryError> {
        Control::finite(self.count, temperature).validate()?;
        let missing = |because: &str| TheoryError::NoSuchState {
            state: match guess {
                Guess::Retrieval => "stable retrieval".into(),
                Guess::Mixture(n) => format!("stable {n}-mixture"),
                Guess::SpinGlass => "spin-glass".into(),
                Guess::Paramagnet => "stable paramagnetic".into(),
            },
            at: format!("p = {}, T = {temperature}", self.count),
            because: because.into(),
        };
        let class = match guess {
            Guess::SpinGlass => return Err(missing("a finite number of memories does not freeze")),
            Guess::Mixture(n) if n == 0 || n > self.count => {
                return Err(missing("there are not so many memories"));
            }
            Guess::Retrieval => self.condense(1, temperature),
            Guess::Mixture(n) => self.condense(n, temperature),
            Guess::Paramagnet => self.without_overlap(temperature).ok_or(Lost::Unsolved),
        };
        let class = class.map_err(|lost| missing(&self.explain(lost, temperature)))?;
        if !class.found.is_stable() {
            return Err(missing("it is unstable here"));
        }
        Ok(self.state(&class, temperature))
    }

    /// Why there is no state, for people.
    fn explain(&self, lost: Lost, temperature: f64) -> String {
        let top = [self.critical_temperature(), self.spinodal_temperature()];
        let top = top.into_iter().flatten().reduce(f64::max);
        match (lost, top) {
            (Lost::Unsolved, _) => "m = 0 solves no equation, or its response is infinite".into(),
            (Lost::Overlap, Some(top)) if temperature >= top => {
                format!("T is above the temperature {top:.9} where overlaps vanish")
            }
            (Lost::Overlap, _) => "the dynamics from there loses the overlap".into(),
            (Lost::Cycle, _) => "the dynamics from there ends in a 2-cycle, m → m′ → m".into(),
            (Lost::Nodes, _) => "the quadrature over the memories would need too many nodes here".into(),
            (Lost::Unsettled, _) => "the dynamics from there does not settle".into(),
        }
    }

    fn without_overlap(&self, temperature: f64) -> Option<Class> {
        if !self.has_zero() || (temperature == 0.0 && self.law.has_levels()) {
            return None;
        }
        let (saddle, outside) = match self.columnar {
            Columnar::Isotropic(axis) => {
                return self
                    .isotropic(axis, temperature)
                    .classes
                    .into_iter()
                    .find(|c| c.m.iter().all(|m| *m == 0.0));
            }
            Columnar::Independent(axis, _) if self.form.is_none() => (self.axis(axis), self.count - 1),
            Columnar::Independent(..) => (self.every()?, 0),
            Columnar::Discrete(support) if self.form.is_some() => {
                (self.groups(&support, &vec![1; self.count], 0), 0)
            }
            Columnar::Discrete(support) => (self.groups(&support, &[self.count], 0), 0),
        };
        let sizes = saddle.sizes();
        let found = saddle.describe(vec![0.0; sizes.len()], temperature, 0.0)?;
        Some(self.class(&sizes, outside, found))
    }

    fn class(&self, sizes: &[usize], outside: usize, found: Found) -> Class {
        let mut m = expand(sizes, &found.m);
        m.extend(std::iter::repeat_n(0.0, outside));
        let multiplicity = self.symmetry.multiplicity(&self.symmetry.canonical(&m));
        Class { m, found, multiplicity }
    }

    /// What the dynamics reaches from units that follow the sum of the first n memories.
    fn condense(&self, n: usize, temperature: f64) -> Result<Class, Lost> {
        let p = self.count;
        let (saddle, outside) = match self.columnar {
            Columnar::Isotropic(axis) => return self.on_sphere(axis, n, temperature).ok_or(Lost::Overlap),
            Columnar::Independent(axis, _) if n == 1 && self.form.is_none() => (self.axis(axis), p - 1),
            Columnar::Independent(..) => (self.every().ok_or(Lost::Nodes)?, 0),
            Columnar::Discrete(support) if self.form.is_some() => (self.groups(&support, &vec![1; p], 0), 0),
            Columnar::Discrete(support) if self.has_outside() || n == p => {
                (self.groups(&support, &[n], p - n), p - n)
            }
            Columnar::Discrete(support) => (self.groups(&support, &[n, p - n], 0), 0),
        };
        let sizes = saddle.sizes();
        let mut left = n;
        let direction: Vec<f64> = sizes
            .iter()
            .map(|size| {
                let inside = left.min(*size);
                left -= inside;
                if inside > 0 { STRONG } else { 0.0 }
            })
            .collect();
        let found = self.flow(&saddle, &direction, temperature)?;
        let condensed = found.m.iter().any(|m| m.abs() > found.blur.max(1e-6));
        if condensed { Ok(self.class(&sizes, outside, found)) } else { Err(Lost::Overlap) }
    }

    /// The natural iteration from the image of a field, then Newton.
    fn flow(&self, saddle: &Saddle, direction: &[f64], temperature: f64) -> Result<Found, Lost> {
        let start = saturated(saddle, direction, temperature).ok_or(Lost::Nodes)?;
        let discrete = matches!(self.columnar, Columnar::Discrete(_));
        if temperature == 0.0 && self.law.has_levels() && discrete {
            return self.settle(saddle, &start).ok_or_else(|| self.unsettled(saddle, &start, temperature));
        }
        let mut m = start;
        // All units at once is the map itself. One at a time is a flow, followed in steps that its stiffest
        // direction allows; for A = 1 the map has no negative slope and ends where the flow does.
        let share = match &self.form {
            Some(form) if !self.parallel => {
                let stiff = form.norm() * self.power() * self.law.largest().powi(2) / temperature;
                (1.0 / (1.0 + stiff)).max(1e-3)
            }
            _ => 1.0,
        };
        let steps = if discrete && self.law.has_levels() { STEPS } else { FEW_STEPS };
        for _ in 0..steps {
            let image = saddle.map(&m, temperature).ok_or(Lost::Nodes)?;
            let mut change = 0.0_f64;
            for (m, image) in m.iter_mut().zip(image) {
                change = change.max((image - *m).abs());
                *m += share * (image - *m);
            }
            if change < SETTLED {
                break;
            }
        }
        let near = |found: &Found| {
            // The iteration creeps where a curvature vanishes: no nearer than the state is known.
            let near = NEAR.max(2.0 * found.blur);
            found.m.iter().zip(&m).all(|(x, y)| (x - y).abs() < near)
        };
        saddle.solve(&m, temperature).filter(near).ok_or_else(|| self.unsettled(saddle, &m, temperature))
    }

    /// Why an iteration that came to m does not end.
    fn unsettled(&self, saddle: &Saddle, m: &[f64], temperature: f64) -> Lost {
        if self.parallel && repeats(saddle, m, temperature) { Lost::Cycle } else { Lost::Unsettled }
    }

    /// With A = 1 the start keeps its direction on the sphere of states; else the lowest state wins.
    fn on_sphere(&self, axis: super::line::Axis, n: usize, temperature: f64) -> Option<Class> {
        let classes = self.isotropic(axis, temperature).classes;
        let condensed = classes.into_iter().filter(|c| c.m.iter().any(|m| m.abs() > 1e-6));
        let mut class = condensed
            .filter(|c| c.found.stability > 0.0)
            .min_by(|a, b| a.found.free_energy.total_cmp(&b.found.free_energy))?;
        if self.form.is_none() {
            let m = class.found.m[0] / (n as f64).sqrt();
            class.m = (0..self.count).map(|i| if i < n { m } else { 0.0 }).collect();
        }
        Some(class)
    }
}

/// The overlaps in a strong field; products of quadratures may only reach a weaker one.
fn saturated(saddle: &Saddle, direction: &[f64], temperature: f64) -> Option<Vec<f64>> {
    [1.0, 0.5, 0.25, 0.125, 0.0625].iter().find_map(|share| {
        let field: Vec<f64> = direction.iter().map(|g| share * g).collect();
        Some(saddle.overlaps(&saddle.in_field(&field, temperature)?))
    })
}
