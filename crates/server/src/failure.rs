//! Why a request was not answered as asked, and what its caller is told.

use engine::{Category, Error};
use http::StatusCode;
use serde_json::{Value, json};

/// An answer that is an error. The text is for the caller, the causes are for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its status.
    pub status: StatusCode,
    /// What the caller is told.
    pub text: String,
    /// What led to it, from the nearest to the first.
    pub causes: Vec<String>,
    /// The methods that the path has, if the caller used another.
    pub allow: Option<&'static str>,
}

/// The form of a protocol's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"error": …}`: the services' own, the Open Inference Protocol's and KServe's. Faults that the caller cannot mend
    /// have a `message` too.
    Error,
    /// `{"error_code": …, "message": …}`: MLflow's.
    Mlflow,
}

/// What a caller is told of a fault that is not theirs.
const INTERNAL: &str = "Internal server error";

impl Failure {
    /// An error with a text for the caller.
    #[must_use]
    pub fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), causes: Vec::new(), allow: None }
    }

    /// A request that is not what it should be.
    #[must_use]
    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// A fault that the caller cannot mend; what it was goes to the log alone.
    #[must_use]
    pub fn internal(causes: Vec<String>) -> Self {
        Self { causes, ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL) }
    }

    /// A request whose time is over.
    #[must_use]
    pub fn late() -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT, "The answer took too long")
    }

    /// What a service says. It names its own files and models: what is wrong with those no caller can mend.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error.category() {
            Category::Request | Category::Data => {
                Self { causes: error.causes(), ..Self::bad(error.to_string()) }
            }
            Category::Late => Self::new(StatusCode::GATEWAY_TIMEOUT, error.to_string()),
            Category::Storage | Category::Model | Category::System => {
                let mut causes = vec![error.to_string()];
                causes.extend(error.causes());
                Self::internal(causes)
            }
        }
    }

    /// The body, in a protocol's form.
    pub(crate) fn body(&self, shape: Shape, request_id: &str) -> Value {
        let is_ours = self.status.is_server_error();
        match shape {
            Shape::Error if is_ours => {
                json!({"error": self.text, "message": INTERNAL, "request_id": request_id})
            }
            Shape::Error => json!({"error": self.text}),
            Shape::Mlflow => json!({"error_code": self.mlflow_code(), "message": self.text}),
        }
    }

    /// As MLflow names it.
    fn mlflow_code(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "UNAUTHENTICATED",
            404 | 405 => "ENDPOINT_NOT_FOUND",
            429 => "REQUEST_LIMIT_EXCEEDED",
            503 | 504 => "TEMPORARILY_UNAVAILABLE",
            500.. => "INTERNAL_ERROR",
            _ => "BAD_REQUEST",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_says_nothing_but_its_request_id() {
        let failure = Failure::internal(vec!["/srv/model.pkl is not there".to_owned()]);
        let body = failure.body(Shape::Error, "7");
        let want = json!({"error": INTERNAL, "message": INTERNAL, "request_id": "7"});
        assert_eq!(body, want);
    }

    #[test]
    fn what_the_caller_can_mend_is_told() {
        let failure = Failure::of(&Error::request("bad date"));
        assert_eq!(failure.status, StatusCode::BAD_REQUEST);
        assert_eq!(failure.body(Shape::Error, "7"), json!({"error": "bad date"}));
        let want = json!({"error_code": "BAD_REQUEST", "message": "bad date"});
        assert_eq!(failure.body(Shape::Mlflow, "7"), want);
    }
}
