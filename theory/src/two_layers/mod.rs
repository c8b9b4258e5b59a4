//! Generalised restricted Boltzmann machines: replica-symmetric states, the glass line and the end of retrieval.
//!
//! Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018).

mod closure;
mod dual;
mod ground;
mod layer;
mod line;

use mattis_model::record::State;
use mattis_model::{Control, SpecError, TwoLayers, Unsupported};

pub use closure::TwoLayerClosure;
pub use ground::{RetrievalEnd, capacity_at_zero_temperature};

use crate::branch::{Axis, BranchPoint, Follow};
use crate::solver::{Guess, ReplicaSymmetric};
use crate::{TheoryError, closure::Closure};

/// The replica-symmetric theory of two layers, with loads α = M/N.
///
/// ```
/// use mattis_model::{Control, TwoLayers};
/// use mattis_theory::{Guess, two_layers::TwoLayerTheory};
///
/// let theory = TwoLayerTheory::new(&TwoLayers::HOPFIELD)?;
/// let state = theory.solve(Control::new(0.05, 0.5), Guess::Retrieval)?;
/// assert!((state.m[0] - 0.904_106_075).abs() < 1e-9);
/// # Ok::<(), mattis_theory::TheoryError>(())
/// ```
pub struct TwoLayerTheory {
    machine: TwoLayers,
    symmetric: ReplicaSymmetric,
}

impl TwoLayerTheory {
    /// The theory of a machine.
    ///
    /// # Errors
    /// If an Ω is not a number from 0 to 1.
    pub fn new(machine: &TwoLayers) -> Result<Self, TheoryError> {
        Self::at(machine, 0.0)
    }

    /// The theory with N visible units, to the order N^{−1/2}: retrieval gains √((1 − Ω_τ)T/N) in its signal, since the
    /// Boolean part of the hidden unit of the memory is aligned. What is left is of order 1/N. Glass and capacity at
    /// T = 0 have no such term.
    ///
    /// # Errors
    /// If an Ω is not a number from 0 to 1, or N is 0.
    pub fn of_size(machine: &TwoLayers, neurons: usize) -> Result<Self, TheoryError> {
        if neurons == 0 {
            return Err(SpecError::out_of_range("neurons N", neurons, "a whole number ≥ 1").into());
        }
        Self::at(machine, 1.0 / neurons as f64)
    }

    fn at(machine: &TwoLayers, inverse_size: f64) -> Result<Self, TheoryError> {
        machine.validate()?;
        let closure = TwoLayerClosure::new(*machine, inverse_size);
        Ok(Self { machine: *machine, symmetric: ReplicaSymmetric::of(Box::new(closure)) })
    }

    /// The machine.
    pub fn machine(&self) -> &TwoLayers {
        &self.machine
    }

    /// The equations of state.
    pub fn closure(&self) -> &dyn Closure {
        self.symmetric.closure()
    }

    /// The stable state of a kind at a load and temperature; m is (1/N) Σ ξ_i ⟨σ_i⟩, q and the activity are those of
    /// the visible units, and r = T E\[⟨τ⟩²\] of hidden units that are not condensed. Free energy and entropy are per
    /// visible unit and relative to the normalised priors: of the Hopfield model f + T ln 2 − α/2 and S − ln 2.
    ///
    /// # Errors
    /// If the control is out of range or there is no such state.
    pub fn solve(&self, control: Control, guess: Guess) -> Result<State, TheoryError> {
        self.treats(control)?;
        self.symmetric.solve(control, guess)
    }

    /// Every state at a load and temperature, as [`ReplicaSymmetric::states`] lists them.
    ///
    /// # Errors
    /// If the control is out of range.
    pub fn states(&self, control: Control) -> Result<Vec<State>, TheoryError> {
        self.treats(control)?;
        self.symmetric.states(control)
    }

    /// A state with its control, as [`TwoLayerTheory::follow`] takes it.
    ///
    /// # Errors
    /// As [`TwoLayerTheory::solve`].
    pub fn start(&self, control: Control, guess: Guess) -> Result<BranchPoint, TheoryError> {
        Ok(BranchPoint { control, state: self.solve(control, guess)? })
    }

    /// Follows a solution along a control.
    pub fn follow(&self, start: BranchPoint, axis: Axis) -> Follow<'_> {
        self.symmetric.follow(start, axis)
    }

    /// Refuses Gaussian visible units at T = 0.
    fn treats(&self, control: Control) -> Result<(), TheoryError> {
        if control.temperature == 0.0 && self.machine.visible > 0.0 {
            return Err(Unsupported::new(
                format!("visible units with Ω_σ = {} at T = 0", self.machine.visible),
                "the theory of two layers",
                "nothing bounds their Gaussian part",
                "T > 0, or Boolean visible units",
            )
            .into());
        }
        Ok(())
    }

    /// T_g(α), below which the paramagnet freezes: 1 = αβ²Q²P² with Q = D(Ω_σ, βαP), P = D(Ω_τ, βQ) and
    /// D(Ω, A) = Ω/(1 − AΩ) + (1 − Ω)/(1 − AΩ)², whatever the weights. In closed form
    ///
    /// T_B = Ω_τ + ½√α + ½√(α + 4√α Ω_τ(1 − Ω_τ)),
    /// T_g = T_B \[√α Ω_σ + ½ + ½√(1 + 4√α Ω_σ(1 − Ω_σ))\],
    ///
    /// T_B being that of Boolean visible units: √α D(Ω_τ, 1/T_B) = T_B.
    ///
    /// # Errors
    /// If α is not a finite number > 0.
    pub fn freezing_temperature(&self, alpha: f64) -> Result<f64, TheoryError> {
        Control::new(alpha, 0.0).validate()?;
        let TwoLayers { visible, hidden, .. } = self.machine;
        let root = alpha.sqrt();
        let boolean = hidden + 0.5 * (root + (alpha + 4.0 * root * hidden * (1.0 - hidden)).sqrt());
        let more = root * visible;
        Ok(boolean * (more + 0.5 * (1.0 + (1.0 + 4.0 * more * (1.0 - visible)).sqrt())))
    }

    /// T_c at α = 0, below which a memory is retrieved: 1 = Ω_τ w_σ″ with w_σ″ = 1/T in zero field, so that T_c = Ω_τ
    /// whatever the visible units and the weights. Gaussian weights lose it at any load α > 0.
    pub fn critical_temperature(&self) -> f64 {
        self.machine.hidden
    }
}
