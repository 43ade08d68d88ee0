//! Sums of squares in the order of `numpy.einsum`.

/// In which order numpy adds the numbers of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Column after column: of a matrix that lies by columns.
    Columns,
    /// By rows: squares in as many sums as a vector register of 16 bytes has lanes, the last of four
    /// registers first, and what is left after blocks of four in turn.
    Rows,
    /// By rows, up to numpy 1.20: blocks of eight in such lanes, then what is left, backwards.
    OldRows,
}

/// The sums of the squares of each row, in `order`, in `lanes` sums at once: 2 of `float64`, 4 of
/// `float32`. `round` rounds each result to the precision of the numbers.
#[must_use]
pub fn square_sums(
    columns: &[&[f64]],
    n_rows: usize,
    order: Order,
    lanes: usize,
    round: impl Fn(f64) -> f64 + Copy,
) -> Vec<f64> {
    let mut sums = vec![vec![0.0; n_rows]; if order == Order::Columns { 1 } else { lanes }];
    let add = |sum: &mut [f64], column: usize| {
        let values = columns[column].iter();
        sum.iter_mut().zip(values).for_each(|(sum, &x)| *sum = round(*sum + round(x * x)));
    };
    let n = columns.len();
    match order {
        Order::Columns => (0..n).for_each(|column| add(&mut sums[0], column)),
        Order::Rows => {
            let block = 4 * lanes;
            let whole = n - n % block;
            for start in (0..whole).step_by(block) {
                let backwards = (0..4).rev().flat_map(|it| (0..lanes).map(move |lane| (it, lane)));
                backwards.for_each(|(it, lane)| add(&mut sums[lane], start + it * lanes + lane));
            }
            (whole..n).for_each(|column| add(&mut sums[(column - whole) % lanes], column));
        }
        Order::OldRows => {
            let whole = n - n % 8;
            (0..whole).for_each(|column| add(&mut sums[column % lanes], column));
            let mut total = joined(&sums, round);
            (whole..n).rev().for_each(|column| add(&mut total, column));
            return total;
        }
    }
    joined(&sums, round)
}

/// The lanes of a register added up: neighbours first.
fn joined(sums: &[Vec<f64>], round: impl Fn(f64) -> f64 + Copy) -> Vec<f64> {
    let mut sums = sums.to_vec();
    while 1 < sums.len() {
        let pairs = sums.chunks(2).map(|pair| match pair {
            [a, b] => a.iter().zip(b).map(|(a, b)| round(a + b)).collect(),
            _ => pair.concat(),
        });
        sums = pairs.collect();
    }
    sums.pop().unwrap_or_default()
}
