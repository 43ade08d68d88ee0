//! Normalization by what is known after training, and by a sample's own mean.

/// Layer normalization over the last numbers of a sample, as many as there are weights.
#[derive(Debug, Clone)]
pub struct LayerNorm {
    /// How many numbers are normalized together.
    pub width: usize,
    /// Added to the variance.
    pub eps: f64,
    /// Times this; empty for none.
    pub weights: Vec<f32>,
    /// Plus this; empty for none.
    pub bias: Vec<f32>,
}

impl LayerNorm {
    /// In place. Sums are `f64`.
    pub fn run(&self, values: &mut [f32]) {
        for row in values.chunks_mut(self.width.max(1)) {
            let n = row.len() as f64;
            let mean = row.iter().copied().map(f64::from).sum::<f64>() / n;
            let square = |x: &f32| (f64::from(*x) - mean) * (f64::from(*x) - mean);
            let variance = row.iter().map(square).sum::<f64>() / n;
            let inverse = 1.0 / (variance + self.eps).sqrt();
            for (i, x) in row.iter_mut().enumerate() {
                let weight = self.weights.get(i).copied().unwrap_or(1.0);
                let bias = self.bias.get(i).copied().unwrap_or(0.0);
                let normal = (f64::from(*x) - mean) * inverse;
                *x = normal.mul_add(f64::from(weight), f64::from(bias)) as f32;
            }
        }
    }
}

/// Each channel, `values.len() / scales.len()` numbers, times its scale and plus its shift.
pub fn scale_and_shift(values: &mut [f32], scales: &[f32], shifts: &[f32]) {
    let width = values.len().checked_div(scales.len()).unwrap_or(1).max(1);
    for (channel, (scale, shift)) in values.chunks_mut(width).zip(scales.iter().zip(shifts)) {
        channel.iter_mut().for_each(|x| *x = x.mul_add(*scale, *shift));
    }
}
