//! The search for all stationary points: Newton's iteration from many starts on every face of the chamber.

use super::saddle::{DEGENERATE, Found, Saddle};
use super::symmetry::{SAME, lattice, shapes};
use super::tensor::COARSE;
use super::{Columnar, ENUMERATED, FinitePatterns, unsupported};
use crate::TheoryError;
use crate::solve::scalar::brent;

/// A class of states that symmetry maps onto each other.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// All overlaps of its representative.
    pub(super) m: Vec<f64>,
    pub(super) found: Found,
    pub(super) multiplicity: Option<u64>,
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    pub(super) classes: Vec<Class>,
}

/// Starts on every face in one round.
const STARTS: usize = 24;
/// Largest number of memories whose columns are enumerated where every response is a quadrature.
const SLOW: usize = 5;
/// Rounds without a new class that end a search whose Morse sum is 1.
const QUIET: usize = 2;
/// Symmetric mixtures that are listed where columns are too many to enumerate.
const DISPLAYED: usize = 31;

impl Search {
    /// Σ (−1)^index; `None` where a state is degenerate or its class has no finite number.
    pub(super) fn morse_sum(&self) -> Option<i64> {
        self.classes.iter().try_fold(0_i64, |sum, class| {
            let hessian = &class.found.hessian;
            if hessian.is_empty() || hessian.iter().any(|x| x.abs() < DEGENERATE) {
                return None;
            }
            let count = i64::try_from(class.multiplicity?).ok()?;
            let odd = index(hessian) % 2 == 1;
            sum.checked_add(if odd { -count } else { count })
        })
    }
}

/// Number of negative eigenvalues; those that vanish are none.
pub(super) fn index(hessian: &[f64]) -> usize {
    hessian.iter().filter(|x| **x < -DEGENERATE).count()
}

impl FinitePatterns {
    /// All classes of states with m = m′.
    pub(super) fn search(&self, temperature: f64) -> Result<Search, TheoryError> {
        match self.columnar {
            Columnar::Isotropic(axis) => Ok(self.isotropic(axis, temperature)),
            Columnar::Independent(axis, _) if self.count == 1 => {
                let mut out = Search::default();
                self.scan(&self.axis(axis), temperature, &mut out);
                Ok(out)
            }
            Columnar::Independent(..) => self.tensor_search(temperature),
            Columnar::Discrete(support) => {
                if temperature == 0.0 && self.law.has_levels() {
                    return Ok(self.ground_search(&support));
                }
                if self.count > if self.is_slow(temperature) { SLOW } else { ENUMERATED } {
                    return Ok(self.symmetric_search(temperature));
                }
                Ok(self.faces(temperature))
            }
        }
    }

    /// Whether every response of the unit is a quadrature over its values.
    fn is_slow(&self, temperature: f64) -> bool {
        temperature > 0.0 && !self.law.has_levels()
    }

    /// Newton from many starts on every face, until nothing is new and the Morse sum is 1.
    fn faces(&self, temperature: f64) -> Search {
        let Columnar::Discrete(support) = self.columnar else { return Search::default() };
        let faces: Vec<(Saddle, usize)> = if self.form.is_some() {
            vec![(self.groups(&support, &vec![1; self.count], 0), 0)]
        } else {
            let shapes = shapes(self.count, self.has_outside());
            shapes.into_iter().map(|(sizes, out)| (self.groups(&support, &sizes, out), out)).collect()
        };
        let starts = if self.is_slow(temperature) { STARTS / 4 } else { STARTS };
        let rounds = match self.count {
            0..=5 => 24,
            6 => 12,
            7 => 8,
            8 => 16,
            _ => 4,
        };
        let mut search = self.with_zero(temperature);
        let mut quiet = 0;
        for round in 0..rounds {
            let before = search.classes.len();
            for (saddle, outside) in &faces {
                self.explore(saddle, *outside, temperature, round, starts, &mut search);
            }
            quiet = if search.classes.len() == before { quiet + 1 } else { 0 };
            // Without a sum that tells, a longer silence has to do.
            let closed = self.form.is_none() && search.morse_sum() == Some(1);
            if quiet >= if closed { QUIET } else { 3 * QUIET } {
                break;
            }
        }
        search
    }

    /// The state without overlaps, where it is one.
    fn with_zero(&self, temperature: f64) -> Search {
        let mut out = Search::default();
        if !self.has_zero() {
            return out;
        }
        if let Some(every) = self.every()
            && let Some(found) = every.describe(vec![0.0; self.count], temperature, 0.0)
        {
            self.insert(vec![0.0; self.count], found, &mut out);
        }
        out
    }

    /// One round of starts on a face.
    fn explore(
        &self,
        saddle: &Saddle,
        outside: usize,
        temperature: f64,
        round: usize,
        starts: usize,
        search: &mut Search,
    ) {
        let sizes = saddle.sizes();
        let k = sizes.len();
        let reach = 1.05 * self.law.largest() * self.power().sqrt();
        let positive = self.form.is_none() && self.model.patterns.value().is_symmetric();
        // One unknown: a few starts say all.
        let starts = if k == 1 { starts.min(12) } else { starts };
        for i in 0..starts {
            let point = lattice(1 + round * starts + i, k);
            let spread: Vec<f64> =
                point.iter().map(|u| reach * if positive { *u } else { 2.0 * u - 1.0 }).collect();
            // Every other start is the image of a direction: where saturated units would be.
            let start = if i % 2 == 0 {
                spread
            } else {
                let strong: Vec<f64> = spread.iter().map(|x| 4.0 * x).collect();
                match saddle.in_field(&strong, temperature) {
                    Some(moments) => saddle.overlaps(&moments),
                    None => continue,
                }
            };
            if let Some(found) = saddle.solve(&start, temperature) {
                self.collect(&sizes, outside, found, search);
            }
        }
    }

    /// Adds a solution in the coordinates of a face.
    pub(super) fn collect(&self, sizes: &[usize], outside: usize, found: Found, search: &mut Search) {
        let mut m = expand(sizes, &found.m);
        m.extend(std::iter::repeat_n(0.0, outside));
        self.insert(m, found, search);
    }

    /// Adds a class unless it is known within the errors of both; the one with the smaller error stays.
    pub(super) fn insert(&self, m: Vec<f64>, found: Found, search: &mut Search) {
        let dust = found.blur.max(SAME);
        let m: Vec<f64> = m.into_iter().map(|x| if x.abs() < dust { 0.0 } else { x }).collect();
        let m = if found.blur > SAME { self.symmetry.centred(&m, dust) } else { m };
        let m = self.symmetry.canonical(&m);
        let alike = |class: &Class| self.symmetry.alike(&class.m, &m, dust.max(class.found.blur));
        if let Some(known) = search.classes.iter().position(alike) {
            if search.classes[known].found.blur <= found.blur.max(SAME) {
                return;
            }
            search.classes.remove(known);
            return self.insert(m, found, search);
        }
        let multiplicity = self.symmetry.multiplicity(&m);
        search.classes.push(Class { m, found, multiplicity });
    }

    /// The solutions with one unknown, both signs where they differ.
    pub(super) fn scan(&self, saddle: &Saddle, temperature: f64, search: &mut Search) {
        let outside = self.count - saddle.sizes()[0];
        if self.has_zero()
            && (temperature > 0.0 || !self.law.has_levels())
            && let Some(found) = saddle.describe(vec![0.0], temperature, 0.0)
        {
            self.collect(&saddle.sizes(), outside, found, search);
        }
        for root in self.roots(saddle, temperature) {
            if let Some(found) = saddle.solve(&[root], temperature)
                && (found.m[0] - root).abs() < 1e-3 * root.abs()
            {
                self.collect(&saddle.sizes(), outside, found, search);
            }
        }
    }

    /// Roots m ≠ 0 of the equation with one unknown, the largest first.
    pub(super) fn roots(&self, saddle: &Saddle, temperature: f64) -> Vec<f64> {
        let mirrored = self.model.patterns.value().is_symmetric() || self.fold;
        let signs: &[f64] = if mirrored { &[1.0] } else { &[1.0, -1.0] };
        let ratio = if self.law.has_levels() { 0.96 } else { 0.88 };
        let mut out = Vec::new();
        for sign in signs {
            let mut f =
                |m: f64| saddle.map(&[sign * m], temperature).map_or(f64::NAN, |image| m - sign * image[0]);
            let mut high = 1.01 * self.law.largest() * self.power().sqrt();
            let mut above = f(high);
            while high > 1e-6 {
                let low = ratio * high;
                let below = f(low);
                if (above > 0.0) != (below > 0.0)
                    && let Some(root) = brent(low, high, &mut f)
                {
                    out.push(sign * root);
                }
                (high, above) = (low, below);
            }
        }
        out
    }

    /// Whether there are too many columns for the search for all states: only symmetric ones are listed, n memories
    /// with one overlap and the others with 0, or with one other overlap where they cannot stay without; n is at
    /// most the number returned.
    pub fn lists_symmetric_only(&self, temperature: f64) -> Option<usize> {
        let discrete = matches!(self.columnar, Columnar::Discrete(_));
        let largest = if self.is_slow(temperature) { SLOW } else { ENUMERATED };
        (discrete && self.form.is_none() && self.count > largest).then(|| {
            let groups = if self.has_outside() { self.count } else { self.count / 2 };
            groups.min(DISPLAYED)
        })
    }

    /// The faces of the states that are listed where columns are too many: sizes of groups, and memories outside.
    pub(super) fn few_faces(&self) -> Vec<(Vec<usize>, usize)> {
        let p = self.count;
        if self.has_outside() {
            return (1..=p.min(DISPLAYED)).map(|n| (vec![n], p - n)).collect();
        }
        let pairs = (1..=(p / 2).min(DISPLAYED)).map(|n| (vec![n, p - n], 0));
        std::iter::once((vec![p], 0)).chain(pairs).collect()
    }

    /// p > 9: symmetric mixtures only; of biased memories those with two overlaps.
    fn symmetric_search(&self, temperature: f64) -> Search {
        let mut out = Search::default();
        let Columnar::Discrete(support) = self.columnar else { return out };
        if self.has_zero()
            && let Some(found) = self.groups(&support, &[self.count], 0).describe(vec![0.0], temperature, 0.0)
        {
            self.collect(&[self.count], 0, found, &mut out);
        }
        for (sizes, outside) in self.few_faces() {
            if let [n] = sizes[..] {
                if let Some(found) = self.symmetric_found(n, self.count, temperature) {
                    self.collect(&sizes, outside, found, &mut out);
                }
                continue;
            }
            let saddle = self.groups(&support, &sizes, outside);
            let starts = if self.is_slow(temperature) { STARTS / 4 } else { STARTS };
            self.explore(&saddle, outside, temperature, 0, starts, &mut out);
            // The larger group carries the state: one memory alone starts where no lattice does.
            let mattis = [self.law.largest(), 0.0];
            if let Some(found) = saddle.solve(&mattis, temperature) {
                self.collect(&sizes, outside, found, &mut out);
            }
        }
        out
    }

    /// Two or three continuous memories.
    fn tensor_search(&self, temperature: f64) -> Result<Search, TheoryError> {
        let refuse = |because: &str, nearest: &str| {
            let what = format!("all states of p = {} memories `{}`", self.count, self.model.patterns);
            Err(unsupported(what, because, nearest))
        };
        let (Some(saddle), Some(coarse)) = (self.every(), self.tensor(COARSE)) else {
            if self.law.has_levels() {
                return refuse("products of quadratures serve up to three memories", "p ≤ 3");
            }
            let because = format!("products of quadratures need levels, which `{}` has not", self.model.unit);
            return refuse(&because, "a unit with levels, or p = 1");
        };
        if temperature <= 0.0 {
            return refuse(
                "at T = 0 products of quadratures do not follow the jumps of units",
                "T > 0, or p = 1",
            );
        }
        if saddle.moments(&vec![0.5; self.count], temperature).is_none() {
            return refuse("its quadrature would need too many nodes here", "a higher temperature, or p = 1");
        }
        let mut search = self.with_zero(temperature);
        let faces =
            if self.form.is_some() { vec![(vec![1; self.count], 0)] } else { shapes(self.count, true) };
        let k = self.count;
        let mut known = Search::default();
        for (sizes, outside) in faces {
            for i in 0..if sizes.len() == 1 { 3 } else { 6 } {
                let point = lattice(i + 1, sizes.len());
                let reach = self.law.largest();
                let values: Vec<f64> = point
                    .iter()
                    .map(|u| reach * if self.form.is_none() { *u } else { 2.0 * u - 1.0 })
                    .collect();
                let mut start = expand(&sizes, &values);
                start.extend(std::iter::repeat_n(0.0, outside));
                if let Some(found) = coarse.solve(&start, temperature) {
                    self.collect(&vec![1; k], 0, found, &mut known);
                }
            }
        }
        for class in known.classes {
            if let Some(found) = saddle.solve(&class.m, temperature) {
                self.collect(&vec![1; k], 0, found, &mut search);
            }
        }
        Ok(search)
    }
}

/// One number for every memory of the groups.
pub(super) fn expand(sizes: &[usize], m: &[f64]) -> Vec<f64> {
    sizes.iter().zip(m).flat_map(|(n, m)| std::iter::repeat_n(*m, *n)).collect()
}
