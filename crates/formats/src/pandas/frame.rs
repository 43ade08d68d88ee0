//! Series and DataFrame.

use object_graph::{Array, Builder, DataFrame, Kind, NodeId, Series, Value};

use super::{blocks, class, entry, index, inert, state, values};
use crate::numpy::Refusal;

/// The series or frame node; `None` for any other object.
pub(super) fn decode(
    builder: &mut Builder,
    id: NodeId,
    depth: usize,
) -> Result<Option<NodeId>, Refusal> {
    let frame = match class(builder, id).map(|it| it.name) {
        Some("DataFrame") => true,
        Some("Series") => false,
        _ => return Ok(None),
    };
    let unknown = || inert("a pandas object whose state is not known");
    let parts = state(builder, id).ok_or_else(unknown)?;
    // Called `_data` before pandas 1.1.
    let manager = entry(builder, parts, "_mgr").or_else(|| entry(builder, parts, "_data"));
    let manager = blocks::read(builder, manager.ok_or_else(unknown)?)?;
    if frame {
        return data_frame(builder, &manager, depth).map(Some);
    }
    let ([axis], [(values, _)]) = (manager.axes.as_slice(), manager.blocks.as_slice()) else {
        return Err(unknown());
    };
    let rows = index::of(builder, *axis, depth)?;
    let values = values::of(builder, *values, depth)?;
    check_rows(builder.value(values), index::len(builder, rows))?;
    // Called `name` before pandas 2.0.
    let name = entry(builder, parts, "_name").or_else(|| entry(builder, parts, "name"));
    let name = match name {
        Some(name) => name,
        None => builder.none()?,
    };
    Ok(Some(builder.series(Series { values, index: rows, name })?))
}

fn data_frame(
    builder: &mut Builder,
    manager: &blocks::Manager,
    depth: usize,
) -> Result<NodeId, Refusal> {
    let unknown = || inert("a DataFrame whose blocks do not fit its columns");
    let [columns, rows] = manager.axes.as_slice() else { return Err(unknown()) };
    let columns = index::of(builder, *columns, depth)?;
    let rows = index::of(builder, *rows, depth)?;
    let count = index::len(builder, columns).ok_or_else(unknown)?;
    let row_count = index::len(builder, rows);
    builder.budget().charge(count.saturating_mul(8))?;
    let mut data: Vec<Option<NodeId>> = vec![None; count];
    for (block, place) in &manager.blocks {
        let positions = blocks::positions(builder, *place, count)?;
        let block = values::of(builder, *block, depth)
            .map_err(|refusal| of_column(builder, columns, &positions, refusal))?;
        for (at, position) in positions.iter().enumerate() {
            let column = blocks::column(builder, block, at, positions.len())?;
            check_rows(builder.value(column), row_count)?;
            *data.get_mut(*position).ok_or_else(unknown)? = Some(column);
        }
    }
    let data: Option<Box<[NodeId]>> = data.into_iter().collect();
    let data = data.ok_or_else(unknown)?;
    Ok(builder.data_frame(DataFrame { columns, index: rows, data })?)
}

/// A refusal that names the column.
fn of_column(builder: &Builder, columns: NodeId, positions: &[usize], refusal: Refusal) -> Refusal {
    let (Refusal::Inert(reason), Some(at)) = (&refusal, positions.first()) else { return refusal };
    let Kind::Index(labels) = builder.value(columns).kind() else { return refusal };
    let label = builder.value(labels.values).items().and_then(|mut it| it.nth(*at));
    match label.and_then(Value::as_str) {
        Some(name) => Refusal::Inert(format!("column {name:?} holds {reason}")),
        None => Refusal::Inert(format!("column {at} holds {reason}")),
    }
}

fn check_rows(values: Value<'_>, rows: Option<usize>) -> Result<(), Refusal> {
    let one = values.as_array().filter(|it| it.shape.len() == 1).map(Array::len);
    if one.is_some() && one == rows {
        return Ok(());
    }
    Err(inert("a pandas object with more or fewer values than labels"))
}
