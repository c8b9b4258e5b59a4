//! Reading a study, and saying in one line what is wrong with one.

use std::path::Path;

use mattis_model::catalogue::nearest;

use super::Study;

/// A study file that cannot be used. The message is one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// It cannot be read.
    #[error("{file}: cannot be read: {reason}; expected a study in TOML")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// It says something that is not known, or not as it should.
    #[error("{file}, line {line}, `{text}`: {reason}")]
    Invalid {
        /// Name of the file.
        file: String,
        /// Number of the line, from 1.
        line: usize,
        /// The line.
        text: String,
        /// What is wrong and what was expected.
        reason: String,
    },
}

/// Reads a study from a file.
///
/// # Errors
/// If it cannot be read or says something unknown.
pub fn read(path: &Path) -> Result<Study, StudyError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&file, &text),
        Err(error) => Err(StudyError::Unreadable { file, reason: one_line(&error.to_string()) }),
    }
}

/// Reads a study from TOML; `file` names it in messages.
///
/// # Errors
/// If it says something unknown.
pub fn parse(file: &str, text: &str) -> Result<Study, StudyError> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count();
        StudyError::Invalid {
            file: file.into(),
            line: line + 1,
            text: text.lines().nth(line).unwrap_or_default().trim().to_string(),
            reason: explain(error.message()) + matrix_hint(error.message(), text),
        }
    })
}

/// How a matrix is written, for a rule that was refused while a matrix was given as an array.
fn matrix_hint(message: &str, text: &str) -> &'static str {
    let value =
        |rest: &str| rest.trim_start().strip_prefix('=').map(|rest| rest.trim_start().starts_with('['));
    let array = text.split("matrix").skip(1).filter_map(value).any(|array| array);
    if array && message.contains("rule") {
        "; a matrix is a text, rows between slashes: matrix = \"1,0.5/0.5,1\""
    } else {
        ""
    }
}

/// serde's message in one line, with a suggestion for an unknown key.
fn explain(message: &str) -> String {
    let message = one_line(message);
    let mut quoted = message.split('`').skip(1).step_by(2);
    match message.strip_prefix("unknown field") {
        Some(_) => {
            let given = quoted.next().unwrap_or_default();
            let known: Vec<&str> = quoted.collect();
            let expected = if known.is_empty() { "nothing here".into() } else { known.join(", ") };
            let suggestion =
                nearest(given, &known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            format!("unknown key `{given}`: expected {expected}{suggestion}")
        }
        None => message,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse("s.toml", text).expect_err("a study with a fault").to_string()
    }

    #[test]
    fn faults_are_told_in_one_line() {
        let unknown = message("[control]\nalpha = 0.05\ntempereture = 0.3\n");
        assert!(
            unknown.starts_with("s.toml, line 3, `tempereture = 0.3`: unknown key `tempereture`"),
            "{unknown}"
        );
        assert!(unknown.ends_with("did you mean `temperature`?"), "{unknown}");
        for text in [
            "[modle]\n",
            "[theory]\nnodes = 3\n",
            "[control]\nalpha = -0.1\n",
            "[control]\nalpha = \"1:2\"\n",
            "[control]\nalpha = nan\n",
            "[control]\nalpha = []\n",
            "[model]\nunit = \"isng\"\n",
            "[model]\nunit = { name = \"three-state\", cristal-field = 1 }\n",
            "[simulation]\nneurons = [1]\n",
            "[simulation]\nseed = -1\n",
            "[control\n",
            "[control]\nalpha = 0.1\nalpha = 0.2\n",
        ] {
            let message = message(text);
            assert_eq!(message.lines().count(), 1, "{message}");
            assert!(message.starts_with("s.toml, line "), "{message}");
        }
        assert!(message("[model]\nunit = \"isng\"\n").contains("did you mean `ising`"));
        for rule in [
            "rule = { name = \"quadratic-form\", matrix = [[1, 0.5], [0.5, 1]] }",
            "[model.rule]\nname = \"quadratic-form\"\nmatrix = [[1, 0.5], [0.5, 1]]",
        ] {
            let message = message(&format!("[model]\n{rule}\n"));
            assert!(message.ends_with("matrix = \"1,0.5/0.5,1\""), "{message}");
        }
    }

    #[test]
    fn what_is_said_twice_counts_once() {
        let text = "[model]\nunit = [\"ising\", \"three-state\", \"ising\"]\n\
                    [control]\ncount = [3, 3, 2]\ntemperature = [0.3, 0.2, 0.3]\n";
        let study = parse("s.toml", text).expect("a study");
        assert_eq!(study.models().expect("models").len(), 2);
        assert_eq!(study.control.count, Some("3,2".parse().expect("counts")));
        assert_eq!(study.control.count, Some("3,2,3".parse().expect("counts")));
        assert_eq!(study.control.temperature.expect("temperatures").values, [0.3, 0.2]);
    }

    #[test]
    fn a_study_survives_a_round_trip() {
        let text = "[model]\nname = \"little\"\nunit = [\"ising\", \"three-state:crystal-field=0.2\"]\nself-coupling = 0.5\n\
                    [control]\nalpha = \"0.01:0.03:3\"\ntemperature = [0.1, 0.3]\n\
                    [simulation]\nneurons = 500\nburn-in = 10\nseed = \"18446744073709551615\"\n[compare]\nresolution = 0.02\n";
        let study = parse("s.toml", text).expect("a study");
        assert_eq!(study.simulation.seed, Some(u64::MAX));
        let written = toml::to_string(&study).expect("TOML");
        assert_eq!(parse("t.toml", &written).expect("a study"), study, "{written}");
    }
}
