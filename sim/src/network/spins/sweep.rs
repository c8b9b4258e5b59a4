//! One sweep: a first look at 64 decisions at a time, and the exact rule for the few that may flip.
//!
//! Updates are truly one after another: the look goes ahead of the units that follow, and after a flip it is
//! repeated for them in the new fields.

use std::ops::Range;

use super::{Cache, Coupled, Hebb, Spins};
use crate::dynamics::{SpinRule, SpinSweep, Step, Visits, integer_sign, spin_step, with_own};
use crate::kernel::look::{Levels, Look, TOGETHER};
use crate::random::{Decisions, Uniforms, index};

/// Blocks of 64 whose fields are made together.
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
fn from(bit: usize) -> u64 {
    if bit < TOGETHER { u64::MAX << bit } else { 0 }
}

impl<C: Coupled> Spins<C> {
    pub(super) fn kernel_sweep(&mut self, sweep: SpinSweep<'_>) -> Step {
        let SpinSweep { rule, visits, decisions } = sweep;
        let own = if let Visits::AtOnce(diagonal) = visits { diagonal } else { 0.0 };
        let look = self.look(rule, own);
        decisions.coarse(&mut self.coarse);
        self.flips.clear();
        let flips = |level, field, word| rule.flips(level, field, word);
        match visits {
            Visits::InTurn => self.in_turn(&look, &decisions, flips),
            Visits::Picked(words) => self.picked(&look, &decisions, &words, flips),
            Visits::AtOnce(_) => return self.at_once(&look, &decisions, own, rule.external(), flips),
        }
        self.count_flips();
        Step::changed(self.flips.len())
    }

    fn in_turn(&mut self, look: &Look, decisions: &Decisions, flips: impl Fn(u8, f64, u64) -> bool) {
        let neurons = self.neurons;
        let scale = self.coupled.scale();
        for group in 0..self.coarse.len() / 8 {
            let first = group * TOGETHER;
            let valid = !from(neurons - first);
            let mut left = self.candidates(look, group) & valid;
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                let unit = first + k;
                let word = decisions.complete(unit, upper(&self.coarse[first / 8..], k));
                if flips(self.levels[unit], self.integer_field(unit) as f64 * scale, word) {
                    self.turn(unit);
                    self.flips.push(unit as u32);
                    left = self.candidates(look, group) & valid & from(k + 1);
                }
            }
        }
    }

    /// The look at the numbers in the cache.
    fn look(&self, rule: SpinRule<'_>, own: f64) -> Look {
        let scale = self.coupled.scale();
        let rest = f64::from(self.coupled.rest()) * scale;
        let step = f64::from(self.coupled.step()) * scale;
        Look::new(rule.temperature(), step, rule.external() + rest, own)
    }

    #[inline]
    fn candidates(&self, look: &Look, group: usize) -> u64 {
        let levels = &self.levels.as_chunks::<TOGETHER>().0[group];
        let coarse = &self.coarse.as_chunks::<{ TOGETHER / 8 }>().0[group];
        self.cache.candidates(look, group, levels, coarse, self.vectors)
    }

    fn picked(
        &mut self,
        look: &Look,
        decisions: &Decisions,
        words: &Uniforms,
        flips: impl Fn(u8, f64, u64) -> bool,
    ) {
        let neurons = self.neurons;
        let scale = self.coupled.scale();
        let mut units = [0_u32; TOGETHER];
        let (mut numbers, mut levels) = ([0; TOGETHER], [0; TOGETHER]);
        let mut picks = [[0; 2]; PICKS * TOGETHER / 2];
        for group in 0..self.coarse.len() / 8 {
            let first = group * TOGETHER;
            let count = TOGETHER.min(neurons - first);
            let valid = !from(count);
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
                let word = decisions.complete(first + k, upper(&coarse, k));
                if flips(self.levels[unit], self.integer_field(unit) as f64 * scale, word) {
                    self.turn(unit);
                    self.flips.push(unit as u32);
                    self.gather(&units, &mut numbers, &mut levels);
                    left = look.candidates(&numbers, &levels, &coarse, self.vectors) & valid & from(k + 1);
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
    fn at_once(
        &mut self,
        look: &Look,
        decisions: &Decisions,
        own: f64,
        external: f64,
        flips: impl Fn(u8, f64, u64) -> bool,
    ) -> Step {
        let neurons = self.neurons;
        let scale = self.coupled.scale();
        let symmetric = self.coupled.is_symmetric();
        let aligned = if symmetric { self.aligned() } else { 0 };
        let before = if external == 0.0 { 0 } else { self.magnetisation() };
        let (mut turned, mut drift) = (0, 0);
        for group in 0..self.coarse.len() / 8 {
            let first = group * TOGETHER;
            let mut left = self.candidates(look, group) & !from(neurons - first);
            while left != 0 {
                let k = left.trailing_zeros() as usize;
                left &= left - 1;
                let unit = first + k;
                let word = decisions.complete(unit, upper(&self.coarse[first / 8..], k));
                let (level, field) = (self.levels[unit], self.integer_field(unit));
                let s = integer_sign(level);
                if flips(level, with_own(field as f64 * scale, own * s as f64), word) {
                    turned += s * field;
                    drift -= 2 * s;
                    self.flips.push(unit as u32);
                }
            }
        }
        for &unit in &self.flips {
            self.levels[unit as usize] ^= 1;
        }
        let mut change = self.overlaps.clone();
        self.count_flips();
        for (change, sum) in change.iter_mut().zip(&self.overlaps) {
            *change = sum - *change;
        }
        self.coupled.flip_all(&self.flips, &self.levels, &change, &mut self.cache);
        let moments = (before, before + drift);
        let step = spin_step((aligned, turned, scale), (own, external), (neurons, self.flips.len()), moments);
        Step { two_time_energy: step.two_time_energy.filter(|_| symmetric), ..step }
    }
}

impl Spins<Hebb> {
    /// A sweep in turn with fields from the overlaps, some blocks of units at a time; the cache is not used
    /// and not kept.
    pub(super) fn sweep_by_blocks(&mut self, sweep: SpinSweep<'_>) -> Step {
        let SpinSweep { rule, visits: _, decisions } = sweep;
        let scale = self.coupled.scale();
        let look = self.look(rule, 0.0);
        decisions.coarse(&mut self.coarse);
        self.flips.clear();
        self.coupled.prepare(&self.overlaps);
        let neurons = self.neurons;
        let blocks = self.coarse.len() / 8;
        for from_block in (0..blocks).step_by(AHEAD) {
            let to_block = blocks.min(from_block + AHEAD);
            self.pack_blocks(from_block..to_block);
            for group in from_block..to_block {
                let first = group * TOGETHER;
                let valid = !from(neurons - first);
                let mut left = self.candidates(&look, group) & valid;
                while left != 0 {
                    let k = left.trailing_zeros() as usize;
                    left &= left - 1;
                    let unit = first + k;
                    let word = decisions.complete(unit, upper(&self.coarse[first / 8..], k));
                    if rule.flips(self.levels[unit], self.integer_field(unit) as f64 * scale, word) {
                        self.set_without_fields(unit);
                        self.flips.push(unit as u32);
                        self.coupled.prepare(&self.overlaps);
                        self.pack_blocks(group..to_block);
                        left = self.candidates(&look, group) & valid & from(k + 1);
                    }
                }
            }
        }
        Step::changed(self.flips.len())
    }

    /// Numbers of blocks of units by the tables that the couplings hold now.
    fn pack_blocks(&mut self, blocks: Range<usize>) {
        let units = blocks.start * TOGETHER..self.neurons.min(blocks.end * TOGETHER);
        self.coupled.project(blocks, &self.levels[units.clone()], &mut self.cache.wide()[units]);
    }
}
