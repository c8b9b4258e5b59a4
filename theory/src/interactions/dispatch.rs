//! Work that is compiled once for each kind of vector instructions.
//!
//! The code of a [`Job`] is plain and without multiplications fused with additions, so each kind gives the same
//! bytes. It is inlined into one function for each kind, whose instructions the compiler then may use.
//!
//! Safety: such a function may run only on a machine with these instructions, which is asked right before.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

/// Something to be done with any vector instructions.
pub(super) trait Job {
    type Output;

    /// Does it, holding ROWS × BLOCKS sums of eight in registers; to be marked `#[inline(always)]`.
    fn run<const ROWS: usize, const BLOCKS: usize>(self) -> Self::Output;
}

/// Does it with these instructions, or without where the machine lacks them.
pub(super) fn run<J: Job>(vectors: Vectors, job: J) -> J::Output {
    #[cfg(target_arch = "x86_64")]
    match vectors {
        // SAFETY: the machine has the instructions.
        Vectors::Avx512 if vectors.exists() => return unsafe { avx512(job) },
        // SAFETY: the same.
        Vectors::Avx2 if vectors.exists() => return unsafe { avx2(job) },
        _ => {}
    }
    let _ = vectors;
    job.run::<2, 1>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512<J: Job>(job: J) -> J::Output {
    job.run::<4, 4>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<J: Job>(job: J) -> J::Output {
    job.run::<4, 1>()
}
