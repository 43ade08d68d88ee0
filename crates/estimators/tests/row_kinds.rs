//! Linear models and support vector machines on rows that golden cases cannot hold: sparse, `float32`.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::fs;
use std::path::Path;

use estimators::{Block, Csr, Dense, Dtype, Method, Model, Output, Values};

const LINEAR: &str = "linear_model/linear_regressor.golden";

fn folder(case: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sklearn").join(case)
}

fn model(case: &str) -> Model {
    let bytes = fs::read(folder(case).join("model.pkl")).unwrap();
    let graph = formats::read(bytes, "model.pkl", &formats::Limits::default()).unwrap();
    Model::read(&graph).unwrap()
}

/// The rows of a case, by columns.
fn columns(case: &str) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(folder(case).join("rows.csv")).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect()
}

fn dense(columns: &[Vec<f64>]) -> Dense {
    Dense::new(columns[0].len(), columns.to_vec()).unwrap()
}

/// What is not 0, columns from last to first.
fn sparse(columns: &[Vec<f64>]) -> Block {
    let mut rows = Csr::new(columns.len());
    for row in 0..columns[0].len() {
        for (j, column) in columns.iter().enumerate().rev().filter(|(_, it)| it[row] != 0.0) {
            rows.push(j, column[row]);
        }
        rows.end_row();
    }
    Block::Sparse(rows)
}

#[test]
fn a_support_vector_machine_takes_sparse_rows_in_any_order() {
    for case in ["sparse_rbf-1.9.1", "sparse_linear-0.22.2.post1", "sparse_polynomial-1.9.1"] {
        let case = format!("svm/svc.golden/{case}");
        let (model, columns) = (model(&case), columns(&case));
        for &method in model.methods() {
            let want = model.call(method, Block::Dense(dense(&columns))).unwrap();
            assert_eq!(model.call(method, sparse(&columns)).unwrap(), want, "{case} {method}");
        }
    }
}

#[test]
fn a_support_vector_machine_trained_on_dense_rows_refuses_sparse_ones() {
    let case = "svm/svc.golden/rbf-1.9.1";
    let refusal = model(case).call(Method::Predict, sparse(&columns(case))).unwrap_err();
    assert!(refusal.text.contains("trained on dense"), "{refusal}");
}

#[test]
fn weighted_sums_of_sparse_rows_are_added_in_stored_order() {
    let case = "linear_model/linear_regression.golden/no_intercept_and_names-1.9.1";
    let mut columns: Vec<_> = columns(case).iter().map(|it| it[..6].to_vec()).collect();
    columns[1].fill(0.0);
    let found = floats(model(case).call(Method::Predict, sparse(&columns)).unwrap());
    assert_eq!(found, WANT);
    let dense = floats(model(case).call(Method::Predict, Block::Dense(dense(&columns))).unwrap());
    assert_ne!(found, dense, "the order of additions must show in some row");
    // scikit-learn 1.9.1 with scipy 1.18.1, the rows as a csr_matrix stored in this order.
    const WANT: [f64; 6] = [
        58.08330543974708,
        76.97407686530464,
        90.60488711400599,
        30.678666465757818,
        148.5793328877735,
        34.74060935334672,
    ];
}

#[test]
fn float32_rows_against_float32_weights_stay_float32() {
    let case = format!("{LINEAR}/float32_weights-1.9.1");
    let (model, columns) = (model(&case), columns(&case));
    let mut rows = dense(&columns.iter().map(|it| it[..4].to_vec()).collect::<Vec<_>>());
    let double = floats(model.call(Method::Predict, Block::Dense(rows.clone())).unwrap());
    rows.dtype = Dtype::Float32;
    rows.round();
    let Output::Vector(Values::Float32(single)) =
        model.call(Method::Predict, Block::Dense(rows)).unwrap()
    else {
        panic!("float32 rows give float32 results");
    };
    for (a, b) in single.iter().zip(double) {
        assert!((f64::from(*a) - b).abs() < 1e-6 * b.abs(), "{a:?} is far from {b:?}");
    }
}

#[test]
fn float32_rows_against_float64_weights_become_float64() {
    let case = format!("{LINEAR}/ridge-1.9.1");
    let mut rows = dense(&columns(&case).iter().map(|it| it[..4].to_vec()).collect::<Vec<_>>());
    rows.dtype = Dtype::Float32;
    rows.round();
    let output = model(&case).call(Method::Predict, Block::Dense(rows)).unwrap();
    assert!(matches!(output, Output::Vector(Values::Float(_))), "{output:?}");
}

fn floats(output: Output) -> Vec<f64> {
    match output {
        Output::Vector(Values::Float(it)) => it,
        other => panic!("{other:?} are not floats"),
    }
}
