//! Bytes of model files to an object graph: pickle, joblib.
