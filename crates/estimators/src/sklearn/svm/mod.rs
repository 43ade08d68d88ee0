//! `sklearn.svm`: support vector machines. `LinearSVC` and `LinearSVR`, which keep no support vectors,
//! are in `linear_model`.

mod machine;
mod one_class_svm;
mod svc;
mod svr;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&one_class_svm::CLASS, &svc::NU_SVC, &svc::SVC, &svr::NU_SVR, &svr::SVR];
