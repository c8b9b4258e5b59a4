//! Speed of a scan over numbers of memories: how many stored memories and bits one update changes. N = 10⁴,
//! 50, 100, …, 1000 memories, which exist when the clock starts. The counter is memories that are tested.

use divan::Bencher;
use divan::counter::ItemsCount;
use mattis::sim::network::Memories;
use mattis::sim::random::{Source, disorder};
use mattis::sim::stability::unstable;
use mattis::simd::Vectors;

const NEURONS: usize = 10_000;
const STEP: usize = 50;
const STEPS: usize = 20;

fn main() {
    divan::main();
}

#[divan::bench(args = Vectors::available(), sample_count = 10)]
fn stability(bencher: Bencher, vectors: Vectors) {
    let counts: Vec<usize> = (1..=STEPS).map(|k| STEP * k).collect();
    let source = Source { seed: 1, sample: disorder(NEURONS, 0) };
    let memories = Memories::draw(NEURONS, STEP * STEPS, source).expect("memories that fit");
    let tested: usize = counts.iter().sum();
    bencher
        .counter(ItemsCount::new(tested))
        .bench_local(|| unstable(&memories, &counts, vectors, || false).expect("a scan"));
}
