//! Which vector instructions the machine has.
//!
//! A kernel takes [`Vectors`] as an argument and gives the same bytes for each: what a machine has decides
//! how fast a number comes, never which number. Tests force every kind that is [available](Vectors::available).

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// A set of vector instructions, from none to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Vectors {
    /// What the compiler makes of plain code for any machine.
    Portable = 0,
    /// AVX2 and AES-NI.
    Avx2 = 1,
    /// AVX-512 F, BW, DQ, VL, VBMI, VPOPCNTDQ and BITALG, and VAES.
    Avx512 = 2,
}

/// The most that kernels may use: nothing unless [`Vectors::limit`] was called.
static LIMIT: AtomicU8 = AtomicU8::new(Vectors::Avx512 as u8);

impl Vectors {
    const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// The most that this machine has, within the [limit](Self::limit).
    #[inline]
    pub fn best() -> Self {
        Self::most().min(Self::ALL[usize::from(LIMIT.load(Ordering::Relaxed))])
    }

    /// The most that this machine has.
    #[inline]
    fn most() -> Self {
        static MOST: OnceLock<Vectors> = OnceLock::new();
        *MOST.get_or_init(|| {
            Self::ALL.into_iter().filter(|kind| kind.detected()).max().unwrap_or(Self::Portable)
        })
    }

    /// Whether this machine has it. A kernel asks before it uses the instructions.
    #[inline]
    pub fn exists(self) -> bool {
        self <= Self::most()
    }

    /// Everything that this machine has, without a limit.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| kind.exists())
    }

    /// Lets [`Vectors::best`] give at most this, in the whole process.
    pub fn limit(most: Self) {
        LIMIT.store(most as u8, Ordering::Relaxed);
    }

    #[cfg(target_arch = "x86_64")]
    fn detected(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("aes"),
            Self::Avx512 => {
                Self::Avx2.detected()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vbmi")
                    && is_x86_feature_detected!("avx512vpopcntdq")
                    && is_x86_feature_detected!("avx512bitalg")
                    && is_x86_feature_detected!("vaes")
            }
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn detected(self) -> bool {
        self == Self::Portable
    }
}

impl fmt::Display for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        })
    }
}

/// A name that is none of `portable`, `avx2` and `avx512`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownVectors;

impl fmt::Display for UnknownVectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected portable, avx2 or avx512")
    }
}

impl std::error::Error for UnknownVectors {}

impl FromStr for Vectors {
    type Err = UnknownVectors;

    fn from_str(text: &str) -> Result<Self, UnknownVectors> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == text).ok_or(UnknownVectors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_available_and_within_the_limit() {
        assert!(Vectors::available().any(|kind| kind == Vectors::best()));
        Vectors::limit(Vectors::Portable);
        assert_eq!(Vectors::best(), Vectors::Portable);
        Vectors::limit(Vectors::Avx512);
        assert_eq!(Vectors::best(), Vectors::available().max().unwrap_or(Vectors::Portable));
    }

    #[test]
    fn names_are_read_back() {
        for kind in Vectors::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert_eq!("sse".parse::<Vectors>(), Err(UnknownVectors));
    }
}
