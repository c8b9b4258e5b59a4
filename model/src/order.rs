//! Order parameters and observables: symbol, name and unit in one table.

/// A quantity as tables, axes and records name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The key in records.
    pub key: &'static str,
    /// The symbol on axes and in tables.
    pub symbol: &'static str,
    /// What it is.
    pub meaning: &'static str,
}

/// All quantities. Energies are in units of the coupling, entropies in units of k_B.
pub static TABLE: &[Quantity] = &[
    Quantity { key: "m", symbol: "m", meaning: "overlap with the nominated memory, (1/N) Σ ξ_i s_i" },
    Quantity { key: "m_max_other", symbol: "max|m'|", meaning: "largest |overlap| with any other memory" },
    Quantity { key: "m_even", symbol: "m_even", meaning: "m after an even number of parallel updates" },
    Quantity { key: "m_odd", symbol: "m_odd", meaning: "m after an odd number of parallel updates" },
    Quantity {
        key: "q", symbol: "q", meaning: "Edwards–Anderson parameter, E⟨s⟩²; overlap of two replicas"
    },
    Quantity { key: "activity", symbol: "Q", meaning: "self-overlap (1/N) Σ s_i²" },
    Quantity { key: "mean", symbol: "x", meaning: "mean activity (1/N) Σ s_i" },
    Quantity {
        key: "correlation",
        symbol: "ρ",
        meaning: "correlation of s_i with the nominated memory, m/√(v(Q − x²))",
    },
    Quantity { key: "delta", symbol: "Δ", meaning: "variance of the local field" },
    Quantity { key: "r", symbol: "r", meaning: "crosstalk, Δ/α" },
    Quantity { key: "chi", symbol: "χ", meaning: "susceptibility E[∂⟨s⟩/∂h]" },
    Quantity { key: "d", symbol: "d", meaning: "two-time overlap E⟨s s'⟩ under parallel updates" },
    Quantity {
        key: "d2",
        symbol: "d₂",
        meaning: "overlap of states two parallel updates apart; 1 in a 2-cycle",
    },
    Quantity { key: "free_energy", symbol: "f", meaning: "free energy per unit" },
    Quantity { key: "energy", symbol: "u", meaning: "energy per unit" },
    Quantity { key: "entropy", symbol: "S", meaning: "entropy per unit" },
    Quantity {
        key: "replicon", symbol: "Λ", meaning: "replicon; negative where replica symmetry is broken"
    },
];

macro_rules! overlaps {
    ($($number:literal $symbol:literal),*) => {
        [$(Quantity {
            key: concat!("m_", $number),
            symbol: $symbol,
            meaning: concat!("overlap with memory ", $number, " of a finite number"),
        }),*]
    };
}

/// Overlaps with the memories one by one, where their number is finite.
pub static OVERLAPS: [Quantity; 16] = overlaps![
    "1" "m₁", "2" "m₂", "3" "m₃", "4" "m₄", "5" "m₅", "6" "m₆", "7" "m₇", "8" "m₈", "9" "m₉", "10" "m₁₀",
    "11" "m₁₁", "12" "m₁₂", "13" "m₁₃", "14" "m₁₄", "15" "m₁₅", "16" "m₁₆"
];

/// The entry of a key.
pub fn quantity(key: &str) -> Option<&'static Quantity> {
    TABLE.iter().chain(&OVERLAPS).find(|quantity| quantity.key == key)
}
