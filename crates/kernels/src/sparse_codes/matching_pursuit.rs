//! Orthogonal matching pursuit: atom after atom, always the one that is closest to what is left of the row.

use super::square::{Square, dot};

/// Weights of at most `n_atoms` atoms. `products` are the atoms' inner products with the row.
#[must_use]
pub fn matching_pursuit(gram: &Square, products: &[f64], n_atoms: usize) -> Vec<f64> {
    let k = gram.len().min(products.len());
    let (mut gram, mut products) = (gram.clone(), products.to_vec());
    let mut indices: Vec<usize> = (0..k).collect();
    let mut left = products.clone();
    let mut factor = Square::zeros(n_atoms.min(k));
    let mut weights = Vec::new();
    for active in 0..factor.len() {
        let next = largest(&left);
        if next < active || left[next] * left[next] < f64::EPSILON {
            break;
        }
        let Some(diagonal) = extend(&mut factor, &gram, active, next) else { break };
        *factor.at_mut(active, active) = diagonal;
        gram.swap(active, next);
        indices.swap(active, next);
        products.swap(active, next);
        weights = products[..=active].to_vec();
        factor.solve_cholesky(&mut weights);
        for (i, it) in left.iter_mut().enumerate() {
            *it = products[i] - dot(gram.row(i), &weights);
        }
    }
    let mut code = vec![0.0; products.len()];
    weights.iter().zip(&indices).for_each(|(w, &i)| code[i] = *w);
    code
}

/// The first of the numbers that is largest in size.
pub(super) fn largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (i, x) in values.iter().enumerate() {
        if x.abs() > values[best].abs() {
            best = i;
        }
    }
    best
}

/// Adds atom `next` to the Cholesky factor; its diagonal, or `None` if it depends on the others.
fn extend(factor: &mut Square, gram: &Square, active: usize, next: usize) -> Option<f64> {
    if active == 0 {
        return Some(gram.at(next, next).sqrt());
    }
    let mut row = gram.row(next)[..active].to_vec();
    factor.solve_lower(&mut row);
    let square = gram.at(next, next) - dot(&row, &row);
    factor.row_mut(active)[..active].copy_from_slice(&row);
    (square > f64::EPSILON).then(|| square.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_atoms_a_row_was_made_of_are_found() {
        // Atoms (1, 0), (0, 1) and (0.6, 0.8); the row is twice the last.
        let gram =
            Square::new(vec![1.0, 0.0, 0.6, 0.0, 1.0, 0.8, 0.6, 0.8, 1.0], 3).expect("3 x 3");
        assert_eq!(matching_pursuit(&gram, &[1.2, 1.6, 2.0], 1), [0.0, 0.0, 2.0]);
        assert_eq!(matching_pursuit(&gram, &[0.0, 0.0, 0.0], 2), [0.0; 3]);
    }
}
