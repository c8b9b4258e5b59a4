//! The bundled font: how wide words are, and their glyphs.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale};

use crate::FigureError;

static BYTES: &[u8] = include_bytes!("../assets/DejaVuSans.ttf");

/// Height of a capital letter over the size of the font.
pub(crate) const CAP_HEIGHT: f64 = 0.729;
/// How far letters reach below the line over the size of the font.
pub(crate) const DESCENT: f64 = 0.236;

/// A piece of a label that is set at one size and height.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) text: String,
    /// Size over that of the label.
    pub(crate) scale: f64,
    /// How far it is raised over the size of the label.
    pub(crate) raise: f64,
}

/// Cuts a label into runs: `_{…}` is lowered, `^{…}` is raised, anything else stands as it is.
pub(crate) fn runs(label: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = label;
    while let Some(next) = rest.chars().next() {
        let raise = match next {
            '_' => Some(-0.2),
            '^' => Some(0.35),
            _ => None,
        };
        let inner =
            rest.get(1..).and_then(|tail| tail.strip_prefix('{')).and_then(|tail| tail.split_once('}'));
        if let (Some(raise), Some((inner, after))) = (raise, inner) {
            push(&mut found, std::mem::take(&mut plain), 1.0, 0.0);
            push(&mut found, inner.to_owned(), 0.72, raise);
            rest = after;
        } else {
            if !next.is_control() {
                plain.push(next);
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    push(&mut found, plain, 1.0, 0.0);
    found
}

fn push(found: &mut Vec<Run>, text: String, scale: f64, raise: f64) {
    if !text.is_empty() {
        found.push(Run { text, scale, raise });
    }
}

/// The label without its markup.
pub(crate) fn plain(label: &str) -> String {
    runs(label).into_iter().map(|run| run.text).collect()
}

/// A glyph at its place: its left edge after the start of the label, its size, how far it is raised.
pub(crate) struct Placed {
    pub(crate) id: GlyphId,
    pub(crate) x: f64,
    pub(crate) size: f64,
    pub(crate) raise: f64,
}

/// The bundled font.
#[derive(Clone)]
pub(crate) struct Typeface {
    font: FontRef<'static>,
    units_per_em: f64,
}

impl Typeface {
    /// Reads the bundled font, once.
    pub(crate) fn bundled() -> Result<&'static Self, FigureError> {
        static FACE: OnceLock<Option<Typeface>> = OnceLock::new();
        let read = || {
            let font = FontRef::try_from_slice(BYTES).ok()?;
            let units_per_em = f64::from(font.units_per_em()?);
            Some(Self { font, units_per_em })
        };
        FACE.get_or_init(read).as_ref().ok_or(FigureError::Font)
    }

    /// The glyphs of a label set at `size` pixels per em, and the width of the label.
    pub(crate) fn place(&self, label: &str, size: f64) -> (Vec<Placed>, f64) {
        let mut glyphs = Vec::new();
        let mut x = 0.0;
        for run in runs(label) {
            let scale = size * run.scale / self.units_per_em;
            let mut previous = None;
            for letter in run.text.chars() {
                let id = self.font.glyph_id(letter);
                if let Some(before) = previous {
                    x += f64::from(self.font.kern_unscaled(before, id)) * scale;
                }
                glyphs.push(Placed { id, x, size: size * run.scale, raise: run.raise * size });
                x += f64::from(self.font.h_advance_unscaled(id)) * scale;
                previous = Some(id);
            }
        }
        (glyphs, x)
    }

    /// Width of a label in pixels.
    pub(crate) fn width(&self, label: &str, size: f64) -> f64 {
        self.place(label, size).1
    }

    /// Calls `paint(x, y, coverage)` for every pixel of a glyph whose origin is at `at`.
    pub(crate) fn paint(&self, id: GlyphId, size: f64, at: (f64, f64), mut paint: impl FnMut(i32, i32, f64)) {
        // ab_glyph scales by the height of a line, typography by the em.
        let height = size * f64::from(self.font.height_unscaled()) / self.units_per_em;
        let place = ab_glyph::point(at.0 as f32, at.1 as f32);
        let Some(outline) =
            self.font.outline_glyph(id.with_scale_and_position(PxScale::from(height as f32), place))
        else {
            return;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, coverage| {
            paint(corner.x as i32 + x as i32, corner.y as i32 + y as i32, f64::from(coverage.min(1.0)));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_cut_into_runs_and_underscores_stay() {
        let found = runs("T_{M} of m_max_other, 10^{−3} a_{");
        let words: Vec<_> = found.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(words, ["T", "M", " of m_max_other, 10", "−3", " a_{"]);
        assert_eq!(plain("T_{M}(α)"), "TM(α)");
        assert!(runs("").is_empty());
        assert_eq!(plain("α_α^"), "α_α^");
    }

    #[test]
    fn widths_are_those_of_dejavu_sans() {
        let face = Typeface::bundled().expect("the font is in the crate");
        // Advance widths of M, i and α in DejaVu Sans, in units of 1/2048 em.
        assert!((face.width("M", 2048.0) - 1767.0).abs() < 1e-9);
        assert!((face.width("i", 2048.0) - 569.0).abs() < 1e-9);
        assert!((face.width("α", 2048.0) - 1350.0).abs() < 1e-9);
    }

    #[test]
    fn letters_of_labels_have_glyphs() {
        let face = Typeface::bundled().expect("the font is in the crate");
        let missing = face.font.glyph_id('\u{10ffff}');
        for letter in "αβγΓΔσχξ⟨⟩×⁻³√∞−±·≤≥∂ₘ".chars() {
            assert_ne!(face.font.glyph_id(letter), missing, "{letter}");
        }
    }

    #[test]
    fn glyphs_have_ink() {
        let face = Typeface::bundled().expect("the font is in the crate");
        let mut ink = 0.0;
        let (glyphs, _) = face.place("M", 20.0);
        face.paint(glyphs[0].id, 20.0, (0.0, 20.0), |_, _, coverage| ink += coverage);
        assert!(ink > 50.0 && ink < 200.0, "{ink}");
    }
}
