//! The deterministic dynamics.

use super::Enumeration;

/// What the dynamics at T = 0 ends in. A unit that is indifferent between its own and another level keeps
/// its own; one that must choose between others takes the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attractors {
    /// Fixed points of the parallel map s_i′ = argmax_s [H_i s − V(s)]: no unit would rather have another level.
    pub fixed: usize,
    /// Those of them where every unit strictly prefers its level.
    pub strict: usize,
    /// States on cycles of length two of the parallel map.
    pub two_cycle_states: usize,
    /// States on longer cycles of the parallel map; none where J is symmetric.
    pub longer_cycle_states: usize,
    /// States that no change of a single unit lowers in energy: fixed points of sequential updates.
    pub minima: usize,
    /// Those of them where every such change costs energy.
    pub strict_minima: usize,
}

impl Enumeration {
    /// Fixed points and cycles at T = 0. Ties are decided within the rounding of the local fields.
    pub fn attractors(&self) -> Attractors {
        let map = self.parallel_map();
        let mut found = Attractors {
            fixed: 0,
            strict: map.strict,
            two_cycle_states: 0,
            longer_cycle_states: 0,
            minima: 0,
            strict_minima: 0,
        };
        // 0: not seen; otherwise the number of the walk that saw the state first.
        let mut seen = vec![0u32; self.states];
        for start in 0..self.states {
            let walk = start as u32 + 1;
            let mut state = start;
            while seen[state] == 0 {
                seen[state] = walk;
                state = map.next[state];
            }
            if seen[state] != walk {
                continue;
            }
            let mut length = 1;
            let mut other = map.next[state];
            while other != state {
                length += 1;
                other = map.next[other];
            }
            match length {
                1 => found.fixed += 1,
                2 => found.two_cycle_states += 2,
                _ => found.longer_cycle_states += length,
            }
        }
        (found.minima, found.strict_minima) = self.minima();
        found
    }

    /// The state after one parallel update at T = 0.
    pub fn parallel_successor(&self, state: usize) -> usize {
        let digits = self.digits(state);
        let spins: Vec<f64> = digits.iter().map(|d| self.levels[*d]).collect();
        let mut inputs = vec![0.0; self.units];
        self.inputs(&spins, &mut inputs);
        self.successor(&digits, &inputs, &self.field_rounding()).0
    }

    fn parallel_map(&self) -> Map {
        let rounding = self.field_rounding();
        let mut inputs = vec![0.0; self.units];
        let mut map = Map { next: Vec::with_capacity(self.states), strict: 0 };
        self.visit(|_, digits, spins| {
            self.inputs(spins, &mut inputs);
            let (next, strict) = self.successor(digits, &inputs, &rounding);
            map.next.push(next);
            map.strict += usize::from(strict);
        });
        map
    }

    /// The next state, and whether it is the same with every unit strictly preferring its level.
    fn successor(&self, digits: &[usize], inputs: &[f64], rounding: &[f64]) -> (usize, bool) {
        let base = self.levels.len();
        let mut strict = true;
        let next = (0..self.units).rev().fold(0, |state, i| {
            let action = |d: usize| (inputs[i] + self.field) * self.levels[d] - self.potentials[d];
            let best = (0..base).map(action).fold(f64::NEG_INFINITY, f64::max);
            let wins = |d: &usize| action(*d) >= best - rounding[i];
            let chosen = if wins(&digits[i]) { digits[i] } else { (0..base).find(wins).unwrap_or_default() };
            strict &= (0..base).all(|d| wins(&d) == (d == digits[i]));
            state * base + chosen
        });
        (next, strict)
    }

    /// How far rounding can move H_i s − V(s) of each unit.
    fn field_rounding(&self) -> Vec<f64> {
        let top = self.levels.iter().fold(0.0, |top: f64, s| top.max(s.abs()));
        let potential = self.potentials.iter().fold(0.0, |top: f64, v| top.max(v.abs()));
        let row_sums =
            self.couplings.chunks_exact(self.units).map(|row| row.iter().map(|j| j.abs()).sum::<f64>());
        row_sums.map(|sum| 8.0 * f64::EPSILON * ((sum * top + self.field.abs()) * top + potential)).collect()
    }

    fn minima(&self) -> (usize, usize) {
        let rounding = self.energy_rounding();
        let energies = self.energies();
        let (mut weak, mut strict) = (0, 0);
        self.visit(|state, digits, _| {
            let mut stride = 1;
            let mut lowest = f64::INFINITY;
            for digit in digits {
                for other in (0..self.levels.len()).filter(|other| other != digit) {
                    lowest = lowest.min(energies[state - digit * stride + other * stride]);
                }
                stride *= self.levels.len();
            }
            weak += usize::from(lowest >= energies[state] - rounding);
            strict += usize::from(lowest > energies[state] + rounding);
        });
        (weak, strict)
    }
}

struct Map {
    next: Vec<usize>,
    strict: usize,
}
