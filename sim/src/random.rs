//! Addressed uniforms: the generator behind [`mattis_model::address`].
//!
//! A uniform is the 64-bit word at a position of the stream that an [`Address`] names. Reading a stream in
//! order and asking for a position give the same words. A stream is ARS-7 under a key of its own: the block
//! with counter (purpose, replica, sweep) under the key (seed, sample).

use mattis_model::address::{Address, Purpose};
use mattis_simd::Vectors;

use crate::kernel::ars::{Block, Schedule};

/// Blocks that are made at once.
const AHEAD: usize = 16;
/// Where a stream stands before block 0.
const NOWHERE: u64 = (AHEAD as u64).wrapping_neg();

/// The words of one stream.
#[derive(Debug, Clone)]
pub struct Uniforms {
    schedule: Schedule,
    vectors: Vectors,
    ahead: [Block; AHEAD],
    /// Number of the first block ahead.
    first: u64,
    /// The next word among those ahead.
    next: usize,
}

impl Uniforms {
    /// The stream of an address, at position 0.
    pub fn new(address: &Address) -> Self {
        let vectors = Vectors::best();
        let key = Schedule::new(address.key()).block(address.counter(), vectors);
        let schedule = Schedule::new(key);
        Self { schedule, vectors, ahead: [[0; 2]; AHEAD], first: NOWHERE, next: 2 * AHEAD }
    }

    /// The word at a position; reading goes on behind it.
    pub fn at(&mut self, position: u64) -> u64 {
        let block = position / 2;
        if block.wrapping_sub(self.first) >= AHEAD as u64 {
            self.make(block);
        }
        let place = 2 * (block - self.first) as usize + (position % 2) as usize;
        self.next = place + 1;
        self.ahead[place / 2][place % 2]
    }

    /// The word at a position; where reading stands does not change.
    #[inline]
    pub fn alone(&self, position: u64) -> u64 {
        self.schedule.block([position / 2, 0], self.vectors)[(position % 2) as usize]
    }

    /// The words from block `first` on, two to a block; where reading stands does not change.
    pub fn blocks_from(&self, first: u64, out: &mut [Block]) {
        self.schedule.fill(first, out, self.vectors);
    }

    fn make(&mut self, first: u64) {
        self.first = first;
        self.schedule.fill(first, &mut self.ahead, self.vectors);
    }
}

impl Iterator for Uniforms {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.next == 2 * AHEAD {
            self.make(self.first.wrapping_add(AHEAD as u64));
            self.next = 0;
        }
        let word = self.ahead[self.next / 2][self.next % 2];
        self.next += 1;
        Some(word)
    }
}

/// The words that decide in one sweep of units with levels: the upper 16 bits of word k are the k-th 16 bits
/// of one stream, the lower 48 those of word k of another one. Nearly every decision falls with the first.
#[derive(Debug, Clone)]
pub struct Decisions {
    coarse: Uniforms,
    fine: Uniforms,
    /// What is left of the present word of `coarse`.
    rest: u64,
    position: usize,
}

impl Decisions {
    /// The upper 16 bits of the first decisions, eight to a block.
    pub fn coarse(&self, out: &mut [Block]) {
        self.coarse.blocks_from(0, out);
    }

    /// The whole word of a decision with these upper bits.
    #[inline]
    pub fn complete(&self, position: usize, coarse: u16) -> u64 {
        join(coarse.into(), self.fine.alone(position as u64))
    }
}

/// A word of 16 bits and the lower 48 of another one.
#[inline]
fn join(coarse: u64, fine: u64) -> u64 {
    (coarse << 48) | (fine & (u64::MAX >> 16))
}

impl Iterator for Decisions {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.position.is_multiple_of(4) {
            self.rest = self.coarse.next()?;
        }
        let word = join(self.rest & 0xffff, self.fine.next()?);
        self.rest >>= 16;
        self.position += 1;
        Some(word)
    }
}

/// A word as a number in [0, 1): its upper 53 bits.
pub fn unit_interval(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A word as an index below `count`: the integer part of word · count / 2⁶⁴.
pub fn index(word: u64, count: usize) -> usize {
    ((u128::from(word) * count as u128) >> 64) as usize
}

/// A standard normal from two words: √(−2 ln(1 − u₁)) cos 2πu₂ (Box and Muller).
pub fn normal(first: u64, second: u64) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - unit_interval(first))).sqrt();
    radius * libm::cos(std::f64::consts::TAU * unit_interval(second))
}

/// The disorder sample of an address: the size goes into its upper half, so that the sizes of an
/// extrapolation are independent of each other.
pub fn disorder(neurons: usize, sample: usize) -> u64 {
    ((neurons as u64) << 32) | (sample as u64 & 0xffff_ffff)
}

/// The addresses of one disorder sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Master seed.
    pub seed: u64,
    /// Disorder sample, as [`disorder`] numbers it.
    pub sample: u64,
}

impl Source {
    /// The stream for a purpose, a replica and a sweep.
    pub fn stream(&self, purpose: Purpose, replica: u32, sweep: u64) -> Uniforms {
        Uniforms::new(&Address { seed: self.seed, purpose, sample: self.sample, replica, sweep })
    }

    /// The decisions of a sweep of a replica.
    pub fn decisions(&self, replica: u32, sweep: u64) -> Decisions {
        let coarse = self.stream(Purpose::Update, replica, sweep);
        Decisions { coarse, fine: self.stream(Purpose::Refinement, replica, sweep), rest: 0, position: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of an independent implementation, byte by byte from the definition of AES.
    #[test]
    fn known_answers() {
        let source = Source { seed: 42, sample: 7 };
        let mut stream = source.stream(Purpose::Update, 1, 3);
        let expected = [
            (0, 0x571c_7959_a234_9174),
            (1, 0xf451_348b_0642_f74f),
            (2, 0x65aa_4576_62a9_194a),
            (1000, 0xfdc3_5a9b_c049_b25a),
        ];
        for (position, word) in expected {
            assert_eq!(stream.at(position), word);
        }
        let in_order: Vec<u64> = source.stream(Purpose::Update, 1, 3).take(3).collect();
        assert_eq!(in_order, [0x571c_7959_a234_9174, 0xf451_348b_0642_f74f, 0x65aa_4576_62a9_194a]);
        let source = Source { seed: 1, sample: disorder(1000, 0) };
        assert_eq!(source.stream(Purpose::Patterns, 0, 0).next(), Some(0x0b55_5d42_c318_7f4d));
    }

    #[test]
    fn a_position_and_an_order_give_the_same_words() {
        let source = Source { seed: 5, sample: 3 };
        let words: Vec<u64> = source.stream(Purpose::Start, 0, 1).take(200).collect();
        let mut stream = source.stream(Purpose::Start, 0, 1);
        for position in [0, 199, 31, 32, 33, 5, 64, 0] {
            assert_eq!(stream.at(position), words[position as usize]);
            assert_eq!(
                stream.next(),
                words.get(position as usize + 1).copied().or(Some(stream.clone().at(200)))
            );
        }
        let mut blocks = vec![[0; 2]; 100];
        stream.blocks_from(0, &mut blocks);
        assert_eq!(blocks.as_flattened(), words);
    }

    #[test]
    fn decisions_are_made_of_two_streams() {
        let source = Source { seed: 42, sample: 7 };
        let words: Vec<u64> = source.decisions(1, 3).take(100).collect();
        assert_eq!((words[0], words[5]), (0x9174_19d9_2c51_068d, 0x0642_e956_3a27_c3a8));
        let decisions = source.decisions(1, 3);
        let mut blocks = [[0; 2]; 13];
        decisions.coarse(&mut blocks);
        for k in [7, 99, 0, 64] {
            let coarse = (blocks[k / 8][k / 4 % 2] >> (16 * (k % 4))) as u16;
            assert_eq!(decisions.complete(k, coarse), words[k]);
        }
    }

    #[test]
    fn words_become_numbers() {
        assert_eq!(unit_interval(0), 0.0);
        assert!(unit_interval(u64::MAX) < 1.0);
        assert_eq!((index(0, 7), index(u64::MAX, 7), index(1 << 63, 7)), (0, 6, 3));
        let mut stream = Source { seed: 3, sample: 0 }.stream(Purpose::Couplings, 0, 0);
        let mut draw = || normal(stream.next().unwrap(), stream.next().unwrap());
        let values: Vec<f64> = (0..20_000).map(|_| draw()).collect();
        let moment = |k: i32| values.iter().map(|x| x.powi(k)).sum::<f64>() / 20_000.0;
        assert!(moment(1).abs() < 0.03 && (moment(2) - 1.0).abs() < 0.05 && (moment(4) - 3.0).abs() < 0.4);
    }
}
