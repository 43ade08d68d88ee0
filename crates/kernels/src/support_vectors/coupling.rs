//! Probabilities of classes from decisions between pairs of them.

use crate::exp::exp;

/// libsvm keeps pairwise probabilities this far from 0 and 1.
const LEAST: f64 = 1e-7;

/// The probability that Platt's sigmoid gives a decision value, kept away from 0 and 1.
#[must_use]
pub fn platt(decision: f64, a: f64, b: f64) -> f64 {
    let exponent = decision * a + b;
    let mut small = [-exponent.abs()];
    exp(&mut small);
    let [small] = small;
    let probability = if exponent >= 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) };
    // C++'s max and min: an undefined probability becomes the least.
    let at_least = if probability < LEAST || probability.is_nan() { LEAST } else { probability };
    if 1.0 - LEAST < at_least { 1.0 - LEAST } else { at_least }
}

/// Couples pairwise probabilities (T.-F. Wu, C.-J. Lin and R. C. Weng, 2004, second method; libsvm's
/// `multiclass_probability`). `pairwise[i * k + j]` is the probability of class `i` against `j`; the
/// result has `k` numbers. The iteration stops where libsvm's does, so the numbers are its own.
#[must_use]
pub fn couple(k: usize, pairwise: &[f64]) -> Vec<f64> {
    let r = |i: usize, j: usize| pairwise[i * k + j];
    let mut p = vec![1.0 / k as f64; k];
    let mut q = vec![0.0; k * k];
    for t in 0..k {
        for j in 0..k {
            if j < t {
                q[t * k + t] += r(j, t) * r(j, t);
                q[t * k + j] = q[j * k + t];
            } else if t < j {
                q[t * k + t] += r(j, t) * r(j, t);
                q[t * k + j] = -r(j, t) * r(t, j);
            }
        }
    }
    let mut qp = vec![0.0; k];
    let tolerance = 0.005 / k as f64;
    for _ in 0..k.max(100) {
        let mut pqp = 0.0;
        for t in 0..k {
            qp[t] = (0..k).fold(0.0, |sum, j| sum + q[t * k + j] * p[j]);
            pqp += p[t] * qp[t];
        }
        let error = qp.iter().fold(0.0, |max: f64, x| max.max((x - pqp).abs()));
        if error < tolerance {
            break;
        }
        for t in 0..k {
            let row = &q[t * k..(t + 1) * k];
            let step = (pqp - qp[t]) / row[t];
            p[t] += step;
            pqp = (pqp + step * (step * row[t] + 2.0 * qp[t])) / (1.0 + step) / (1.0 + step);
            for j in 0..k {
                qp[j] = (qp[j] + step * row[j]) / (1.0 + step);
                p[j] /= 1.0 + step;
            }
        }
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consistent_pairs_are_met() {
        // Pairs made from 0.5, 0.3, 0.2.
        let want = [0.5, 0.3, 0.2];
        let mut pairwise = vec![0.0; 9];
        for i in 0..3 {
            for j in 0..3 {
                pairwise[i * 3 + j] = want[i] / (want[i] + want[j]);
            }
        }
        for (got, want) in couple(3, &pairwise).iter().zip(want) {
            assert!((got - want).abs() < 0.005, "{got} is far from {want}");
        }
    }

    #[test]
    fn sigmoids_stay_away_from_certainty() {
        assert_eq!(platt(1e6, -1.0, 0.0), 1.0 - 1e-7);
        assert_eq!(platt(-1e6, -1.0, 0.0), 1e-7);
        assert_eq!(platt(f64::NAN, -1.0, 0.0), 1e-7);
    }
}
