//! `sklearn.calibration`: classifiers whose probabilities were calibrated.

mod calibrated_classifier;
mod calibrated_classifier_cv;
mod calibrator;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&calibrated_classifier_cv::CLASS];
