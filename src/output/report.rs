//! The report: one HTML file that needs nothing else.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use super::{Run, Table};

/// A part of a report.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What it says, paragraph by paragraph.
    pub text: Vec<String>,
    /// A figure as SVG.
    pub figure: Option<String>,
    /// What the figure shows.
    pub caption: String,
    /// A table.
    pub table: Option<Table>,
}

/// A report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// One sentence that says what came out.
    pub verdict: String,
    /// Its parts.
    pub sections: Vec<Section>,
}

impl Report {
    /// The report as HTML.
    pub fn to_html(&self, run: &Run, reproduce: &[String]) -> String {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        let specification = serde_json::to_string_pretty(&run.specification).unwrap_or_default();
        // The template is part of the program; a test renders it.
        environment
            .render_str(
                include_str!("report.html"),
                context! {
                    title => &self.title,
                    verdict => &self.verdict,
                    sections => Serde(&self.sections),
                    provenance => Serde(&run.provenance),
                    specification => specification,
                    complete => run.complete,
                    reproduce => Serde(reproduce),
                },
            )
            .unwrap_or_else(|error| format!("<!doctype html><title>report</title><p>{error}</p>"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_holds_what_it_was_given_and_escapes_it() {
        let mut table = Table::new(["α", "<m>"]);
        table.push(["0.05", "1 & 2"]);
        let section = Section {
            title: "Overlap".into(),
            text: vec!["a < b".into()],
            figure: Some("<svg><title>x</title></svg>".into()),
            caption: "seen".into(),
            table: Some(table),
        };
        let report = Report { title: "T".into(), verdict: "agree".into(), sections: vec![section] };
        let run = Run {
            provenance: super::super::provenance(&["compare".into()], true),
            specification: serde_json::json!({"command": "compare"}),
            complete: true,
            files: vec![],
        };
        let html = report.to_html(&run, &["mattis compare".into()]);
        for text in
            ["<svg><title>x</title></svg>", "a &lt; b", "1 &amp; 2", "&lt;m&gt;", "ars7", "mattis compare"]
        {
            assert!(html.contains(text), "{text} in {html}");
        }
        assert!(!html.contains("http"));
    }
}
