//! Sparse matrices in a model's attributes.

use object_graph::{Kind, SparseFormat};

use crate::{Csr, Matrix, ReadError, State};

impl State<'_> {
    /// The object itself as sparse rows: a scipy CSR matrix or array whose index arrays fit.
    pub fn as_csr(&self) -> Result<Csr, ReadError> {
        let Kind::Sparse(sparse) = self.value().kind() else {
            return Err(self.wrong("a scipy sparse matrix"));
        };
        if sparse.format != SparseFormat::Csr {
            return Err(self.unsupported("is a sparse matrix in another layout than CSR"));
        }
        let part = |id, name| self.step(self.value().at(id), name);
        let starts = part(sparse.indptr, ".indptr").as_ints()?;
        let indices = part(sparse.indices, ".indices").as_ints()?;
        let values = part(sparse.data, ".data").as_floats()?;
        let (n_rows, n_cols) = sparse.shape;
        if starts.len() != n_rows.saturating_add(1) || indices.len() != values.len() {
            return Err(self.invalid("is a sparse matrix whose arrays differ in length"));
        }
        self.charge(starts.len().saturating_mul(8).saturating_add(values.len() * 12))?;
        let mut rows = Csr::new(n_cols);
        for bounds in starts.windows(2) {
            let [start, end] = *bounds else { continue };
            let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            let stored =
                range.and_then(|(start, end)| indices.get(start..end).zip(values.get(start..end)));
            let Some((indices, values)) = stored else {
                return Err(
                    self.invalid("is a sparse matrix whose rows overlap or leave its arrays")
                );
            };
            for (&column, &value) in indices.iter().zip(values) {
                match usize::try_from(column) {
                    Ok(it) if it < n_cols && it <= u32::MAX as usize => rows.push(it, value),
                    _ => return Err(self.invalid(format!("has a column {column} of {n_cols}"))),
                }
            }
            rows.end_row();
        }
        Ok(rows)
    }

    /// The object itself as a matrix, whether Python holds it dense or as sparse rows.
    pub fn as_dense_matrix(&self) -> Result<Matrix, ReadError> {
        if !matches!(self.value().kind(), Kind::Sparse(_)) {
            return self.as_matrix();
        }
        let rows = self.as_csr()?;
        let (n_rows, n_cols) = (rows.n_rows(), rows.n_cols());
        let len = n_rows.saturating_mul(n_cols);
        self.charge(len.saturating_mul(8))?;
        let mut data = vec![0.0; len];
        for (row, values) in data.chunks_exact_mut(n_cols.max(1)).enumerate() {
            for (column, value) in rows.row(row) {
                if let Some(it) = values.get_mut(column) {
                    *it += value;
                }
            }
        }
        Ok(Matrix { n_rows, n_cols, data })
    }
}
