//! `mattis plot DIR`.

use std::path::PathBuf;

use clap::Args;

use super::context::{Context, json};
use super::failure::{Ending, Failure};
use super::main_job::OUT;
use crate::gallery::{Drawing, Recipe, drawings};
use crate::output::{MANIFEST, Run, Table, csv, read_json, read_manifest};
use crate::records::Records;
use crate::weights::MACHINE;

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// A directory that a run was saved in
    #[arg(value_name = "DIR", default_value = OUT)]
    directory: PathBuf,
}

pub(super) fn run(context: &Context, flags: &Flags) -> Result<Ending, Failure> {
    let source = &flags.directory;
    let target = context.common.out.as_ref().unwrap_or(source);
    let manifest = read_manifest(source)?;
    let mut drawn: Vec<Drawing> = Vec::new();
    for run in &manifest.runs {
        drawn.extend(of_run(source, run)?);
    }
    if drawn.is_empty() {
        return Err(Failure::Failed(format!(
            "{}: its records hold nothing to draw; expected boundaries, several loads, several temperatures, \
             mixtures or a comparison",
            source.display()
        )));
    }
    std::fs::create_dir_all(target)
        .map_err(|error| Failure::Failed(format!("{}: cannot be created: {error}", target.display())))?;
    let mut files = Vec::new();
    let mut table = Table::new(["figure", "shows"]).words(2);
    for drawing in &drawn {
        for file in drawing.write(target)? {
            let path = target.join(file).display().to_string();
            if !context.common.quiet {
                eprintln!("wrote {path}");
            }
            table.push([path.clone(), drawing.caption.clone()]);
            files.push(path);
        }
    }
    context.emit(
        || table.to_string(),
        || json(&serde_json::json!({ "files": files })),
        || csv::write(&table),
    )?;
    Ok(Ending::Done)
}

/// The figures of one run, from its records alone.
fn of_run(source: &std::path::Path, run: &Run) -> Result<Vec<Drawing>, Failure> {
    let mut drawn = Vec::new();
    for file in run.files.iter().filter(|file| file.as_str() != MANIFEST) {
        // A machine is what a run computed with, not what it found.
        let Some(stem) = file.strip_suffix(".json").filter(|_| file != MACHINE) else { continue };
        let records: Records = read_json(&source.join(file))?;
        match (Recipe::named(stem), stem.strip_prefix("record")) {
            (Some(recipe), _) => drawn.push(recipe.drawing(&records)),
            (None, Some(suffix)) => drawn.extend(drawings(&records, suffix)),
            (None, None) => {}
        }
    }
    Ok(drawn)
}
