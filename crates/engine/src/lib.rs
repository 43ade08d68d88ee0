//! The use cases: load a model, predict a table, the batch contract.
