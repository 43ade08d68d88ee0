//! URIs to ranged reads and atomic writes.
