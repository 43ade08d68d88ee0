//! A refused cell is named as the caller knows it, however many steps lie before the one that refuses it.

use std::path::Path;
use std::sync::Arc;

use estimators::{Block, Column, ColumnKind, DataError, Dtype, Frame, Method, Model};

#[test]
fn an_unknown_category_behind_an_imputer_is_named_by_row_and_column() {
    let folder =
        "src/sklearn/compose/column_transformer.golden/unknown_category_behind_an_imputer-1.9.1";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("model.pkl");
    let bytes = std::fs::read(file).unwrap();
    let graph = formats::read(bytes, "model.pkl", &formats::Limits::default()).unwrap();
    let model = Model::read(&graph).unwrap();

    let error = model.call(Method::Transform, rows(&model, "unheard")).unwrap_err();

    let column = model.feature_names().unwrap().iter().position(|it| it == "sex");
    assert_eq!(error.column, column);
    assert_eq!(error.row, Some(1));
    assert_eq!(error.text, "Found unknown categories ['unheard'] during transform");
}

/// Two rows; the second has `sex` in its last text column.
fn rows(model: &Model, sex: &str) -> Block {
    let names = model.feature_names().expect("the model was trained on a data frame");
    let column = |(name, kind): (&String, &ColumnKind)| match kind {
        ColumnKind::Text => {
            let second = if name == "sex" { sex } else { "Dream" };
            let first = if name == "sex" { None } else { Some("Dream") };
            Column::Text(Arc::new([first, Some(second)].into_iter().collect()))
        }
        _ => Column::Number(Arc::new(vec![40.0, 200.0]), Dtype::Float64),
    };
    let columns = names.iter().zip(&model.column_kinds()).map(column).collect();
    let frame: Result<Frame, DataError> = Frame::new(2, columns);
    Block::Frame(frame.expect("two cells a column"))
}
