//! What composites do with the estimators inside them, where each of them is given all of the input:
//! reading them, what they want of the input, and what their answers are as numbers.

use crate::hints::merged;
use crate::{
    Block, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output, ReadError,
    State, Values,
};

/// The estimators in a list, at least one; what is wrong with any of them is told at once.
pub(crate) fn read(list: &State<'_>) -> Result<Vec<Box<dyn Estimator>>, ReadError> {
    let members = ReadError::collect(list.as_list()?.iter().map(State::as_estimator))?;
    if members.is_empty() {
        return Err(list.invalid("has no estimators"));
    }
    Ok(members)
}

/// Checks that every member has `method`; `list` is where they stand.
pub(crate) fn check_method(
    list: &State<'_>,
    members: &[Box<dyn Estimator>],
    method: Method,
) -> Result<(), ReadError> {
    match members.iter().position(|it| !it.methods().contains(&method)) {
        Some(i) => Err(list.invalid(format!("has a member, [{i}], without a method {method}"))),
        None => Ok(()),
    }
}

/// Checks that all members take the same number of columns, and returns it. One that takes any number
/// (0) agrees with all.
///
/// # Errors
/// The first member that disagrees with those before it; `state` is the list they stand in.
pub(crate) fn n_features_in(
    state: &State<'_>,
    members: &[Box<dyn Estimator>],
) -> Result<usize, ReadError> {
    let mut agreed = 0;
    for (i, found) in members.iter().map(|it| it.n_features_in()).enumerate() {
        if agreed != 0 && found != 0 && found != agreed {
            let text = format!("has a member, [{i}], for {found} columns after one for {agreed}");
            return Err(state.invalid(text));
        }
        agreed = agreed.max(found);
    }
    Ok(agreed)
}

/// How each column is to be read if every member is to find in it what it wants: as text if one
/// wants text (the others read the numbers in it), not at all only if none uses it.
pub(crate) fn column_kinds<'a>(
    members: impl IntoIterator<Item = &'a Box<dyn Estimator>>,
) -> Vec<ColumnKind> {
    let mut all: Vec<ColumnKind> = Vec::new();
    for kinds in members.into_iter().map(|it| it.column_kinds()) {
        if all.is_empty() {
            all = kinds;
            continue;
        }
        all.iter_mut().zip(kinds).for_each(|(kind, wanted)| *kind = wanted.max(*kind));
    }
    all
}

/// What any member knows of each column.
pub(crate) fn column_hints<'a>(
    members: impl IntoIterator<Item = &'a Box<dyn Estimator>>,
) -> Vec<ColumnHint> {
    members.into_iter().fold(Vec::new(), |known, it| merged(known, it.column_hints()))
}

/// Whether every member picks its columns by name.
pub(crate) fn select_by_name(members: &[Box<dyn Estimator>]) -> bool {
    !members.is_empty() && members.iter().all(|it| it.selects_by_name())
}

/// Whether a member keeps names with `_` for each blank, and what holds it may have taken them over.
pub(crate) fn blanks_are_underscores(members: &[Box<dyn Estimator>]) -> bool {
    members.iter().any(|it| it.blanks_are_underscores())
}

/// What every member answers as a matrix: a vector is one column.
pub(crate) fn matrices(
    members: &[Box<dyn Estimator>],
    method: Method,
    input: &Block,
) -> Result<Vec<Dense>, DataError> {
    members.iter().map(|it| matrix(&**it, method, input.clone())).collect()
}

/// What a member answers as a matrix: a vector is one column.
pub(crate) fn matrix(
    member: &dyn Estimator,
    method: Method,
    input: Block,
) -> Result<Dense, DataError> {
    member.call(method, input)?.into_block()?.into_numbers()
}

/// Refuses what is not a matrix of `width` columns.
pub(crate) fn check_width(matrix: &Dense, width: usize) -> Result<(), DataError> {
    let found = matrix.n_cols();
    if found == width {
        return Ok(());
    }
    let text = format!("a member gives {found} numbers per row, expected {width}");
    Err(DataError::block(text))
}

/// What a member predicts as whole numbers: it was trained on the numbers of the labels, so the labels
/// it knows are those numbers.
pub(crate) fn codes(member: &dyn Estimator, input: Block) -> Result<Vec<i64>, DataError> {
    match member.call(Method::Predict, input)? {
        Output::Vector(it) => whole_numbers(it),
        _ => Err(DataError::block("a member predicts several values per row, expected one")),
    }
}

/// Predicted numbers of labels.
pub(crate) fn whole_numbers(values: Values) -> Result<Vec<i64>, DataError> {
    match values {
        Values::Int(it) => Ok(it),
        Values::Labels(codes, Classes::Int(labels)) => {
            Ok(codes.into_iter().map(|it| labels[it as usize]).collect())
        }
        Values::Labels(codes, Classes::Bool(labels)) => {
            Ok(codes.into_iter().map(|it| i64::from(labels[it as usize])).collect())
        }
        _ => Err(DataError::block("a member predicts no whole numbers, as those of classes are")),
    }
}

/// The label of each number, as `LabelEncoder.inverse_transform` gives it.
pub(crate) fn labels(codes: &[i64], classes: &Classes) -> Result<Values, DataError> {
    let place = |(row, &code): (usize, &i64)| {
        let place = usize::try_from(code).ok().filter(|it| *it < classes.len());
        let refused = || format!("a member predicts class number {code} of {}", classes.len());
        let error = || DataError { row: Some(row), column: None, text: refused() };
        place.map(|it| it as u32).ok_or_else(error)
    };
    let places: Vec<u32> = codes.iter().enumerate().map(place).collect::<Result<_, _>>()?;
    Ok(Values::Labels(places, classes.clone()))
}

/// `classes_`: an array, or a list of one array per output.
pub(crate) fn classes(state: &State<'_>) -> Result<Vec<Classes>, ReadError> {
    let it = state.get("classes_")?;
    if it.value().as_array().is_some() {
        return Ok(vec![it.as_classes()?]);
    }
    it.as_list()?.iter().map(State::as_classes).collect()
}

/// Where each label that a member predicts stands in `classes`.
pub(crate) fn label_codes(
    member: &dyn Estimator,
    input: Block,
    classes: &Classes,
) -> Result<Vec<Option<u32>>, DataError> {
    let places_of = |labels: Classes, codes: &[u32]| {
        let places = label_places(&labels, classes);
        codes.iter().map(|&it| places[it as usize]).collect()
    };
    let each = |n: usize| (0..n as u32).collect::<Vec<u32>>();
    match member.call(Method::Predict, input)? {
        Output::Vector(Values::Labels(codes, labels)) => Ok(places_of(labels, &codes)),
        Output::Vector(Values::Int(it)) => {
            let all = each(it.len());
            Ok(places_of(Classes::Int(it.into()), &all))
        }
        Output::Vector(Values::Float(it)) => {
            let all = each(it.len());
            Ok(places_of(Classes::Float(it.into()), &all))
        }
        _ => Err(DataError::block("a member predicts no labels")),
    }
}

/// Where each of the labels `from` stands in `to`; numbers and booleans are compared as Python's `==`
/// compares them.
pub(crate) fn label_places(from: &Classes, to: &Classes) -> Vec<Option<u32>> {
    if let (Classes::Text(from), Classes::Text(to)) = (from, to) {
        return from.iter().map(|it| place(to, |other| other == it)).collect();
    }
    let (from, to) = (numbers(from), numbers(to));
    from.iter().map(|it| place(&to, |other| other == it)).collect()
}

fn place<T>(items: &[T], is: impl Fn(&T) -> bool) -> Option<u32> {
    items.iter().position(is).map(|it| it as u32)
}

/// Labels as numbers; texts are none.
fn numbers(classes: &Classes) -> Vec<f64> {
    match classes {
        Classes::Int(it) => it.iter().map(|&it| it as f64).collect(),
        Classes::Float(it) => it.to_vec(),
        Classes::Bool(it) => it.iter().map(|&it| f64::from(u8::from(it))).collect(),
        Classes::Text(it) => vec![f64::NAN; it.len()],
    }
}
