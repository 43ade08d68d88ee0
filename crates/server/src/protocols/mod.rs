//! What model servers speak: MLflow and SageMaker, KServe's version 1, the Open Inference Protocol (version 2).

mod answered;
mod binary;
mod frames;
mod inference;
mod invocations;
mod kserve;
mod outputs;
mod rows;
mod tensor;

pub(crate) use inference::{infer, infer_rows, metadata, model_metadata, rows_metadata};
pub(crate) use invocations::invoke;
pub(crate) use kserve::{names, predict, predict_rows};
