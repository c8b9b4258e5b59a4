//! One unit in a field, or two successive states of one unit under parallel updates.
//!
//! A pair (s, s′) with the weight exp{\[h(s + s′) + J₀ss′ − V(s) − V(s′)\]/T} is a unit with the levels
//! ½(s + s′) and half the action at the temperature T/2, so that w̃ = ½T ln Z₂ takes the place of w.

use mattis_model::Unit;
use mattis_model::unit::{Envelope, Responses};

/// w and what follows from it in one field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Response {
    pub(super) w: f64,
    /// w_h = ⟨s⟩.
    pub(super) mean: f64,
    /// w_hh; of a pair ½β Var(s + s′).
    pub(super) even: f64,
    /// ½β Var(s − s′) of two successive states.
    pub(super) odd: f64,
    /// ∂w/∂T.
    pub(super) entropy: f64,
    /// ∂w_h/∂T.
    pub(super) slope: f64,
    /// ⟨s²⟩.
    pub(super) square: f64,
    /// ⟨s s′⟩ of two successive states.
    pub(super) product: f64,
    /// At T = 0: several levels share the largest action.
    pub(super) tied: bool,
}

/// A level, or the mean of a pair of levels.
#[derive(Debug, Clone, Copy)]
struct Line {
    s: f64,
    action: f64,
    weight: f64,
    square: f64,
    product: f64,
    gap: f64,
}

/// The law of one unit as a function of its field.
#[derive(Debug, Clone)]
pub(super) struct SiteLaw {
    unit: Unit,
    gamma: f64,
    /// Empty for a continuous unit.
    lines: Vec<Line>,
    paired: bool,
}

/// Actions at T = 0 that differ by less than this share of their scale are equal.
const TIE: f64 = 1e-12;

impl SiteLaw {
    /// A unit with the reaction Γ.
    pub(super) fn single(unit: &Unit, gamma: f64) -> Self {
        let line = |s: f64| Line {
            s,
            action: 0.5 * gamma * s * s - unit.potential(s),
            weight: unit.weight(s),
            square: s * s,
            product: 0.0,
            gap: 0.0,
        };
        let lines = unit.levels().into_iter().map(line).collect();
        Self { unit: unit.clone(), gamma, lines, paired: false }
    }

    /// Two successive states of a unit with levels and the diagonal J₀.
    pub(super) fn pair(unit: &Unit, diagonal: f64) -> Self {
        let levels = unit.levels();
        let mut lines = Vec::new();
        for (i, &s) in levels.iter().enumerate() {
            for &t in &levels[i..] {
                // (s, s′) and (s′, s) are one line.
                let twice = if s == t { 1.0 } else { 2.0 };
                lines.push(Line {
                    s: 0.5 * (s + t),
                    action: 0.5 * (diagonal * s * t - unit.potential(s) - unit.potential(t)),
                    weight: twice * unit.weight(s) * unit.weight(t),
                    square: 0.5 * (s * s + t * t),
                    product: s * t,
                    gap: (s - t).powi(2),
                });
            }
        }
        lines.sort_by(|a, b| a.s.total_cmp(&b.s).then(a.action.total_cmp(&b.action)));
        Self { unit: unit.clone(), gamma: 0.0, lines, paired: true }
    }

    pub(super) fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Whether the unit has levels, so that its T = 0 law is a step.
    pub(super) fn has_levels(&self) -> bool {
        !self.lines.is_empty()
    }

    /// The largest |s|.
    pub(super) fn largest(&self) -> f64 {
        self.unit.continuous().map_or_else(
            || self.lines.iter().fold(0.0, |a, line| line.s.abs().max(a)),
            |law| law.domain().0.abs().max(law.domain().1.abs()),
        )
    }

    /// Where the levels win at T = 0.
    pub(super) fn envelope(&self) -> Envelope {
        // Of lines with one s the last, with the largest action, can win.
        let last = |i: usize| self.lines.get(i + 1).is_none_or(|next| next.s > self.lines[i].s);
        let tops = (0..self.lines.len()).filter(|i| last(*i));
        Envelope::of_lines(tops.map(|i| (self.lines[i].s, self.lines[i].action)))
    }

    /// The temperature that the lines see, and its share of T.
    pub(super) fn effective(&self, temperature: f64) -> (f64, f64) {
        let share = if self.paired { 0.5 } else { 1.0 };
        (share * temperature, share)
    }

    /// w and its derivatives in a field.
    pub(super) fn at(&self, h: f64, temperature: f64) -> Response {
        if self.lines.is_empty() {
            return self.continuous(h, temperature);
        }
        let (best, origin) = self
            .lines
            .iter()
            .map(|line| (line.action + h * line.s, line.s))
            .fold((f64::NEG_INFINITY, 0.0), |best, x| if x.0 > best.0 { x } else { best });
        if temperature == 0.0 {
            return self.ground(h, best);
        }
        let (t, share) = self.effective(temperature);
        let beta = 1.0 / t;
        let (mut z, mut x1, mut x2, mut e1, mut xe) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut square, mut product, mut gap) = (0.0, 0.0, 0.0);
        for line in &self.lines {
            let e = line.action + h * line.s - best;
            let p = if e == 0.0 { line.weight } else { line.weight * (e * beta).exp() };
            let x = line.s - origin;
            z += p;
            x1 += p * x;
            x2 += p * x * x;
            e1 += p * e;
            xe += p * x * e;
            square += p * line.square;
            product += p * line.product;
            gap += p * line.gap;
        }
        let inverse = 1.0 / z;
        x1 *= inverse;
        x2 *= inverse;
        e1 *= inverse;
        xe *= inverse;
        let mean = origin + x1;
        let response = (x2 - x1 * x1) * beta;
        let log = z.ln();
        Response {
            w: best + t * log,
            mean,
            even: response,
            odd: if self.paired { 0.5 * gap * inverse / temperature } else { response },
            entropy: share * (log - e1 * beta),
            slope: -share * (xe - x1 * e1) * beta * beta,
            square: square * inverse,
            product: if self.paired { product * inverse } else { mean * mean },
            tied: false,
        }
    }

    /// T = 0: the winning level, the weighted mean of several.
    fn ground(&self, h: f64, best: f64) -> Response {
        let scale = self.lines.iter().fold(h.abs(), |a, line| a.max(line.action.abs()));
        let mut out = Response { w: best, ..Response::default() };
        let (mut z, mut first) = (0.0, f64::NAN);
        for line in self.lines.iter().filter(|line| best - line.action - h * line.s <= TIE * scale) {
            out.tied |= first != line.s && z > 0.0;
            first = line.s;
            z += line.weight;
            out.mean += line.weight * line.s;
            out.square += line.weight * line.square;
            out.product += line.weight * line.product;
        }
        out.mean /= z;
        out.square /= z;
        out.product = if self.paired { out.product / z } else { out.mean * out.mean };
        out.entropy = z.ln() * if self.paired { 0.5 } else { 1.0 };
        out
    }

    fn continuous(&self, h: f64, temperature: f64) -> Response {
        let mut r = Responses::default();
        self.unit.responses(h, &[0.0], self.gamma, temperature, &mut r);
        let (mean, response) = (r.mean[0], r.response[0]);
        Response {
            w: r.w[0],
            mean,
            even: response,
            odd: response,
            entropy: if temperature == 0.0 { 0.0 } else { r.entropy[0] },
            slope: r.mean_slope[0],
            square: mean * mean + temperature * response,
            product: mean * mean,
            tied: false,
        }
    }

    /// ∂⁴w/∂h⁴ at T > 0.
    pub(super) fn fourth(&self, h: f64, temperature: f64) -> f64 {
        if self.lines.is_empty() {
            let mut r = Responses::default();
            self.unit.responses(h, &[0.0], self.gamma, temperature, &mut r);
            return r.fourth[0];
        }
        let (t, _) = self.effective(temperature);
        let mean = self.at(h, temperature).mean;
        let best = self.lines.iter().map(|l| l.action + h * l.s).fold(f64::NEG_INFINITY, f64::max);
        let (mut z, mut second, mut fourth) = (0.0, 0.0, 0.0);
        for line in &self.lines {
            let p = line.weight * ((line.action + h * line.s - best) / t).exp();
            let x = line.s - mean;
            z += p;
            second += p * x * x;
            fourth += p * x.powi(4);
        }
        (fourth / z - 3.0 * (second / z).powi(2)) / t.powi(3)
    }
}
