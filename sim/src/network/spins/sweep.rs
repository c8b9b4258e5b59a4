//! One sweep: a first look at many decisions at a time, and the exact rule for the few that may flip.
//!
//! Updates are truly one after another: the look goes ahead of the units that follow, and after a flip it is
//! repeated for them in the new fields. What a word asks of a field does not change meanwhile: with AVX-512 and
//! in turn the words of 128 units are made into bars once, and fields are compared with these.

use std::ops::Range;

use mattis_simd::Vectors;

use super::cache::Watch;
use super::{Cache, Coupled, Hebb, Spins};
use crate::dynamics::{SpinRule, SpinSweep, Step, Visits, integer_sign, spin_step, with_own};
use crate::kernel::BLOCK;
use crate::kernel::look::{Levels, Look, TOGETHER};
use crate::kernel::overlap::Flip;
use crate::random::{Decisions, Uniforms, index};

/// Groups of 64 whose fields are made together.
const AHEAD: usize = 4;

/// Groups of 64 picks that are drawn together.
const PICKS: usize = 4;

/// The upper bits of decision k of 64.
#[inline]
fn upper(coarse: &[[u64; 2]], k: usize) -> u16 {
    (coarse[k / 8][k / 4 % 2] >> (16 * (k % 4))) as u16
}

/// The bits from one on.
#[inline]
fn from(bit: usize) -> u128 {
    if bit < BLOCK { u128::MAX << bit } else { 0 }
}

/// The bits of so many units, 64 at most.
#[inline]
fn first_bits(count: usize) -> u64 {
    !(from(count) as u64)
}

impl<C: Coupled> Spins<C> {
    pub(super) fn kernel_sweep(&mut self, sweep: SpinSweep<'_>) -> Step {
        let SpinSweep { rule, visits, decisions } = sweep;
        let own = if let Visits::AtOnce(diagonal) = visits { diagonal } else { 0.0 };
        let look = self.look(rule, own);
        decisions.coarse(&mut self.coarse);
        self.flips.clear();
        match visits {
            // Elsewhere a comparison with bars is not shorter than another look.
            Visits::InTurn if self.vectors == Vectors::Avx512 => {
                self.in_turn_by_bars(&look, &decisions, rule);
            }
            Visits::InTurn => self.in_turn(&look, &decisions, rule),
            Visits::Picked(words) => self.picked(&look, &decisions, &words, rule),
            Visits::AtOnce(_) => return self.at_once(&look, &decisions, own, rule),
        }
        self.count_flips();
        Step::changed(self.flips.len())
    }

    fn in_turn(&mut self, look: &Look, decisions: &Decisions, rule: SpinRule<'_>) {
        let scale = self.coupled.scale();
        for group in 0..self.neurons.div_ceil(TOGETHER) {
            let first = group * TOGETHER;
            let valid = first_bits(self.neurons - first);
            let mut left = self.candidates(look, group) & valid;
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                let unit = first + k;
                let field = self.integer_field(unit) as f64 * scale;
                let upper = upper(&self.coarse[first / 8..], k);
                if rule.decides(self.levels[unit], field, upper, || decisions.complete(unit, upper)) {
                    let Flip { up, .. } = self.turn(unit);
                    self.coupled.flip(unit, up, &mut self.cache);
                    left = self.candidates(look, group) & valid & !first_bits(k + 1);
                }
            }
        }
    }

    /// The same with bars.
    fn in_turn_by_bars(&mut self, look: &Look, decisions: &Decisions, rule: SpinRule<'_>) {
        let scale = self.coupled.scale();
        let mut watch = Watch::default();
        for block in 0..self.neurons.div_ceil(BLOCK) {
            let first = block * BLOCK;
            let valid = !from(self.neurons - first);
            let mut left = self.begin(&mut watch, look, block) & valid;
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                let unit = first + k;
                let field = self.integer_field(unit) as f64 * scale;
                let upper = upper(&self.coarse[first / 8..], k);
                if rule.decides(self.levels[unit], field, upper, || decisions.complete(unit, upper)) {
                    let Flip { up, .. } = self.turn(unit);
                    self.coupled.flip(unit, up, &mut self.cache);
                    left = match watch.candidates(&self.cache, block, self.vectors) {
                        Some(left) => left,
                        None => self.begin(&mut watch, look, block),
                    };
                    left &= valid & from(k + 1);
                }
            }
        }
    }

    /// Bars of a block, and its candidates.
    #[inline]
    fn begin(&self, watch: &mut Watch, look: &Look, block: usize) -> u128 {
        let units = (&self.levels.as_chunks().0[block], &self.coarse.as_chunks().0[block]);
        watch.begin(&self.cache, block, look, units, self.vectors)
    }

    /// The look at the numbers in the cache.
    fn look(&self, rule: SpinRule<'_>, own: f64) -> Look {
        let scale = self.coupled.scale();
        let rest = f64::from(self.coupled.rest()) * scale;
        let step = f64::from(self.coupled.step()) * scale;
        Look::new(rule.law(), rule.temperature(), step, rule.external() + rest, own)
    }

    #[inline]
    fn candidates(&self, look: &Look, group: usize) -> u64 {
        let levels = &self.levels.as_chunks::<TOGETHER>().0[group];
        let coarse = &self.coarse.as_chunks::<{ TOGETHER / 8 }>().0[group];
        self.cache.candidates(look, group, levels, coarse, self.vectors)
    }

    fn picked(&mut self, look: &Look, decisions: &Decisions, words: &Uniforms, rule: SpinRule<'_>) {
        let neurons = self.neurons;
        let scale = self.coupled.scale();
        let mut units = [0_u32; TOGETHER];
        let (mut numbers, mut levels) = ([0; TOGETHER], [0; TOGETHER]);
        let mut picks = [[0; 2]; PICKS * TOGETHER / 2];
        for group in 0..neurons.div_ceil(TOGETHER) {
            let first = group * TOGETHER;
            let count = TOGETHER.min(neurons - first);
            let valid = first_bits(count);
            if group % PICKS == 0 {
                words.blocks_from((first / 2) as u64, &mut picks);
            }
            let part = &picks.as_flattened()[group % PICKS * TOGETHER..][..count];
            for (unit, word) in units.iter_mut().zip(part) {
                *unit = index(*word, neurons) as u32;
            }
            let coarse = self.coarse.as_chunks::<{ TOGETHER / 8 }>().0[group];
            self.gather(&units, &mut numbers, &mut levels);
            let mut left = look.candidates(&numbers, &levels, &coarse, self.vectors) & valid;
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                let unit = units[k] as usize;
                let field = self.integer_field(unit) as f64 * scale;
                let upper = upper(&coarse, k);
                if rule.decides(self.levels[unit], field, upper, || decisions.complete(first + k, upper)) {
                    let Flip { up, .. } = self.turn(unit);
                    self.coupled.flip(unit, up, &mut self.cache);
                    self.gather(&units, &mut numbers, &mut levels);
                    left = look.candidates(&numbers, &levels, &coarse, self.vectors)
                        & valid
                        & !first_bits(k + 1);
                }
            }
        }
    }

    #[inline]
    fn gather(&self, units: &[u32; TOGETHER], numbers: &mut [i32; TOGETHER], levels: &mut Levels) {
        match &self.cache {
            Cache::Wide(cached) => {
                for (number, unit) in numbers.iter_mut().zip(units) {
                    *number = cached[*unit as usize];
                }
            }
            Cache::Narrow { numbers: cached, .. } => {
                for (number, unit) in numbers.iter_mut().zip(units) {
                    *number = cached[*unit as usize].into();
                }
            }
        }
        for (level, unit) in levels.iter_mut().zip(units) {
            *level = self.levels[*unit as usize];
        }
    }

    /// All decisions in the fields of one state, then all flips.
    fn at_once(&mut self, look: &Look, decisions: &Decisions, own: f64, rule: SpinRule<'_>) -> Step {
        let external = rule.external();
        let neurons = self.neurons;
        let scale = self.coupled.scale();
        let symmetric = self.coupled.is_symmetric();
        let aligned = if symmetric { self.aligned() } else { 0 };
        let before = if external == 0.0 { 0 } else { self.magnetisation() };
        let (mut turned, mut drift) = (0, 0);
        for group in 0..neurons.div_ceil(TOGETHER) {
            let first = group * TOGETHER;
            let mut left = self.candidates(look, group) & first_bits(neurons - first);
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                let unit = first + k;
                let (level, field) = (self.levels[unit], self.integer_field(unit));
                let s = integer_sign(level);
                let upper = upper(&self.coarse[first / 8..], k);
                let whole = with_own(field as f64 * scale, own * s as f64);
                if rule.decides(level, whole, upper, || decisions.complete(unit, upper)) {
                    turned += s * field;
                    drift -= 2 * s;
                    self.turn(unit);
                }
            }
        }
        let mut change = self.overlaps.clone();
        self.count_flips();
        for (change, sum) in change.iter_mut().zip(&self.overlaps) {
            *change = sum - *change;
        }
        self.coupled.flip_all(&self.flips, &change, &mut self.cache);
        let moments = (before, before + drift);
        let step = spin_step((aligned, turned, scale), (own, external), (neurons, self.flips.len()), moments);
        Step { two_time_energy: step.two_time_energy.filter(|_| symmetric), ..step }
    }
}

impl Spins<Hebb> {
    /// A sweep in turn with fields from the overlaps, some groups of units at a time; the cache is not used
    /// and not kept.
    pub(super) fn sweep_by_blocks(&mut self, sweep: SpinSweep<'_>) -> Step {
        let SpinSweep { rule, visits: _, decisions } = sweep;
        let scale = self.coupled.scale();
        let look = self.look(rule, 0.0);
        decisions.coarse(&mut self.coarse);
        let mut changes = 0;
        self.coupled.prepare(&self.overlaps);
        let neurons = self.neurons;
        let groups = neurons.div_ceil(TOGETHER);
        for from_group in (0..groups).step_by(AHEAD) {
            let to_group = groups.min(from_group + AHEAD);
            self.make_groups(from_group..to_group);
            for group in from_group..to_group {
                let first = group * TOGETHER;
                let valid = first_bits(neurons - first);
                let mut left = self.candidates(&look, group) & valid;
                while left != 0 {
                    let k = left.trailing_zeros() as usize;
                    left &= left - 1;
                    let unit = first + k;
                    let field = self.integer_field(unit) as f64 * scale;
                    let upper = upper(&self.coarse[first / 8..], k);
                    if rule.decides(self.levels[unit], field, upper, || decisions.complete(unit, upper)) {
                        self.set_without_fields(unit);
                        changes += 1;
                        self.coupled.prepare(&self.overlaps);
                        self.make_groups(group..to_group);
                        left = self.candidates(&look, group) & valid & !first_bits(k + 1);
                    }
                }
            }
        }
        Step::changed(changes)
    }

    /// Numbers of groups of 64 units by the tables that the couplings hold now.
    fn make_groups(&mut self, groups: Range<usize>) {
        let units = groups.start * TOGETHER..self.neurons.min(groups.end * TOGETHER);
        self.coupled.project(groups, &self.levels[units.clone()], &mut self.cache.wide()[units]);
    }
}
