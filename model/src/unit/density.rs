//! Units with a density on an interval that need not be bounded, with any potential: w and its derivatives by
//! quadrature, the draw.

use std::fmt;
use std::sync::OnceLock;

use super::continuous::Measure;
use super::points::Point;
use super::{Alphabet, Responses, UnitLaw, quadrature};
use crate::SpecError;

/// A density e^{−V(s)} on an interval. V may have several minima; it should be smooth but for its kinks.
pub trait DensityLaw: fmt::Debug + Send + Sync {
    /// The ends of the interval.
    fn domain(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    /// Where V is not smooth.
    fn kinks(&self) -> &[f64] {
        &[]
    }

    /// Whether s → −s is a symmetry of domain and potential.
    fn is_even(&self) -> bool {
        false
    }
}

/// A unit with the density e^{−U(s)} for any function U: what a catalogue cannot list.
///
/// ```
/// use mattis_model::{Unit, unit::Density};
/// let quartic = Density::new(|s| s.powi(4), (f64::NEG_INFINITY, f64::INFINITY))?;
/// let unit = Unit::custom("quartic", &[], std::sync::Arc::new(quartic));
/// let mut k = [0.0; 3];
/// unit.cumulants(0.0, &mut k);
/// assert!((k[2] - 0.337_989_120_033_642_4).abs() < 1e-14); // Γ(3/4)/Γ(1/4)
/// # Ok::<(), mattis_model::SpecError>(())
/// ```
pub struct Density {
    potential: Box<dyn Fn(f64) -> f64 + Send + Sync>,
    domain: (f64, f64),
    kinks: Vec<f64>,
}

impl Density {
    /// The unit of a potential on an interval, whose ends may be infinite.
    ///
    /// # Errors
    /// If the interval is empty or e^{−U} has no finite integral on it.
    pub fn new(
        potential: impl Fn(f64) -> f64 + Send + Sync + 'static,
        domain: (f64, f64),
    ) -> Result<Self, SpecError> {
        if !(domain.0 < domain.1 && domain.0 < f64::INFINITY && domain.1 > f64::NEG_INFINITY) {
            let given = format!("[{}, {}]", domain.0, domain.1);
            return Err(SpecError::out_of_range("domain of a density", given, "an interval"));
        }
        let unit = Self { potential: Box::new(potential), domain, kinks: Vec::new() };
        if Resolved::new(&unit, &|s| -(unit.potential)(s), 1.0).is_none() {
            let expected = "a potential that grows without bound at every infinite end";
            return Err(SpecError::out_of_range("integral of a density", "infinite or undefined", expected));
        }
        Ok(unit)
    }

    /// The same with points where U is not smooth.
    #[must_use]
    pub fn with_kinks(self, kinks: &[f64]) -> Self {
        Self { kinks: kinks.to_vec(), ..self }
    }
}

impl fmt::Debug for Density {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Density").field("domain", &self.domain).finish_non_exhaustive()
    }
}

impl DensityLaw for Density {
    fn domain(&self) -> (f64, f64) {
        self.domain
    }

    fn kinks(&self) -> &[f64] {
        &self.kinks
    }
}

impl UnitLaw for Density {
    fn alphabet(&self) -> Alphabet<'_> {
        Alphabet::Density(self)
    }

    fn potential(&self, s: f64) -> f64 {
        (self.potential)(s)
    }

    fn hidden_only(&self) -> Option<&'static str> {
        Some("a density of any shape has no closed T = 0 law")
    }
}

type Action<'a> = &'a dyn Fn(f64) -> f64;

/// Exponents below the largest by more than this are nothing in 64 bits.
const NOTHING: f64 = 745.0;

/// Points where maxima are looked for: from an end, or from 0, at distances sinh(0.03 i) up to 5·10¹².
fn grid((low, high): (f64, f64)) -> Vec<f64> {
    static DISTANCES: OnceLock<Vec<f64>> = OnceLock::new();
    let far = DISTANCES.get_or_init(|| (0..=1000).map(|i| (0.03 * f64::from(i)).sinh()).collect());
    match (low.is_finite(), high.is_finite()) {
        (true, true) => (0..=400).map(|i| low + (high - low) * f64::from(i) / 400.0).collect(),
        (true, false) => far.iter().map(|d| low + d).collect(),
        (false, true) => far.iter().rev().map(|d| high - d).collect(),
        (false, false) => far.iter().skip(1).rev().map(|d| -d).chain(far.iter().copied()).collect(),
    }
}

/// The maximum in a bracket by golden section; A is taken to have one there.
fn golden(action: Action, (mut low, mut high): (f64, f64)) -> f64 {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut a, mut b) = (action(left), action(right));
    for _ in 0..90 {
        if a > b {
            (high, right, b) = (right, left, a);
            left = high - ratio * (high - low);
            a = action(left);
        } else {
            (low, left, a) = (left, right, b);
            right = low + ratio * (high - low);
            b = action(right);
        }
    }
    0.5 * (low + high)
}

/// Cuts on one side of a peak, up to `room` away: first half the distance over which A falls by T, then growing.
fn away(action: Action, peak: f64, side: f64, room: f64, temperature: f64, cuts: &mut Vec<f64>) {
    let top = action(peak);
    let falls = |d: f64| top - action(peak + side * d) > temperature;
    let mut d = room.min(1.0);
    for _ in 0..200 {
        if falls(d) {
            if falls(0.5 * d) { d *= 0.5 } else { break }
        } else if 2.0 * d < room {
            d *= 2.0;
        } else {
            break;
        }
    }
    let mut distance = 0.5 * d;
    while distance > 0.0 && distance < room {
        cuts.push(peak + side * distance);
        distance *= 1.7;
    }
}

/// The maximum of an action, and panels that resolve e^{A/T}.
struct Resolved {
    peak: f64,
    panels: Vec<(f64, f64)>,
}

impl Resolved {
    /// `None` where the integral is infinite or undefined.
    fn new(law: &dyn DensityLaw, action: Action, temperature: f64) -> Option<Self> {
        let domain = law.domain();
        let mut grid = grid(domain);
        grid.extend(law.kinks().iter().filter(|x| (domain.0..=domain.1).contains(*x)));
        grid.sort_by(f64::total_cmp);
        grid.dedup();
        let number = |a: f64| if a.is_nan() { f64::NEG_INFINITY } else { a };
        let heights: Vec<f64> = grid.iter().map(|s| number(action(*s))).collect();
        let last = grid.len() - 1;
        let neighbours = |i: usize| (grid[i.saturating_sub(1)], grid[(i + 1).min(last)]);
        let is_peak = |i: usize| {
            (i == 0 || heights[i] >= heights[i - 1]) && (i == last || heights[i] >= heights[i + 1])
        };
        let highest = heights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !highest.is_finite() {
            return None;
        }
        let mut peaks: Vec<f64> = Vec::new();
        for i in (0..=last).filter(|i| is_peak(*i) && heights[*i] > highest - NOTHING * temperature) {
            let found = golden(action, neighbours(i));
            peaks.push(if action(found) > heights[i] { found } else { grid[i] });
        }
        // A plateau of the grid has many; panels from some of them and bisection resolve it.
        peaks.truncate(32);
        let peak = peaks.iter().copied().max_by(|a, b| action(*a).total_cmp(&action(*b)))?;
        let floor = action(peak) - NOTHING * temperature;
        let first = heights.iter().position(|a| *a > floor).unwrap_or(0);
        let end = heights.iter().rposition(|a| *a > floor).unwrap_or(last);
        let open = |at: usize, side: f64| at == if side < 0.0 { 0 } else { last };
        if (open(first, -1.0) && domain.0.is_infinite()) || (open(end, 1.0) && domain.1.is_infinite()) {
            return None;
        }
        let range = (neighbours(first).0.min(peak), neighbours(end).1.max(peak));
        let mut cuts = vec![range.0, range.1];
        cuts.extend(law.kinks().iter().filter(|x| (range.0..=range.1).contains(*x)));
        for peak in peaks {
            cuts.push(peak);
            away(action, peak, -1.0, peak - range.0, temperature, &mut cuts);
            away(action, peak, 1.0, range.1 - peak, temperature, &mut cuts);
        }
        let top = action(peak);
        let share = |s: f64| ((action(s) - top) / temperature).exp();
        let coarse: Vec<(f64, f64, f64)> = quadrature::between(cuts)
            .into_iter()
            .map(|panel| (panel.0, panel.1, quadrature::over(panel, share)))
            .collect();
        let total: f64 = coarse.iter().map(|panel| panel.2).sum();
        let mut panels = Vec::new();
        for (start, stop, mass) in coarse {
            bisect(&share, (start, stop), mass, 1e-15 * total, 40, &mut panels);
        }
        Some(Self { peak, panels })
    }
}

/// Halves a panel until its parts agree with it.
fn bisect(
    share: &dyn Fn(f64) -> f64,
    (start, stop): (f64, f64),
    mass: f64,
    error: f64,
    depth: u32,
    panels: &mut Vec<(f64, f64)>,
) {
    let middle = 0.5 * (start + stop);
    let halves = [(start, middle), (middle, stop)].map(|panel| (panel, quadrature::over(panel, share)));
    // Rounding of a sum of sixteen is not resolved by more of them.
    let rounding = 4.0 * f64::EPSILON * mass;
    if depth == 0 || (halves[0].1 + halves[1].1 - mass).abs() <= error.max(rounding) {
        panels.extend(halves.map(|half| half.0));
        return;
    }
    for (panel, mass) in halves {
        bisect(share, panel, mass, error, depth - 1, panels);
    }
}

/// Points that resolve the measure at T = 1 and Γ = 0 at each of these fields.
pub(super) fn points(law: &dyn DensityLaw, potential: Action, fields: &[f64]) -> Option<Vec<Point>> {
    let mut cuts = Vec::new();
    for q in fields {
        let resolved = Resolved::new(law, &|s| q * s - potential(s), 1.0)?;
        cuts.extend(resolved.panels.iter().flat_map(|panel| [panel.0, panel.1]));
    }
    Some(quadrature::points(cuts, law.is_even(), potential))
}

/// w and its derivatives; +∞ and NaN where the measure is. At T = 0 w and its slope, other numbers are NaN.
pub(super) fn responses(
    law: &dyn DensityLaw,
    potential: Action,
    (centre, offsets): (f64, &[f64]),
    gamma: f64,
    temperature: f64,
    out: &mut Responses,
) {
    out.undefined(offsets.len());
    for (i, offset) in offsets.iter().enumerate() {
        let h = centre + offset;
        let action = |s: f64| h * s + 0.5 * gamma * s * s - potential(s);
        let scale = if temperature == 0.0 { 1.0 } else { temperature };
        match Resolved::new(law, &action, scale) {
            None => out.w[i] = f64::INFINITY,
            Some(resolved) if temperature == 0.0 => {
                out.w[i] = action(resolved.peak);
                out.mean[i] = resolved.peak;
            }
            Some(resolved) => {
                Measure::on(&resolved.panels, resolved.peak, &action, temperature).fill(temperature, i, out);
            }
        }
    }
}

/// The s below which the share u of the measure lies; NaN where it is infinite.
pub(super) fn draw(
    law: &dyn DensityLaw,
    potential: Action,
    h: f64,
    gamma: f64,
    temperature: f64,
    u: f64,
) -> f64 {
    let action = |s: f64| h * s + 0.5 * gamma * s * s - potential(s);
    let scale = if temperature == 0.0 { 1.0 } else { temperature };
    match Resolved::new(law, &action, scale) {
        None => f64::NAN,
        Some(resolved) if temperature == 0.0 => resolved.peak,
        Some(Resolved { peak, panels }) => {
            let top = action(peak);
            quadrature::quantile(&panels, |s| ((action(s) - top) / temperature).exp(), u)
        }
    }
}
