//! An inert Python object graph: data only, nothing in it can run.
