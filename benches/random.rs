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
    let [mut a, mut b, mut c, mut d] = lanes.0;
    for words in out {
        for k in 0..8 {
            words[k] = a[k].wrapping_add(d[k]).rotate_left(23).wrapping_add(a[k]);
            let shifted = b[k] << 17;
            c[k] ^= a[k];
            d[k] ^= b[k];
            b[k] ^= c[k];
            a[k] ^= d[k];
            c[k] ^= shifted;
            d[k] = d[k].rotate_left(45);
        }
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
