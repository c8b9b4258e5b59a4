//! The words behind every simulation, raw on standard output, for batteries of statistical tests.
//!
//! `words stream` gives one stream to its end, `words sweeps` 64 words of one sweep after the other:
//! `cargo run --release -p mattis-sim --example words sweeps | dieharder -a -g 200`

use std::io::{self, Write};

use mattis_model::address::Purpose;
use mattis_sim::random::Source;

fn main() -> io::Result<()> {
    let each = match std::env::args().nth(1).as_deref() {
        Some("stream") => u64::MAX,
        Some("sweeps") => 64,
        _ => return Err(io::Error::other("expected stream or sweeps")),
    };
    let source = Source { seed: 1, sample: 0 };
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for sweep in 0.. {
        for (word, _) in source.stream(Purpose::Update, 0, sweep).zip(0..each) {
            if let Err(error) = out.write_all(&word.to_le_bytes()) {
                // The reader has seen enough.
                return if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) };
            }
        }
    }
    Ok(())
}
