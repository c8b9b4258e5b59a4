//! A finite number p of memories: mean-field equations without noise, m = E\[η⟨s⟩\].
//!
//! With the columns η = ξ − centre of one unit, couplings J_ij = (1/N) η_i·Aη_j and the local field
//! h = η·A(m + M) + h_ext,
//!
//! f(m) = ½ m·Am − E w(h),
//!
//! where M = E\[η\] if row sums act (postsynaptic field) and else 0. Its stationary points are the states. A
//! state is stable if 1 − eig(CA) > 0 with C = E\[ηηᵀ w_hh\].
//! (Amit, Gutfreund & Sompolinsky, Phys. Rev. A 32, 1007 (1985))
//!
//! Under parallel updates two successive states have f(m, m′) = m·Am′ − T E ln Z₂(h, h′); for A ≥ 0 and J₀ = 0
//! m = m′, with twice the free energy above. Where A has negative directions there are 2-cycles as well.
//! (Little 1974; Peretto 1984; Fontanari & Köberle 1987)

mod columns;
mod critical;
mod cycles;
mod ground;
mod isotropic;
mod law;
mod line;
mod moments;
mod records;
mod saddle;
mod search;
mod single;
mod symmetric;
mod symmetry;
mod tensor;
mod thresholds;

use mattis_model::record::{MixturesRecord, State};
use mattis_model::{Control, CouplingLaw, Load, Model, PatternLaw, Schedule, Topology, Unsupported};

use self::columns::{Columns, Support};
use self::law::SiteLaw;
use self::line::{Axis, Line};
use self::saddle::{Average, Saddle};
use self::symmetry::Symmetry;
use self::tensor::{Component, Tensor};
use crate::TheoryError;
use crate::solve::newton::Matrix;

/// The law of the columns, as the averages see it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Columnar {
    /// Two values η.
    Discrete(Support),
    /// Every direction is alike.
    Isotropic(Axis),
    /// Independent continuous components.
    Independent(Axis, Component),
}

/// The theory of p memories, p finite.
///
/// ```
/// use mattis_model::Model;
/// use mattis_theory::{FinitePatterns, Guess};
///
/// let theory = FinitePatterns::new(&Model::hopfield(), 3)?;
/// let mattis = theory.solve(0.5, Guess::Retrieval)?;
/// assert!((mattis.m[0] - 0.9575040240772687).abs() < 1e-14);
/// assert_eq!(theory.mixtures(0.3)?.census.critical_points, Some(51));
/// # Ok::<(), mattis_theory::TheoryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct FinitePatterns {
    model: Model,
    count: usize,
    columnar: Columnar,
    law: SiteLaw,
    /// A, where it is not the identity.
    form: Option<Matrix>,
    /// M.
    shift: f64,
    field: f64,
    parallel: bool,
    /// h → −h is a symmetry of law and unit.
    fold: bool,
    symmetry: Symmetry,
}

/// Largest number of memories of one average.
const LARGEST: usize = 1000;
/// Largest number of memories whose columns are enumerated.
const ENUMERATED: usize = 9;
/// Largest number of continuous memories.
const LARGEST_TENSOR: usize = 3;

fn unsupported(what: impl Into<String>, because: &str, nearest: impl Into<String>) -> TheoryError {
    Unsupported::new(what, "the theory of a finite number of memories", because, nearest).into()
}

impl FinitePatterns {
    /// The theory of a model with `count` memories.
    ///
    /// # Errors
    /// If the model contradicts itself, stores no memories or has parts that this theory does not treat.
    pub fn new(model: &Model, count: usize) -> Result<Self, TheoryError> {
        Control::finite(count, 0.0).validate()?;
        model.validate()?;
        model.unit.in_network("the theory of a finite number of memories")?;
        model.check_load(Load::Finite(count))?;
        if count > LARGEST {
            return Err(unsupported(format!("p = {count}"), "its columns are not enumerated", "p ≤ 1000"));
        }
        if model.unit.threshold_linear().is_some() {
            let because = "nothing bounds its states";
            let nearest = "`capacity` at extensive load";
            return Err(unsupported(format!("unit `{}`", model.unit), because, nearest));
        }
        if model.field.inhibition() != 0.0 {
            let because = "its order parameters are overlaps alone";
            return Err(unsupported(format!("field `{}`", model.field), because, "field `none`"));
        }
        if *model.connectivity.value() != Topology::Full {
            let because = "its units see every other unit";
            return Err(unsupported(
                format!("connectivity `{}`", model.connectivity),
                because,
                "connectivity `full`, or an extensive load",
            ));
        }
        if !model.synapse.is_identity() {
            let because = "a synapse needs many memories to act on a normal variable";
            return Err(unsupported(format!("synapse `{}`", model.synapse), because, "synapse `identity`"));
        }
        let form = match model.rule.value() {
            CouplingLaw::Hebb | CouplingLaw::Covariance { .. } => None,
            CouplingLaw::QuadraticForm(form) => {
                let matrix = Matrix::from_fn(count, count, |i, j| form.entry(i, j));
                Some(matrix).filter(|matrix| *matrix != Matrix::identity(count, count))
            }
            _ => {
                let nearest = "rules `hebb`, `covariance` and `quadratic-form`";
                return Err(unsupported(format!("rule `{}`", model.rule), "it has no overlaps", nearest));
            }
        };
        let patterns = model.patterns.value();
        let columnar = match patterns {
            PatternLaw::Gaussian => Columnar::Isotropic(Axis::Normal),
            PatternLaw::RandomAxis if count > 1 => Columnar::Isotropic(Axis::Sphere(count)),
            PatternLaw::Uniform => Columnar::Independent(Axis::Uniform, Component::Uniform),
            PatternLaw::Laplace => Columnar::Independent(Axis::Laplace, Component::Laplace),
            PatternLaw::RandomAxis => Columnar::Discrete([(-1.0, 0.5), (1.0, 0.5)]),
            law => {
                let support = law.support();
                let Some(&[(low, p_low), (high, p_high)]) = support.as_deref() else {
                    return Err(unsupported(
                        format!("patterns `{}`", model.patterns),
                        "no average over its columns",
                        "patterns of two values, normal, uniform, Laplace or random axes",
                    ));
                };
                Columnar::Discrete([(model.stored(low), p_low), (model.stored(high), p_high)])
            }
        };
        let large = count > ENUMERATED && matches!(columnar, Columnar::Discrete(_));
        if form.is_some() && large {
            let because = "its 2^p columns are summed one by one";
            return Err(unsupported(format!("a quadratic form of p = {count} memories"), because, "p ≤ 9"));
        }
        let parallel = *model.update.value() == Schedule::Parallel;
        let diagonal = model.self_coupling.at(Load::Finite(count));
        if parallel && diagonal != 0.0 && model.unit.continuous().is_some() {
            return Err(unsupported(
                format!("self-coupling {diagonal} of the unit `{}` under parallel updates", model.unit),
                "pairs of successive states need a finite alphabet",
                "self-coupling `zero`",
            ));
        }
        let law = match (parallel, diagonal != 0.0) {
            (true, true) => SiteLaw::pair(&model.unit, diagonal),
            (true, false) => SiteLaw::single(&model.unit, 0.0),
            _ => SiteLaw::single(&model.unit, diagonal),
        };
        let field = model.field.value().value();
        let mean = model.stored(patterns.mean());
        let shift = if model.field.value().has_row_sums() { mean } else { 0.0 };
        let even = model.unit.is_even() && field == 0.0 && shift == 0.0;
        let signs = patterns.is_symmetric();
        let symmetry = match &form {
            Some(form) => Symmetry::of_form(form, signs, even),
            None if signs => Symmetry::Signed,
            None => Symmetry::Permuted { flip: even },
        };
        let fold = even && signs;
        Ok(Self { model: model.clone(), count, columnar, law, form, shift, field, parallel, fold, symmetry })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The number p of memories.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Every state that is found at a temperature, ordered by kind and number of condensed memories, stable
    /// first. At T = 0 states with columns on a switch of the unit, whose response is infinite, are left out;
    /// [`FinitePatterns::mixtures`] has them.
    ///
    /// # Errors
    /// If the temperature is out of range or an average over continuous memories is out of reach.
    pub fn states(&self, temperature: f64) -> Result<Vec<State>, TheoryError> {
        Control::finite(self.count, temperature).validate()?;
        let search = self.search(temperature)?;
        let mut out: Vec<State> = search
            .classes
            .iter()
            .filter(|class| !class.found.moments.tied)
            .map(|class| self.state(class, temperature))
            .collect();
        out.extend(self.cycles(temperature));
        out.sort_by_key(|state| (state.kind, state.n, !state.locally_stable));
        Ok(out)
    }

    /// All states with their census and the temperatures where they lose stability.
    ///
    /// # Errors
    /// As [`FinitePatterns::states`].
    pub fn mixtures(&self, temperature: f64) -> Result<MixturesRecord, TheoryError> {
        Control::finite(self.count, temperature).validate()?;
        self.mixtures_record(temperature)
    }

    /// E\[η\].
    fn mean(&self) -> f64 {
        self.model.stored(self.model.patterns.mean())
    }

    /// E\[η²\].
    fn power(&self) -> f64 {
        match self.columnar {
            Columnar::Discrete(support) => support.iter().map(|(value, p)| p * value * value).sum(),
            _ => 1.0,
        }
    }

    /// Whether m = 0 is a solution.
    fn has_zero(&self) -> bool {
        self.mean() == 0.0 || (self.shift == 0.0 && self.field == 0.0 && self.model.unit.is_even())
    }

    /// Whether memories can stay without overlap while others are condensed.
    fn has_outside(&self) -> bool {
        self.mean() == 0.0 && self.form.is_none()
    }

    fn saddle(&self, average: Average) -> Saddle<'_> {
        Saddle {
            law: &self.law,
            average,
            form: self.form.as_ref(),
            shift: self.shift,
            field: self.field,
            parallel: self.parallel,
        }
    }

    /// Discrete memories in groups of equal overlaps.
    fn groups(&self, support: &Support, sizes: &[usize], outside: usize) -> Saddle<'_> {
        self.saddle(Average::Groups(Columns::new(sizes, outside, support, self.fold)))
    }

    /// One memory, or one direction, of a continuous law.
    fn axis(&self, axis: Axis) -> Saddle<'_> {
        self.saddle(Average::Line(Line { axis, outside: self.count - 1 }))
    }

    /// All memories, one coordinate for each; `None` where the columns are too many.
    fn every(&self) -> Option<Saddle<'_>> {
        match self.columnar {
            Columnar::Discrete(support) if self.count <= ENUMERATED => {
                Some(self.groups(&support, &vec![1; self.count], 0))
            }
            Columnar::Independent(..) => self.tensor(tensor::FINE),
            _ => None,
        }
    }

    /// All of two or three continuous memories, with a given accuracy.
    fn tensor(&self, digits: f64) -> Option<Saddle<'_>> {
        let Columnar::Independent(_, component) = self.columnar else { return None };
        let treated = self.count <= LARGEST_TENSOR && self.law.has_levels();
        treated.then(|| {
            let tensor = Tensor { component, count: self.count, fold: self.fold, digits };
            self.saddle(Average::Tensor(tensor))
        })
    }
}
