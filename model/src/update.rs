//! Update: the dynamics that defines the stationary state.

use crate::catalogue::{Catalogued, Choice, Entry};

/// Whether units are updated one after another or all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Schedule {
    /// One unit at a time (Glauber): P(S) ∝ e^{−βH}.
    Sequential,
    /// All units at once (Little): for ±1 units P(S) ∝ Π_i 2cosh βh_i.
    Parallel,
    /// All graded units in continuous time, without noise: ds_i/dt = S(h_i) − s_i with the activation S of the
    /// unit. Its fixed points are those of the other updates at T = 0.
    Continuous,
}

/// An update chosen by name.
pub type Update = Choice<Schedule>;

impl Catalogued for Schedule {
    const WHAT: &'static str = "update";

    fn entries() -> &'static [Entry<Self>] {
        static ENTRIES: &[Entry<Schedule>] = &[
            Entry {
                name: "sequential",
                aliases: &["glauber"],
                formula: "one unit at a time; P(S) ∝ e^{−H/T}",
                source: "Glauber, J. Math. Phys. 4, 294 (1963)",
                parameters: &[],
                build: |_| Ok(Schedule::Sequential),
            },
            Entry {
                name: "parallel",
                aliases: &["little"],
                formula: "all units at once; W(S'|S) = Π_i e^{h_i S'_i/T} / 2cosh(h_i/T)",
                source: "Little, Math. Biosci. 19, 101 (1974); Peretto, Biol. Cybern. 50, 51 (1984)",
                parameters: &[],
                build: |_| Ok(Schedule::Parallel),
            },
            Entry {
                name: "continuous",
                aliases: &[],
                formula: "graded units in continuous time at T = 0: ds_i/dt = S(h_i) − s_i; a sweep is a unit of t",
                source: "Hopfield, PNAS 81, 3088 (1984)",
                parameters: &[],
                build: |_| Ok(Schedule::Continuous),
            },
        ];
        ENTRIES
    }
}
