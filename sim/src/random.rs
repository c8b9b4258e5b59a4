//! Addressed uniforms: the generator behind [`mattis_model::address`].
//!
//! A uniform is the 64-bit word at a position of the stream that an [`Address`] names. Reading a stream in
//! order and asking for a position give the same words.

use mattis_model::address::{Address, Purpose};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The words of one stream.
#[derive(Debug, Clone)]
pub struct Uniforms(ChaCha8Rng);

impl Uniforms {
    /// The stream of an address, at position 0.
    pub fn new(address: &Address) -> Self {
        let mut generator = ChaCha8Rng::from_seed(address.key());
        generator.set_stream(address.stream());
        Self(generator)
    }

    /// The word at a position; reading goes on behind it.
    pub fn at(&mut self, position: u64) -> u64 {
        self.0.set_word_pos(2 * u128::from(position));
        self.0.next_u64()
    }
}

impl Iterator for Uniforms {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        Some(self.0.next_u64())
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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of an independent implementation of ChaCha with 8 rounds, 64-bit counter and 64-bit stream.
    #[test]
    fn known_answers() {
        let source = Source { seed: 42, sample: 7 };
        let mut stream = source.stream(Purpose::Update, 1, 3);
        let expected = [
            (0, 0xa94b_fb26_b668_3fed),
            (1, 0x7200_7ae1_45d3_9305),
            (2, 0x4a1b_ef90_c70c_d552),
            (1000, 0x86a1_51c9_ce81_d08e),
        ];
        for (position, word) in expected {
            assert_eq!(stream.at(position), word);
        }
        let in_order: Vec<u64> = source.stream(Purpose::Update, 1, 3).take(3).collect();
        assert_eq!(in_order, [0xa94b_fb26_b668_3fed, 0x7200_7ae1_45d3_9305, 0x4a1b_ef90_c70c_d552]);
        let source = Source { seed: 1, sample: disorder(1000, 0) };
        assert_eq!(source.stream(Purpose::Patterns, 0, 0).next(), Some(0x94cb_5e83_a8d0_44a1));
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
