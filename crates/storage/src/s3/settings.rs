//! How S3 is reached: the variables that AWS's own tools read, and a few of object stores' own.

use std::collections::BTreeMap;
use std::time::Duration;

use super::profile::{self, Profile};
use crate::{Error, ErrorKind, Location};

/// The prefixes that may be read and written, separated by commas or blanks; unset, all may.
const ALLOWED: &str = "PYTHIA_ALLOWED_PREFIXES";

/// The region, as services of records have always named it.
const REGION: &str = "REGION_NAME";

/// How S3 is reached, and which of it may be.
///
/// | variable | meaning |
/// |---|---|
/// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | credentials, as Lambda sets them |
/// | `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` | credentials of a Kubernetes service account |
/// | `AWS_PROFILE`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE` | credentials and region of a profile |
/// | `AWS_CONTAINER_CREDENTIALS_*` | credentials of a container's task; without any of these, the instance's |
/// | `AWS_REGION`, `AWS_DEFAULT_REGION`, `REGION_NAME` | the region; a bucket elsewhere is found all the same |
/// | `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` | another server than AWS |
/// | `AWS_VIRTUAL_HOSTED_STYLE_REQUEST` | `true`: the bucket is part of that server's host name |
/// | `AWS_CA_BUNDLE` | more root certificates, a PEM file |
/// | `AWS_SERVER_SIDE_ENCRYPTION`, `AWS_SSE_KMS_KEY_ID`, `AWS_SSE_BUCKET_KEY_ENABLED`, `AWS_SSE_CUSTOMER_KEY_BASE64` | encryption of what is written |
/// | `AWS_REQUEST_PAYER` | `true`: the requester pays |
/// | `PYTHIA_ALLOWED_PREFIXES` | `s3://bucket/prefix` that may be used; others are refused |
#[derive(Clone, Default)]
pub struct S3Settings {
    variables: BTreeMap<String, String>,
    allowed: Vec<String>,
    profile: Profile,
    /// What is wrong with them, said when S3 is first used: files need none of it.
    problem: Option<String>,
    pub(super) tuning: Tuning,
}

/// How much is asked for at a time, and how long and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Bytes of a range that is read: a multiple of a part's usual size, and small enough to try again.
    pub range_bytes: u64,
    /// Bytes of a part that is written; S3 takes no less than 5 MiB.
    pub part_bytes: usize,
    /// A request that is throttled, reset or answered with 5xx is sent again so often.
    pub retries: usize,
    /// The wait before it is sent again the first time. Later ones are drawn between this and twice the last.
    pub first_wait: Duration,
    /// No wait is longer.
    pub longest_wait: Duration,
    /// Nothing is sent again after that.
    pub retry_for: Duration,
    /// A connection that sends nothing for so long is given up.
    pub read_timeout: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            range_bytes: 8 << 20,
            part_bytes: 8 << 20,
            retries: 6,
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(5),
            retry_for: Duration::from_secs(90),
            read_timeout: Duration::from_secs(20),
        }
    }
}

impl S3Settings {
    /// Takes what it needs of a process's environment. Nothing but a profile's files is read here; what is
    /// wrong is an error of the first use of S3.
    pub fn from_variables(all: impl IntoIterator<Item = (String, String)>) -> Self {
        let others = [ALLOWED, REGION, profile::HOME];
        let is_ours = |name: &str| name.starts_with("AWS_") || others.contains(&name);
        let variables: BTreeMap<String, String> =
            all.into_iter().filter(|(name, value)| is_ours(name) && !value.is_empty()).collect();
        let mut settings = Self { variables, ..Self::default() };
        let done = settings.complete();
        settings.problem = done.err();
        settings
    }

    /// The same with other sizes and times.
    #[must_use]
    pub fn with_tuning(self, tuning: Tuning) -> Self {
        Self { tuning, ..self }
    }

    fn complete(&mut self) -> Result<(), String> {
        self.allowed = prefixes(self.get(ALLOWED).unwrap_or_default())?;
        if self.get("AWS_ACCESS_KEY_ID").is_none() {
            self.profile = profile::read(&|name| self.get(name))?;
        }
        Ok(())
    }

    /// A variable that is set.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The variables of AWS.
    pub(super) fn aws(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(|(name, _)| name.starts_with("AWS_"))
    }

    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    pub(super) fn region(&self) -> &str {
        let set = ["AWS_REGION", "AWS_DEFAULT_REGION", REGION];
        let set = set.into_iter().find_map(|it| self.get(it));
        set.or(self.profile.region.as_deref()).unwrap_or("us-east-1")
    }

    /// Another server than AWS.
    pub(super) fn endpoint(&self) -> Option<&str> {
        let set = self.get("AWS_ENDPOINT_URL_S3").or_else(|| self.get("AWS_ENDPOINT_URL"));
        set.or(self.profile.endpoint.as_deref())
    }

    /// Whether the bucket is part of the host's name: on AWS, unless a dot in it breaks the certificate.
    pub(super) fn is_virtual_hosted(&self, bucket: &str) -> bool {
        match self.get("AWS_VIRTUAL_HOSTED_STYLE_REQUEST") {
            Some(set) => set.eq_ignore_ascii_case("true") || set == "1",
            None => self.endpoint().is_none() && !bucket.contains('.'),
        }
    }

    /// Refuses what is not under an allowed prefix.
    pub(crate) fn allows(&self, location: &Location) -> Result<(), Error> {
        if let Some(problem) = &self.problem {
            return Err(Error::new(ErrorKind::Unsuitable, problem.clone()));
        }
        let uri = location.to_string();
        let is_under = |prefix: &String| uri.starts_with(prefix.as_str());
        if self.allowed.is_empty() || self.allowed.iter().any(is_under) {
            return Ok(());
        }
        let text = format!("{uri} is not under a prefix that {ALLOWED} lists");
        Err(Error::new(ErrorKind::Forbidden, text))
    }
}

/// A prefix without a key is a whole bucket: `s3://logs` must not allow `s3://logs-of-others/`.
fn prefixes(text: &str) -> Result<Vec<String>, String> {
    let items = text.split([',', ' ']).filter(|it| !it.is_empty());
    items
        .map(|item| match item.strip_prefix("s3://") {
            Some(rest) if rest.starts_with('/') || rest.is_empty() => Err(item),
            Some(rest) if rest.contains('/') => Ok(item.to_owned()),
            Some(_) => Ok(format!("{item}/")),
            None => Err(item),
        })
        .collect::<Result<_, _>>()
        .map_err(|item| format!("{ALLOWED}: {item} is no prefix; s3://bucket/folder/ is one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> S3Settings {
        let owned = variables.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        S3Settings::from_variables(owned)
    }

    #[test]
    fn the_region_and_the_server_are_those_of_the_nearest_variable() {
        let it = settings(&[
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ENDPOINT_URL", "http://a"),
            ("AWS_ENDPOINT_URL_S3", "http://b"),
        ]);
        assert_eq!((it.region(), it.endpoint()), ("eu-central-1", Some("http://b")));
        assert!(!it.is_virtual_hosted("bucket"), "another server has the bucket in the path");
        assert!(settings(&[]).is_virtual_hosted("bucket"));
        assert!(!settings(&[]).is_virtual_hosted("my.bucket"));
        assert_eq!(settings(&[("AWS_REGION", "")]).region(), "us-east-1");
        assert_eq!(
            settings(&[("AWS_REGION", ""), ("REGION_NAME", "eu-west-3")]).region(),
            "eu-west-3"
        );
    }

    #[test]
    fn only_allowed_prefixes_pass() {
        let it = settings(&[(ALLOWED, "s3://models/prod/, s3://data")]);
        let allows = |uri: &str| it.allows(&Location::parse(uri).unwrap()).is_ok();
        assert!(allows("s3://models/prod/a.pkl") && allows("s3://data/x.csv"));
        assert!(!allows("s3://models/test/a.pkl") && !allows("s3://data-of-others/x.csv"));
        let it = settings(&[(ALLOWED, "models/")]);
        let err = it.allows(&Location::parse("s3://models/a").unwrap()).unwrap_err();
        assert!(err.to_string().contains("models/ is no prefix"), "{err}");
    }
}
