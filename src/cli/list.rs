//! `mattis list`.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use mattis_model::catalogue::{Catalogued, Fallback};
use mattis_model::{
    CouplingLaw, Diagonal, ExactModel, External, Model, PatternLaw, Schedule, SynapseLaw, Topology, UnitLaw,
};
use serde::Serialize;

use super::context::{Context, json};
use super::failure::{Ending, Failure};
use crate::gallery::RECIPES;
use crate::output::{Table, csv};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Units,
    Patterns,
    Rules,
    Synapses,
    Connectivities,
    SelfCouplings,
    Fields,
    Updates,
    Models,
    Figures,
}

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// What to list [default: everything]
    #[arg(value_enum)]
    what: Option<Kind>,
}

#[derive(Debug, Serialize)]
struct Item {
    kind: String,
    name: String,
    aliases: Vec<String>,
    formula: String,
    parameters: Vec<ParameterItem>,
    source: String,
}

#[derive(Debug, Serialize)]
struct ParameterItem {
    name: String,
    default: serde_json::Value,
    meaning: String,
}

fn catalogue<T: Catalogued>(kind: &str) -> Vec<Item> {
    let parameter = |parameter: &mattis_model::catalogue::Parameter| ParameterItem {
        name: parameter.name.into(),
        default: match parameter.default {
            Fallback::Number(number) => number.into(),
            Fallback::Word(word) => word.into(),
        },
        meaning: parameter.doc.into(),
    };
    let item = |entry: &mattis_model::catalogue::Entry<T>| Item {
        kind: kind.into(),
        name: entry.name.into(),
        aliases: entry.aliases.iter().map(ToString::to_string).collect(),
        formula: entry.formula.into(),
        parameters: entry.parameters.iter().map(parameter).collect(),
        source: entry.source.into(),
    };
    T::entries().iter().map(item).collect()
}

fn items(kind: Kind) -> Vec<Item> {
    let plain = |kind: &str, name: &str, formula: &str, source: &str| Item {
        kind: kind.into(),
        name: name.into(),
        aliases: Vec::new(),
        formula: formula.into(),
        parameters: Vec::new(),
        source: source.into(),
    };
    match kind {
        Kind::Units => catalogue::<Arc<dyn UnitLaw>>("unit"),
        Kind::Patterns => catalogue::<PatternLaw>("patterns"),
        Kind::Rules => catalogue::<CouplingLaw>("rule"),
        Kind::Synapses => catalogue::<Arc<dyn SynapseLaw>>("synapse"),
        Kind::Connectivities => catalogue::<Topology>("connectivity"),
        Kind::SelfCouplings => catalogue::<Diagonal>("self-coupling"),
        Kind::Fields => catalogue::<External>("field"),
        Kind::Updates => catalogue::<Schedule>("update"),
        Kind::Models => {
            let mut models = catalogue::<Model>("model");
            models.extend(catalogue::<ExactModel>("exactly solved model"));
            models
        }
        Kind::Figures => {
            RECIPES.iter().map(|recipe| plain("figure", recipe.name, recipe.shows, recipe.source)).collect()
        }
    }
}

pub(super) fn run(context: &Context, flags: &Flags) -> Result<Ending, Failure> {
    let items: Vec<Item> = match flags.what {
        Some(kind) => items(kind),
        None => Kind::value_variants().iter().flat_map(|kind| items(*kind)).collect(),
    };
    context.emit(|| people(&items, flags.what.is_none()), || json(&items), || csv::write(&table(&items)))?;
    Ok(Ending::Done)
}

/// An entry is a paragraph: formulas and sources are too long for columns.
fn people(items: &[Item], kinds: bool) -> String {
    let mut text = String::new();
    let mut kind = "";
    // Writing to a string cannot fail.
    for item in items {
        if kinds && item.kind != kind {
            kind = &item.kind;
            let _ = writeln!(text, "{}", kind.to_uppercase());
        }
        let aliases =
            if item.aliases.is_empty() { String::new() } else { format!(" ({})", item.aliases.join(", ")) };
        let _ = writeln!(text, "{}{aliases}\n    {}", item.name, item.formula);
        for parameter in &item.parameters {
            let default = match &parameter.default {
                serde_json::Value::String(word) => word.clone(),
                other => other.to_string(),
            };
            let _ = writeln!(text, "    :{}={default}    {}", parameter.name, parameter.meaning);
        }
        let _ = writeln!(text, "    {}", item.source);
    }
    text
}

fn table(items: &[Item]) -> Table {
    let mut table = Table::new(["kind", "name", "aliases", "formula", "parameters", "source"]);
    for item in items {
        let parameters: Vec<String> = item
            .parameters
            .iter()
            .map(|parameter| format!("{}={}", parameter.name, parameter.default))
            .collect();
        table.push([
            item.kind.clone(),
            item.name.clone(),
            item.aliases.join(" "),
            item.formula.clone(),
            parameters.join(" "),
            item.source.clone(),
        ]);
    }
    table
}
