//! Object graph to estimators that predict as the Python class does.
