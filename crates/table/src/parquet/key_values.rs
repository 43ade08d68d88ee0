//! A file's own key-value metadata, with the outputs told to those who read it.

use parquet::file::metadata::KeyValue;
use serde_json::{Value, json};

use super::arrow_schema::{self, ArrowType};
use super::file::File;
use super::splice::{OutputKind, Place};

/// The metadata of the file that `places` describes. What pandas keeps in it (`pandas`) and pyarrow
/// (`ARROW:schema`) gets the outputs; a schema of pyarrow's that cannot be read is left out, since it would
/// contradict the columns.
pub(super) fn key_values(
    old: &[KeyValue],
    places: &[Place],
    outputs: &[(String, OutputKind)],
) -> Vec<KeyValue> {
    let with = |it: &KeyValue| {
        let value = it.value.as_deref();
        let value = match it.key.as_str() {
            "pandas" => value.map(|text| pandas(text, outputs).unwrap_or_else(|| text.to_owned())),
            "ARROW:schema" => Some(arrow(value?, places, outputs)?),
            _ => it.value.clone(),
        };
        Some(KeyValue { key: it.key.clone(), value })
    };
    old.iter().filter_map(with).collect()
}

fn arrow(text: &str, places: &[Place], outputs: &[(String, OutputKind)]) -> Option<String> {
    let field = |place: &Place| match place {
        Place::Kept(column) => Some(Ok(*column)),
        Place::Output(index) => {
            let (name, kind) = outputs.get(*index)?;
            let kind = match kind {
                OutputKind::Bool => ArrowType::Bool,
                OutputKind::Int => ArrowType::Int64,
                OutputKind::Float32 => ArrowType::Float32,
                OutputKind::Float64 => ArrowType::Float64,
                OutputKind::Text => ArrowType::Utf8,
            };
            Some(Err((name.as_str(), kind)))
        }
    };
    let fields: Option<Vec<_>> = places.iter().map(field).collect();
    arrow_schema::with_fields(text, &fields?)
}

fn pandas(text: &str, outputs: &[(String, OutputKind)]) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    let columns = value.get_mut("columns")?.as_array_mut()?;
    for (name, kind) in outputs {
        let (pandas_type, numpy_type) = match kind {
            OutputKind::Bool => ("bool", "bool"),
            OutputKind::Int => ("int64", "int64"),
            OutputKind::Float32 => ("float32", "float32"),
            OutputKind::Float64 => ("float64", "float64"),
            OutputKind::Text => ("unicode", "object"),
        };
        let entry = json!({
            "name": name, "field_name": name, "pandas_type": pandas_type, "numpy_type": numpy_type,
            "metadata": null,
        });
        match columns.iter_mut().find(|it| it["field_name"] == **name) {
            Some(old) => *old = entry,
            None => columns.push(entry),
        }
    }
    Some(value.to_string())
}

/// Whether pandas reads this column of whole numbers as floats: some are missing, and its own type is not
/// one that can miss some (`Int64`).
pub(crate) fn is_float_to_pandas(file: &File, column: usize) -> bool {
    let Some(leaf) = file.leaf(column) else { return false };
    let groups = file.metadata.row_groups();
    let n_missing =
        |statistics: &parquet::file::statistics::Statistics| statistics.null_count_opt();
    let has_missing = groups
        .iter()
        .filter_map(|it| it.column(leaf).statistics().and_then(n_missing))
        .any(|n_missing| 0 < n_missing);
    has_missing && !is_nullable_in_pandas(file, column)
}

fn is_nullable_in_pandas(file: &File, column: usize) -> bool {
    let name = file.names().get(column).map_or("", String::as_str);
    let metadata = file.metadata.file_metadata().key_value_metadata();
    let pandas = metadata.into_iter().flatten().find(|it| it.key == "pandas");
    let value: Option<Value> =
        pandas.and_then(|it| serde_json::from_str(it.value.as_deref()?).ok());
    let columns = value.as_ref().and_then(|it| it["columns"].as_array());
    let own = columns.into_iter().flatten().find(|it| it["field_name"] == name);
    own.and_then(|it| it["numpy_type"].as_str()).is_some_and(|it| it.contains("Int"))
}
