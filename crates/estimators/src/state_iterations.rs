//! Which object of a file chooses the iterations that are to predict.

use crate::{Iterations, ReadError, State};

impl State<'_> {
    /// The same object, of which these iterations are to predict.
    #[must_use]
    pub fn choosing(mut self, iterations: Iterations) -> Self {
        self.iterations = Some(iterations).filter(|it| !it.is_default());
        self
    }

    /// A part of this object that predicts in its stead, and so chooses the iterations.
    pub(crate) fn hand_on(&self, mut part: Self) -> Self {
        part.iterations = self.iterations;
        part
    }

    /// The iterations that are to predict, for an object that has iterations.
    pub(crate) fn take_iterations(&self) -> Iterations {
        let Some(iterations) = self.iterations else { return Iterations::default() };
        self.shared.has_chosen.set(true);
        iterations
    }

    /// Refuses iterations that the object, which was read, did not choose.
    pub(crate) fn check_iterations(&self) -> Result<(), ReadError> {
        if self.iterations.is_none() || self.shared.has_chosen.get() {
            return Ok(());
        }
        let text = format!(
            "is {}, which has no start_iteration and num_iteration; LightGBM's, XGBoost's and CatBoost's \
             models have, also as the last step of a Pipeline",
            self.value().type_name()
        );
        Err(self.choice(text))
    }
}
