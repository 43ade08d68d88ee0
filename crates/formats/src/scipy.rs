//! scipy's sparse matrices and arrays: CSR, CSC, COO and DIA, of any version and module name.
//!
//! | attribute of the state | CSR, CSC | COO | DIA |
//! |---|---|---|---|
//! | `_shape` (`shape` before scipy 0.19) | rows, columns; since 1.13 also one number | the same | the same |
//! | `data` | values | values | diagonals, 2-D |
//! | `indices`, `indptr` | index arrays | `row`, `col`; `coords` since scipy 1.11 | `offsets` |
//!
//! The arrays' shapes are checked against each other here; that an index lies inside the matrix is
//! for the reader to check, who walks it anyway.

use object_graph::{Array, Builder, NodeId, Object, Scalar, Sparse, SparseFormat, Tag, Value};

use crate::error::Fault;
use crate::numpy::{Refusal, each, objects};

/// Decodes all sparse matrices in the file.
pub(crate) fn decode(builder: &mut Builder) -> Result<(), Fault> {
    let ids = objects(builder);
    each(builder, ids.iter(), &mut |builder, id| match format(builder.value(id)) {
        Some(format) => sparse(builder, id, format).map(Some),
        None => Ok(None),
    })
}

/// Formats without a kernel stay inert without a reason: their class names them.
fn format(value: Value<'_>) -> Option<SparseFormat> {
    let class = value.as_object().and_then(Object::class)?;
    if !class.module.starts_with("scipy.sparse") {
        return None;
    }
    match class.name {
        "csr_matrix" | "csr_array" => Some(SparseFormat::Csr),
        "csc_matrix" | "csc_array" => Some(SparseFormat::Csc),
        "coo_matrix" | "coo_array" => Some(SparseFormat::Coo),
        "dia_matrix" | "dia_array" => Some(SparseFormat::Dia),
        _ => None,
    }
}

fn sparse(builder: &mut Builder, id: NodeId, format: SparseFormat) -> Result<NodeId, Refusal> {
    let unknown = || Refusal::Inert("a sparse matrix whose parts are not known".to_owned());
    let none = builder.none()?;
    let state = builder.value(id).as_object().and_then(Object::state);
    let state = state.filter(|it| it.tag() == Tag::Dict && it.len().is_some_and(|it| it <= 32));
    let state = state.ok_or_else(unknown)?;
    let shape = state.get("_shape").or_else(|| state.get("shape")).and_then(shape);
    let shape = shape.ok_or_else(unknown)?;
    let data = state.get("data");
    let (indices, indptr) = match format {
        SparseFormat::Csr | SparseFormat::Csc => (state.get("indices"), state.get("indptr")),
        SparseFormat::Coo => match state.get("coords").and_then(Value::items) {
            Some(mut coords) => {
                let row = coords.next();
                (coords.next(), row)
            }
            None => (state.get("col"), state.get("row")),
        },
        SparseFormat::Dia => (state.get("offsets"), Some(state.at(none))),
    };
    let (Some(data), Some(indices), Some(indptr)) = (data, indices, indptr) else {
        return Err(unknown());
    };
    if !fits(format, shape, data, indices, indptr) {
        return Err(Refusal::Fault(Fault::malformed(
            "a sparse matrix whose arrays do not fit each other",
        )));
    }
    let it = Sparse { format, shape, data: data.id(), indices: indices.id(), indptr: indptr.id() };
    Ok(builder.sparse(it)?)
}

/// Rows and columns; what has one dimension (since scipy 1.13) is one row.
fn shape(value: Value<'_>) -> Option<(usize, usize)> {
    let mut axes = Some(value).filter(|it| it.tag() == Tag::Tuple)?.items()?;
    let n_axes = axes.len();
    let mut axis = || axes.next()?.as_i64().and_then(|it| usize::try_from(it).ok());
    match n_axes {
        1 => Some((1, axis()?)),
        2 => Some((axis()?, axis()?)),
        _ => None,
    }
}

/// Whether the lengths of the arrays agree.
fn fits(
    format: SparseFormat,
    (rows, columns): (usize, usize),
    data: Value<'_>,
    indices: Value<'_>,
    indptr: Value<'_>,
) -> bool {
    let integers = |it: Value<'_>| {
        let array =
            it.as_array().filter(|it| matches!(it.dtype.scalar, Scalar::Int | Scalar::UInt));
        array.filter(|it| it.shape.len() == 1).map(Array::len)
    };
    let Some(values) = data.as_array() else { return false };
    let (indices, indptr) = (integers(indices), integers(indptr));
    match format {
        // More values than indptr counts may be left over from an earlier state of the matrix.
        SparseFormat::Csr => indices == Some(values.len()) && indptr == rows.checked_add(1),
        SparseFormat::Csc => indices == Some(values.len()) && indptr == columns.checked_add(1),
        SparseFormat::Coo => indices == Some(values.len()) && indptr == indices,
        SparseFormat::Dia => values.shape.len() == 2 && values.shape.first().copied() == indices,
    }
}
