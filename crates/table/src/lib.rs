//! Streaming tables: CSV to column tiles and back.
