//! Every point is looked at.
//!
//! Euclidean distances and cosines are found by way of inner products, in the order of additions of
//! OpenBLAS's matrix product or of sparse ones; other distances number by number.

use super::{Metric, Nearest, Sorting, Within};
use crate::blas::{dot, matrix_product};
use crate::distances::not_negative;
use crate::einsum::{Order, square_sums};
use crate::linear::add_weighted;
use crate::partitioning::Partitioning;

/// Who chooses among the distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chooser {
    /// scikit-learn's own code (`ArgKmin`, `RadiusNeighbors`): the first of equally far points, put in
    /// order by `Sorting`. It sums squares with BLAS.
    Heap(Sorting),
    /// numpy's partition of all distances. Squares are summed by `numpy.einsum`.
    Partition(Partitioning),
}

/// How Python holds rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// As a matrix: inner products are BLAS's.
    Dense,
    /// By their stored numbers, which are added one after the other.
    Sparse,
}

/// Points to be looked at one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct BruteForce {
    n_features: usize,
    /// Row by row, or column by column if distances are found by inner products.
    points: Vec<f64>,
    /// The squares of the points' lengths, by BLAS and by `einsum`.
    lengths: [Vec<f64>; 2],
    metric: Metric,
    by_products: bool,
    held: Held,
    einsum: Order,
}

/// A row below this length counts as one of zeros for the cosine.
const NO_LENGTH: f64 = 10.0 * f64::EPSILON;

/// Room to work in; keeping it saves time.
#[derive(Debug, Clone, Default)]
pub struct Room {
    distances: Vec<f64>,
    other: Option<Nearest>,
}

/// A row and how its neighbours are to be found.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// A number per feature.
    pub row: &'a [f64],
    /// How Python holds it.
    pub held: Held,
    /// Who chooses.
    pub chooser: Chooser,
}

impl BruteForce {
    /// `points` holds `n_features` numbers for each point, one after the other; `None` unless they are
    /// whole and the metric fits them. `by_products` says whether Python finds squared euclidean
    /// distances by inner products (euclidean ones and cosines it always does), `einsum` in which
    /// order numpy sums squares.
    #[must_use]
    pub fn new(
        n_features: usize,
        mut points: Vec<f64>,
        metric: Metric,
        by_products: bool,
        held: Held,
        einsum: Order,
    ) -> Option<Self> {
        let whole = n_features != 0 && points.len().is_multiple_of(n_features);
        if !whole || !metric.fits(n_features) {
            return None;
        }
        let always = matches!(metric, Metric::Euclidean | Metric::Cosine);
        let by_products = always || by_products && metric == Metric::SquaredEuclidean;
        if metric == Metric::Cosine {
            points.chunks_exact_mut(n_features).for_each(|it| normalize(it, held, einsum));
        }
        let lengths = [Squares::Blas, Squares::Numpy(einsum)].map(|squares| {
            points.chunks_exact(n_features).map(|it| squared_length(it, held, squares)).collect()
        });
        if by_products {
            let column = |j| points.iter().skip(j).step_by(n_features).copied();
            points = (0..n_features).flat_map(column).collect();
        }
        Some(Self { n_features, points, lengths, metric, by_products, held, einsum })
    }

    /// Number of points.
    #[must_use]
    pub fn n_points(&self) -> usize {
        self.lengths[0].len()
    }

    /// Finds the points nearest to a row, nearest first.
    pub fn find(&self, query: Query<'_>, room: &mut Room, nearest: &mut Nearest) {
        self.measure(query, room);
        match query.chooser {
            Chooser::Heap(sorting) => {
                // Python fills a heap for each thread and pours it into another.
                let other = room.other.get_or_insert_with(|| nearest.clone());
                other.clear_below(f64::MAX);
                room.distances.iter().enumerate().for_each(|(i, it)| other.push(*it, i));
                nearest.clear_below(f64::MAX);
                nearest.merge(other);
                nearest.sort(sorting);
                let exact = |it: &mut f64| *it = self.finished(*it, query.chooser);
                nearest.distances_mut().iter_mut().for_each(exact);
            }
            Chooser::Partition(by) => {
                let indices = by.smallest(&room.distances, nearest.distances().len());
                let distance = |&i: &usize| self.finished(room.distances[i], query.chooser);
                nearest.set(indices.iter().map(|i| (distance(i), *i)));
            }
        }
    }

    /// Finds the points not farther than `radius` from a row, in their order.
    pub fn find_within(&self, query: Query<'_>, radius: f64, room: &mut Room, within: &mut Within) {
        self.measure(query, room);
        within.clear();
        let reduced = match (&self.metric, query.chooser) {
            (Metric::Euclidean, _) => radius * radius,
            (_, Chooser::Heap(_)) => self.metric.reduce(radius),
            (_, Chooser::Partition(_)) => radius,
        };
        for (index, &distance) in room.distances.iter().enumerate() {
            if distance <= reduced {
                within.push(self.finished(distance, query.chooser), index);
            }
        }
    }

    /// The distances of all points from a row; without `finished` reduced ones, as they are compared.
    pub fn distances<'a>(&self, query: Query<'_>, finished: bool, room: &'a mut Room) -> &'a [f64] {
        self.measure(query, room);
        if finished {
            room.distances.iter_mut().for_each(|it| *it = self.finished(*it, query.chooser));
        }
        &room.distances
    }

    fn finished(&self, distance: f64, chooser: Chooser) -> f64 {
        match (&self.metric, chooser) {
            (Metric::Euclidean, _) => distance.sqrt(),
            (_, Chooser::Heap(_)) => self.metric.distance(distance.max(0.0)),
            (_, Chooser::Partition(_)) => distance,
        }
    }

    /// Fills the room with the distances of all points: reduced ones for the heap, squares of euclidean
    /// ones.
    fn measure(&self, query: Query<'_>, room: &mut Room) {
        room.distances.clear();
        if !self.by_products {
            let rows = self.points.chunks_exact(self.n_features);
            let reduced = rows.map(|it| self.metric.reduced(query.row, it));
            match query.chooser {
                Chooser::Heap(_) => room.distances.extend(reduced),
                Chooser::Partition(_) => {
                    room.distances.extend(reduced.map(|it| self.metric.distance(it)));
                }
            }
            return;
        }
        room.distances.resize(self.n_points(), 0.0);
        if self.metric == Metric::Cosine {
            let mut x = query.row.to_vec();
            normalize(&mut x, query.held, self.einsum);
            self.products(&x, room);
            room.distances.iter_mut().for_each(|it| *it = (1.0 - *it).clamp(0.0, 2.0));
            return;
        }
        self.products(query.row, room);
        let [by_dot, by_einsum] = &self.lengths;
        let (lengths, squares, clipped): (_, _, fn(f64) -> f64) = match query.chooser {
            Chooser::Heap(_) => (by_dot, Squares::Blas, |it| it.max(0.0)),
            Chooser::Partition(_) => (by_einsum, Squares::Numpy(self.einsum), not_negative),
        };
        let length = squared_length(query.row, query.held, squares);
        for (it, point) in room.distances.iter_mut().zip(lengths) {
            *it = clipped(-2.0 * *it + length + point);
        }
    }

    /// The inner product of each point with `x` goes to the room.
    fn products(&self, x: &[f64], room: &mut Room) {
        let columns: Vec<&[f64]> = self.points.chunks_exact(self.n_points().max(1)).collect();
        match self.held {
            Held::Sparse => add_weighted(&columns, x, &mut room.distances),
            Held::Dense => {
                let products = matrix_product(&columns, std::iter::once(x), self.n_points());
                products.into_iter().for_each(|it| room.distances = it);
            }
        }
    }
}

/// Whose sums of squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Squares {
    Blas,
    Numpy(Order),
}

fn squared_length(row: &[f64], held: Held, squares: Squares) -> f64 {
    match (held, squares) {
        (Held::Sparse, _) => row.iter().fold(0.0, |sum, x| sum + x * x),
        (Held::Dense, Squares::Blas) => dot(row, row),
        (Held::Dense, Squares::Numpy(order)) => {
            let columns: Vec<&[f64]> = row.chunks(1).collect();
            square_sums(&columns, 1, order, 2, |x| x).first().copied().unwrap_or_default()
        }
    }
}

/// A row without length stays as it is.
fn normalize(row: &mut [f64], held: Held, order: Order) {
    let length = squared_length(row, held, Squares::Numpy(order)).sqrt();
    // Since 1.0, which came with the new einsum, rows that are all but zeros count as such.
    let is_zero = match order {
        Order::OldRows => length == 0.0,
        _ => length < NO_LENGTH,
    };
    if !is_zero {
        row.iter_mut().for_each(|x| *x /= length);
    }
}
