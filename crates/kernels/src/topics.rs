//! The topics of a document: latent Dirichlet allocation's step for new documents (Hoffman, Blei and Bach,
//! "Online learning for latent Dirichlet allocation", 2010).

/// Numbers that all documents share.
#[derive(Debug, Clone)]
pub struct Topics {
    /// By word, then topic: `exp(E[log beta])`.
    pub words: Vec<f64>,
    /// How many.
    pub n_topics: usize,
    /// Added to each topic.
    pub prior: f64,
    /// Passes at most.
    pub max_iter: usize,
    /// Passes end when the topics change by less than this on average.
    pub tolerance: f64,
}

impl Topics {
    /// The weights of the topics in a document of these words and counts, not normalized.
    #[must_use]
    pub fn of_document(&self, words: &[usize], counts: &[f64]) -> Vec<f64> {
        let k = self.n_topics;
        let mut topics = vec![1.0; k];
        let mut expected = vec![0.0; k];
        expectations(&topics, &mut expected);
        let mut last = vec![0.0; k];
        for _ in 0..self.max_iter {
            last.copy_from_slice(&topics);
            topics.fill(0.0);
            for (&word, count) in words.iter().zip(counts) {
                let weights = &self.words[word * k..(word + 1) * k];
                let norm = expected.iter().zip(weights);
                let norm = norm.fold(0.0, |sum: f64, (x, w)| x.mul_add(*w, sum)) + f64::EPSILON;
                let ratio = count / norm;
                topics.iter_mut().zip(weights).for_each(|(sum, w)| *sum = ratio.mul_add(*w, *sum));
            }
            topics.iter_mut().zip(&expected).for_each(|(it, x)| *it = x * *it + self.prior);
            expectations(&topics, &mut expected);
            let change = topics.iter().zip(&last).fold(0.0, |sum, (a, b)| sum + (b - a).abs());
            if change / (k as f64) < self.tolerance {
                break;
            }
        }
        topics
    }
}

/// `exp(E[log theta])` of a Dirichlet distribution.
fn expectations(parameters: &[f64], out: &mut [f64]) {
    let total = psi(parameters.iter().fold(0.0, |sum, x| sum + x));
    out.iter_mut().zip(parameters).for_each(|(out, x)| *out = psi(*x) - total);
    crate::exp::exp(out);
}

/// The digamma function of positive numbers, with the few terms of its series that Python takes (J.
/// Bernardo, "Algorithm AS 103", 1976).
fn psi(x: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if x <= 1e-6 {
        return -EULER - 1.0 / x;
    }
    let (mut x, mut result) = (x, 0.0);
    while x < 6.0 {
        result -= 1.0 / x;
        x += 1.0;
    }
    let mut r = 1.0 / x;
    result += x.ln() - 0.5 * r;
    r *= r;
    result - r * ((1.0 / 12.0) - r * ((1.0 / 120.0) - r * (1.0 / 252.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psi_is_digamma() {
        assert!((psi(1.0) + 0.577_215_664_9).abs() < 1e-6);
        assert!((psi(10.0) - 2.251_752_589_07).abs() < 1e-9);
        assert!((psi(1e-7) + 1e7).abs() < 1.0);
    }

    #[test]
    fn a_document_is_about_what_its_words_are_about() {
        let topics = Topics {
            words: vec![0.9, 0.1, 0.1, 0.9],
            n_topics: 2,
            prior: 0.5,
            max_iter: 100,
            tolerance: 1e-6,
        };
        let about = topics.of_document(&[0], &[10.0]);
        assert!(about[1] < about[0] && (about[0] + about[1] - 11.0).abs() < 1e-6);
    }
}
