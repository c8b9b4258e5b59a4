//! A scene as SVG: real coordinates, real text, titles where the pointer rests, nothing from outside.
//!
//! plotters' own SVG backend is not used: it rounds to whole pixels, knows neither dashes nor titles,
//! and leaves the width of words to the fonts of the viewer.

use crate::font::{self, Typeface};
use crate::scene::{Align, Scene, Shape, Text};
use crate::{Color, FigureError};

/// Fonts with the widths of the bundled one, should it be missing where the picture is looked at.
const FAMILY: &str = "DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif";

pub(crate) fn render(scene: &Scene) -> Result<String, FigureError> {
    let face = Typeface::bundled()?;
    let (width, height) = (scene.width, scene.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\" font-family=\"{FAMILY}\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        escaped(&font::plain(&scene.title)),
    );
    for shape in &scene.shapes {
        out.push_str(&element(shape, face));
        out.push('\n');
    }
    out.push_str("</svg>\n");
    Ok(out)
}

fn element(shape: &Shape, face: &Typeface) -> String {
    match shape {
        Shape::Line { points, color, width, pattern } => {
            let dash = if pattern.is_empty() {
                String::new()
            } else {
                let parts: Vec<_> = pattern.iter().map(|part| short(*part)).collect();
                format!(" stroke-dasharray=\"{}\"", parts.join(" "))
            };
            format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" \
                 stroke-linejoin=\"round\"{dash}/>",
                list(points),
                color.hex(),
                short(*width)
            )
        }
        Shape::Fill { corners, fill, edge } => {
            format!("<polygon points=\"{}\" fill=\"{}\"{}/>", list(corners), fill.hex(), outline(*edge))
        }
        Shape::Disc { centre, radius, fill, edge } => format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"{}/>",
            short(centre.0),
            short(centre.1),
            short(*radius),
            fill.hex(),
            outline(*edge)
        ),
        Shape::Text(text) => words(text, face),
        Shape::Hover { centre, radius, words } => format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"none\" pointer-events=\"all\"><title>{}</title></circle>",
            short(centre.0),
            short(centre.1),
            short(*radius),
            escaped(words)
        ),
    }
}

fn outline(edge: Option<(Color, f64)>) -> String {
    edge.map_or_else(String::new, |(color, width)| {
        format!(" stroke=\"{}\" stroke-width=\"{}\"", color.hex(), short(width))
    })
}

/// One element for each run: viewers differ in what they do with spaces at the ends of nested runs.
fn words(text: &Text, face: &Typeface) -> String {
    let runs = font::runs(&text.words);
    let full = face.width(&text.words, text.size);
    let (mut x, y) = if text.upward { (0.0, 0.0) } else { text.at };
    x += match text.align {
        Align::Start => 0.0,
        Align::Middle => -full / 2.0,
        Align::End => -full,
    };
    let mut elements = Vec::new();
    for run in runs {
        let size = run.scale * text.size;
        let inner = run.text.trim_start_matches(' ');
        let indent = face.width(&run.text, size) - face.width(inner, size);
        let inner = inner.trim_end_matches(' ');
        let width = face.width(inner, size);
        if !inner.is_empty() {
            // A viewer without the font stretches its own to the room that was reserved.
            elements.push(format!(
                "x=\"{}\" y=\"{}\" font-size=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                short(x + indent),
                short(y - run.raise * text.size),
                short(size),
                short(width),
                escaped(inner)
            ));
        }
        x += face.width(&run.text, size);
    }
    let mut looks = Vec::new();
    if text.halo {
        looks.push(
            "fill=\"#ffffff\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\"".to_owned(),
        );
    }
    looks.push(format!("fill=\"{}\"", text.color.hex()));
    let drawn =
        looks.iter().flat_map(|look| elements.iter().map(move |element| format!("<text {look} {element}")));
    let drawn: Vec<_> = drawn.collect();
    if text.upward {
        let (across, down) = text.at;
        let turn = format!("translate({} {}) rotate(-90)", short(across), short(down));
        return format!("<g transform=\"{turn}\">{}</g>", drawn.concat());
    }
    drawn.join("\n")
}

fn list(points: &[(f64, f64)]) -> String {
    let pairs: Vec<_> = points.iter().map(|(x, y)| format!("{},{}", short(*x), short(*y))).collect();
    pairs.join(" ")
}

/// A coordinate to a hundredth of a pixel.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            // XML has no way to say these.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_are_escaped() {
        assert_eq!(escaped("</svg><script>\"&'\u{1}"), "&lt;/svg&gt;&lt;script&gt;&quot;&amp;&#39;");
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(short(1.0), "1");
        assert_eq!(short(-0.001), "0");
        assert_eq!(short(12.346), "12.35");
        assert_eq!(short(100.0), "100");
    }
}
