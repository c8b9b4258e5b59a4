//! Units: one degree of freedom, stated by its single-site measure.
//!
//! With local field h, reaction Γ and temperature T the measure is
//! P(s) ∝ ρ(ds) exp{A(s)/T}, A(s) = h s + ½Γs² − V(s), and
//!
//! w(h, Γ, T) = T ln ∫ρ(ds) exp{A(s)/T},  w(h, Γ, 0) = max_s A(s)
//!
//! says everything: ∂w/∂h = ⟨s⟩ is the activation function, ∂²w/∂h² = Var(s)/T the response,
//! ∂w/∂Γ = ½⟨s²⟩, ∂w/∂T the single-site entropy.

mod continuous;
mod counts;
mod cumulants;
mod density;
mod half_normal;
mod levels;
mod network;
mod points;
mod quadrature;
mod response;

use std::fmt::Debug;
use std::sync::Arc;

pub use continuous::{Activation, ContinuousLaw, CurvePoint, GroundCurve};
pub(crate) use cumulants::exp_beyond_linear;
pub use density::{Density, DensityLaw};
pub use levels::Envelope;
pub use response::Responses;

use crate::catalogue::{Catalogued, Choice, Entry};

/// The values a unit can take.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Alphabet<'a> {
    /// A finite list, in increasing order. Engines store the index.
    Levels(&'a [f64]),
    /// An interval with Lebesgue measure.
    Continuous(&'a dyn ContinuousLaw),
    /// An interval, which need not be bounded, with a density of any shape. A hidden unit only.
    Density(&'a dyn DensityLaw),
    /// 0, 1, 2, …, with a weight ρ e^{A/T} that has one maximum. A hidden unit only.
    Counts,
    /// Q states without an order, each with a field of its own. No scalar field acts on such a unit: it has
    /// no levels and no [`Responses`]; its closure and its network are their own.
    Colours(usize),
}

/// What a unit is. Only the alphabet is required; everything else follows from it and the potential.
pub trait UnitLaw: Debug + Send + Sync {
    /// The values.
    fn alphabet(&self) -> Alphabet<'_>;

    /// The potential V(s).
    fn potential(&self, _s: f64) -> f64 {
        0.0
    }

    /// The reference measure ρ({s}) of a level; counting measure by default.
    fn weight(&self, _s: f64) -> f64 {
        1.0
    }

    /// ln ρ({s}), where ρ itself may underflow.
    fn log_weight(&self, s: f64) -> f64 {
        self.weight(s).ln()
    }

    /// Fills w and its derivatives for the fields `centre + offset`. A centre where the unit switches
    /// keeps full relative accuracy of the responses for offsets far below rounding of the centre.
    /// T = 0 gives w, its slope and zero for what is a sum of δ functions there ([`UnitLaw::envelope`]).
    /// Where the measure is infinite, as an exponential tail is for every Γ > 0, w is +∞ and the rest NaN. Of a
    /// density or counts T = 0 gives no more than w and its slope.
    fn responses(&self, centre: f64, offsets: &[f64], gamma: f64, temperature: f64, out: &mut Responses) {
        match self.alphabet() {
            Alphabet::Levels(_) => levels::responses(self, centre, offsets, gamma, temperature, out),
            Alphabet::Continuous(law) => {
                let potential = |s: f64| self.potential(s);
                continuous::responses(law, &potential, (centre, offsets), gamma, temperature, out);
            }
            Alphabet::Density(law) => {
                let potential = |s: f64| self.potential(s);
                density::responses(law, &potential, (centre, offsets), gamma, temperature, out);
            }
            Alphabet::Counts => counts::responses(self, (centre, offsets), gamma, temperature, out),
            Alphabet::Colours(_) => out.undefined(offsets.len()),
        }
    }

    /// Fills K(q), K′(q), K″(q), … of K(q) = w(q, 0, 1) − w(0, 0, 1), the cumulant generating function of the
    /// measure ρ(ds) e^{−V(s)}; K′ is the activation ⟨s⟩, K″ its variance. NaN outside [`UnitLaw::fields`] and of
    /// a unit that no scalar field acts on.
    fn cumulants(&self, q: f64, out: &mut [f64]) {
        cumulants::of(self, q, out);
    }

    /// K(c + q) − K(c), with relative digits also where q is small beside c or beside 1. (Where the mean at c
    /// vanishes by cancellation and not by symmetry, relative to |q|⟨|s|⟩.) NaN outside [`UnitLaw::fields`].
    fn shifted(&self, c: f64, q: f64) -> f64 {
        cumulants::shifted(self, c, q)
    }

    /// The open interval of fields where w(q, 0, 1) is finite.
    fn fields(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    /// Why the unit can be a hidden unit only and not part of a network with couplings.
    fn hidden_only(&self) -> Option<&'static str> {
        None
    }

    /// What is to be said of an activation whose measure is not positive, so that no such unit exists.
    fn formal(&self) -> Option<&'static str> {
        None
    }

    /// Gain g and threshold θ of a unit s = g\[h − θ\]₊; `None` of any other.
    fn threshold_linear(&self) -> Option<[f64; 2]> {
        None
    }

    /// Gain g and threshold θ of a unit s = tanh\[g(h − θ)\]; `None` of any other.
    fn graded(&self) -> Option<[f64; 2]> {
        None
    }

    /// The exact T = 0 law: which level wins at which field. A continuous unit switches nowhere: no levels.
    fn envelope(&self, gamma: f64) -> Envelope {
        levels::envelope(self, gamma)
    }

    /// Draws s from the measure, as a map of one uniform u in [0, 1). At T = 0 the largest A(s) wins; of
    /// several, the lowest level. NaN where the measure is infinite.
    fn draw(&self, h: f64, gamma: f64, temperature: f64, u: f64) -> f64 {
        match self.alphabet() {
            Alphabet::Levels(_) => levels::draw(self, h, gamma, temperature, u),
            Alphabet::Continuous(law) => {
                continuous::draw(law, &|s| self.potential(s), h, gamma, temperature, u)
            }
            Alphabet::Density(law) => density::draw(law, &|s| self.potential(s), h, gamma, temperature, u),
            Alphabet::Counts => counts::draw(self, h, gamma, temperature, u),
            Alphabet::Colours(_) => f64::NAN,
        }
    }
}

/// A unit chosen by name. It dereferences to its law.
pub type Unit = Choice<Arc<dyn UnitLaw>>;

impl Unit {
    /// w(h, Γ, T).
    pub fn w(&self, h: f64, gamma: f64, temperature: f64) -> f64 {
        let mut out = Responses::default();
        self.responses(h, &[0.0], gamma, temperature, &mut out);
        out.w[0]
    }

    /// The levels of a unit with a finite alphabet; none of any other.
    pub fn levels(&self) -> Vec<f64> {
        if let Alphabet::Levels(levels) = self.alphabet() { levels.to_vec() } else { Vec::new() }
    }

    /// The law of a continuous unit.
    pub fn continuous(&self) -> Option<&dyn ContinuousLaw> {
        if let Alphabet::Continuous(law) = self.alphabet() { Some(law) } else { None }
    }

    /// The number Q of states of a Potts unit.
    pub fn colours(&self) -> Option<usize> {
        if let Alphabet::Colours(states) = self.alphabet() { Some(states) } else { None }
    }

    /// Whether s → −s is a symmetry of alphabet, potential and reference measure.
    pub fn is_even(&self) -> bool {
        if let Some(law) = self.continuous() {
            return law.is_even();
        }
        if let Alphabet::Density(law) = self.alphabet() {
            return law.is_even();
        }
        let levels = self.levels();
        !levels.is_empty()
            && levels.iter().all(|s| {
                levels.contains(&-s)
                    && self.potential(*s) == self.potential(-s)
                    && self.weight(*s) == self.weight(-s)
            })
    }

    /// Whether the unit is ±1, so that s² is a constant.
    pub fn is_binary_spin(&self) -> bool {
        self.levels() == [-1.0, 1.0] && self.is_even()
    }

    /// A uniform level of a finite alphabet: the draw of a start without memory.
    pub fn random_level(&self, u: f64) -> usize {
        let count = self.levels().len();
        ((u * count as f64) as usize).min(count.saturating_sub(1))
    }
}

/// Declares the unit files and lists their entries: one line for a new unit.
macro_rules! units {
    ($($file:ident),* $(,)?) => {
        $(pub mod $file;)*
        impl Catalogued for Arc<dyn UnitLaw> {
            const WHAT: &'static str = "unit";
            fn entries() -> &'static [Entry<Self>] {
                static ENTRIES: &[Entry<Arc<dyn UnitLaw>>] = &[$($file::ENTRY),*];
                ENTRIES
            }
        }
    };
}

units! {
    ising,
    binary,
    three_state,
    graded,
    threshold_linear,
    potts,
    binomial,
    gaussian,
    double_relu,
    boolean_gaussian,
    uniform,
    poisson,
    exponential_density,
    laplace,
    softplus,
    polynomial,
}
