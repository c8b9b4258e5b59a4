//! Speed of the generator: 64 KiB of words, beside xoshiro256++ in as many lanes as the vectors have.
#![allow(unsafe_code)] // the lanes of the peer are compiled for vectors, after asking for them

use divan::Bencher;
use divan::counter::BytesCount;
use mattis::sim::kernel::ars::Schedule;
use mattis::simd::Vectors;

const BLOCKS: usize = 4096;

fn main() {
    divan::main();
}

fn kinds() -> Vec<Vectors> {
    Vectors::available().collect()
}

#[divan::bench(args = kinds())]
fn ars7(bencher: Bencher, vectors: Vectors) {
    let schedule = Schedule::new([1, 2]);
    let mut out = vec![[0; 2]; BLOCKS];
    let mut first = 0;
    bencher.counter(BytesCount::new(16 * BLOCKS)).bench_local(|| {
        schedule.fill(first, divan::black_box(&mut out), vectors);
        first += BLOCKS as u64;
    });
}

/// Eight generators side by side (Blackman and Vigna 2021).
struct Lanes([[u64; 8]; 4]);

#[inline(always)]
fn fill(lanes: &mut Lanes, out: &mut [[u64; 8]]) {
    // One operation of all lanes after the other, so that each is a vector instruction.
    let both = |x: [u64; 8], y: [u64; 8], f: fn(u64, u64) -> u64| -> [u64; 8] {
        std::array::from_fn(|lane| f(x[lane], y[lane]))
    };
    let [mut a, mut b, mut c, mut d] = lanes.0;
    for words in out {
        let sum = both(a, d, u64::wrapping_add);
        *words = both(sum.map(|x| x.rotate_left(23)), a, u64::wrapping_add);
        let shifted = b.map(|x| x << 17);
        c = both(c, a, |x, y| x ^ y);
        d = both(d, b, |x, y| x ^ y);
        b = both(b, c, |x, y| x ^ y);
        a = both(a, d, |x, y| x ^ y);
        c = both(c, shifted, |x, y| x ^ y);
        d = d.map(|x| x.rotate_left(45));
    }
    lanes.0 = [a, b, c, d];
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq")]
fn fill_avx512(lanes: &mut Lanes, out: &mut [[u64; 8]]) {
    fill(lanes, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_avx2(lanes: &mut Lanes, out: &mut [[u64; 8]]) {
    fill(lanes, out);
}

#[divan::bench(args = kinds())]
fn xoshiro256_lanes(bencher: Bencher, vectors: Vectors) {
    let mut lanes = Lanes(std::array::from_fn(|word| {
        std::array::from_fn(|lane| (8 * word + lane + 1) as u64 * 0x9e37_79b9_7f4a_7c15)
    }));
    let mut out = vec![[0; 8]; BLOCKS / 4];
    bencher.counter(BytesCount::new(16 * BLOCKS)).bench_local(|| match vectors {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: only kinds that exist are listed.
        Vectors::Avx512 => unsafe { fill_avx512(&mut lanes, divan::black_box(&mut out)) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: only kinds that exist are listed.
        Vectors::Avx2 => unsafe { fill_avx2(&mut lanes, divan::black_box(&mut out)) },
        _ => fill(&mut lanes, divan::black_box(&mut out)),
    });
}
