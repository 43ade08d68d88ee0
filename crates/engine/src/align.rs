//! Columns of a table beside the columns a model was trained on.

use std::collections::HashMap;

use estimators::ColumnKind;
use table::csv::Kind;

use crate::{Category, Error, Predictor};

/// Which columns of the table feed which inputs of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alignment {
    /// Columns of the table to parse, each once: its index in the header and how.
    pub(crate) wanted: Vec<(usize, Kind)>,
    /// For each input of the model the place in `wanted`; `None` for one the model does not use.
    pub(crate) inputs: Vec<Option<usize>>,
    /// The table's name for each input of the model, for messages.
    pub(crate) names: Vec<String>,
}

/// Finds the model's inputs among the columns `header`; `features` are the columns the caller asks for.
/// Without them, the model's own names are taken, or all columns if it has no names and takes as many.
pub(crate) fn align(
    header: &[String],
    features: Option<&[String]>,
    predictor: &mut Predictor,
) -> Result<Alignment, Error> {
    let chosen = match features {
        Some(features) => chosen_by_caller(header, features, predictor)?,
        None => chosen_by_model(header, predictor)?,
    };
    predictor.name_inputs(&chosen);
    let mut alignment = Alignment {
        wanted: Vec::new(),
        inputs: Vec::new(),
        names: Vec::with_capacity(chosen.len()),
    };
    let kinds = predictor.column_kinds(chosen.len());
    for (name, kind) in chosen.into_iter().zip(kinds) {
        let input = match (kind, header.iter().position(|it| *it == name)) {
            (ColumnKind::Unused, _) | (_, None) => None,
            (kind, Some(column)) => Some(want(&mut alignment.wanted, column, kind)),
        };
        alignment.inputs.push(input);
        alignment.names.push(name);
    }
    Ok(alignment)
}

/// The place of a column in `wanted`. A column that one input takes as text and another as a number
/// is parsed as text.
fn want(wanted: &mut Vec<(usize, Kind)>, column: usize, kind: ColumnKind) -> usize {
    let kind = if kind == ColumnKind::Text { Kind::Text } else { Kind::Number };
    match wanted.iter().position(|(it, _)| *it == column) {
        Some(place) => {
            if kind == Kind::Text {
                wanted[place].1 = Kind::Text;
            }
            place
        }
        None => {
            wanted.push((column, kind));
            wanted.len() - 1
        }
    }
}

fn chosen_by_caller(
    header: &[String],
    features: &[String],
    predictor: &Predictor,
) -> Result<Vec<String>, Error> {
    let missing: Vec<&str> =
        features.iter().filter(|it| !header.contains(it)).map(String::as_str).collect();
    if !missing.is_empty() {
        let text = format!("Missing required feature columns: {}", missing.join(", "));
        return Err(Error::new(Category::Data, text));
    }
    let trained = predictor.feature_names().filter(|_| !predictor.takes_other_names());
    let Some(trained) = trained else {
        check_count(features.len(), predictor)?;
        return Ok(features.to_vec());
    };
    let trained = spelled(trained, features, predictor);
    if predictor.selects_by_name() {
        let lacking = used_names(&trained, predictor).filter(|it| !features.contains(it));
        none_lacks(lacking, "columns are missing")?;
    } else {
        check_names(features, &trained)?;
    }
    Ok(trained)
}

fn chosen_by_model(header: &[String], predictor: &Predictor) -> Result<Vec<String>, Error> {
    let n = predictor.n_features_in();
    let are_there = |names: &[String]| names.iter().all(|it| header.contains(it));
    let is_hint = |names: &[String]| predictor.takes_other_names() && !are_there(names);
    if let Some(trained) = predictor.feature_names().filter(|it| !is_hint(it)) {
        let trained = spelled(trained, header, predictor);
        let lacking = used_names(&trained, predictor).filter(|it| !header.contains(it));
        none_lacks(lacking, "Missing required feature columns")?;
        return Ok(trained);
    }
    if n == 0 || header.len() == n {
        return Ok(header.to_vec());
    }
    let text = format!(
        "The model takes {n} columns and does not say which; the table has {}: {}. \
         Name the {n} with --features a,b (feature_columns in an event)",
        header.len(),
        header.join(", ")
    );
    Err(Error::new(Category::Data, text))
}

/// The model's names as `columns` spell them: `a b` is the column of a model that keeps it as `a_b`.
fn spelled(trained: &[String], columns: &[String], predictor: &Predictor) -> Vec<String> {
    if !predictor.blanks_are_underscores() {
        return trained.to_vec();
    }
    let has_blanks = columns.iter().filter(|it| it.contains(' '));
    let by_kept: HashMap<String, &String> =
        has_blanks.map(|it| (it.replace(' ', "_"), it)).collect();
    let spelled = |name| {
        let other = by_kept.get(name).filter(|_| !columns.contains(name));
        other.map_or(name, |it| *it).clone()
    };
    trained.iter().map(spelled).collect()
}

fn used_names<'a>(
    trained: &'a [String],
    predictor: &Predictor,
) -> impl Iterator<Item = &'a String> + use<'a> {
    let kinds = predictor.column_kinds(trained.len());
    trained.iter().zip(kinds).filter(|(_, kind)| *kind != ColumnKind::Unused).map(|(it, _)| it)
}

fn none_lacks<'a>(lacking: impl Iterator<Item = &'a String>, text: &str) -> Result<(), Error> {
    let lacking: Vec<&str> = lacking.map(String::as_str).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Error::new(Category::Data, format!("{text}: {}", lacking.join(", "))))
}

fn check_count(found: usize, predictor: &Predictor) -> Result<(), Error> {
    let expected = predictor.n_features_in();
    if expected == 0 || found == expected {
        return Ok(());
    }
    let text = format!(
        "X has {found} features, but {} is expecting {expected} features as input.",
        predictor.class_name()
    );
    Err(Error::new(Category::Data, text))
}

/// In the words of `BaseEstimator._check_feature_names`, which lists five names of each sort.
fn check_names(features: &[String], trained: &[String]) -> Result<(), Error> {
    if features == trained {
        return Ok(());
    }
    let mut unseen: Vec<&str> =
        features.iter().filter(|it| !trained.contains(it)).map(String::as_str).collect();
    let mut missing: Vec<&str> =
        trained.iter().filter(|it| !features.contains(it)).map(String::as_str).collect();
    unseen.sort_unstable();
    missing.sort_unstable();
    let mut text = "The feature names should match those that were passed during fit.".to_owned();
    let mut list = |title: &str, names: &[&str]| {
        if names.is_empty() {
            return;
        }
        text.push_str(&format!("\n{title}:"));
        for name in names.iter().take(5) {
            text.push_str(&format!("\n- {name}"));
        }
        if 5 < names.len() {
            text.push_str("\n- ...");
        }
    };
    list("Feature names unseen at fit time", &unseen);
    list("Feature names seen at fit time, yet now missing", &missing);
    if unseen.is_empty() && missing.is_empty() {
        text.push_str("\nFeature names must be in the same order as they were in fit.");
    }
    Err(Error::new(Category::Data, text))
}
