//! Profiles: credentials and region from `~/.aws/credentials` and `~/.aws/config`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the home folder is.
pub(super) const HOME: &str = "HOME";
/// Keys of a profile that take credentials from elsewhere.
const ELSEWHERE: [&str; 5] =
    ["role_arn", "credential_process", "sso_session", "sso_start_url", "web_identity_token_file"];

/// What a profile says; empty if there is none.
#[derive(Clone, Default)]
pub(super) struct Profile {
    pub(super) key: Option<(String, String)>,
    pub(super) token: Option<String>,
    pub(super) region: Option<String>,
    pub(super) endpoint: Option<String>,
}

/// Reads the profile that the variables name, `default` if they name none and it is there.
pub(super) fn read<'v>(variable: &dyn Fn(&str) -> Option<&'v str>) -> Result<Profile, String> {
    let asked = variable("AWS_PROFILE").or_else(|| variable("AWS_DEFAULT_PROFILE"));
    let name = asked.unwrap_or("default");
    let path = |variable_name: &str, file: &str| {
        let home = || variable(HOME).map(|home| Path::new(home).join(".aws").join(file));
        variable(variable_name).map(PathBuf::from).or_else(home)
    };
    let credentials = section(path("AWS_SHARED_CREDENTIALS_FILE", "credentials"), &[name.into()]);
    let headings = [format!("profile {name}"), name.to_owned()];
    let config = section(path("AWS_CONFIG_FILE", "config"), &headings);
    if asked.is_some() && credentials.is_none() && config.is_none() {
        return Err(format!(
            "AWS_PROFILE is {name}, and neither ~/.aws/config nor credentials has it"
        ));
    }
    let mut all = config.unwrap_or_default();
    all.extend(credentials.unwrap_or_default());
    let mut take = |key: &str| all.remove(key);
    let key = take("aws_access_key_id").zip(take("aws_secret_access_key"));
    let token = take("aws_session_token");
    let (region, endpoint) = (take("region"), take("endpoint_url"));
    match ELSEWHERE.into_iter().find(|it| all.contains_key(*it)) {
        Some(used) if key.is_none() && asked.is_some() => Err(format!(
            "the profile {name} has {used}, which Pythia does not follow; give it the keys: \
                 eval \"$(aws configure export-credentials --profile {name} --format env)\""
        )),
        _ => Ok(Profile { key, token, region, endpoint }),
    }
}

/// The keys under the first of `headings` that an INI file has; `None` without the file or a heading.
fn section(path: Option<PathBuf>, headings: &[String]) -> Option<BTreeMap<String, String>> {
    let text = fs::read_to_string(path?).ok()?;
    headings.iter().find_map(|heading| keys(&text, heading))
}

fn keys(text: &str, heading: &str) -> Option<BTreeMap<String, String>> {
    let mut found: Option<BTreeMap<String, String>> = None;
    let mut is_inside = false;
    for line in text.lines().filter(|it| !it.trim_start().starts_with(['#', ';'])) {
        if let Some(name) = line.trim().strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            is_inside = name.trim() == heading;
            if is_inside {
                found.get_or_insert_default();
            }
        } else if let Some((key, value)) = line.split_once('=').filter(|_| is_inside)
            // An indented line belongs to a nested setting, such as `s3 =`.
            && !line.starts_with([' ', '\t'])
        {
            let entry = (key.trim().to_ascii_lowercase(), value.trim().to_owned());
            found.get_or_insert_default().extend([entry]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: Option<&str>, credentials: &str, config: &str) -> Result<Profile, String> {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        fs::write(home.path().join(".aws/credentials"), credentials).unwrap();
        fs::write(home.path().join(".aws/config"), config).unwrap();
        let home = home.path().to_str().unwrap();
        read(&|variable| match variable {
            HOME => Some(home),
            "AWS_PROFILE" => name,
            _ => None,
        })
    }

    #[test]
    fn keys_come_from_the_profile_that_is_asked_for() {
        let credentials = "[default]\naws_access_key_id = A\naws_secret_access_key=B\n# no\n\
                           [work]\naws_access_key_id=C\naws_secret_access_key=D=\naws_session_token=T\n";
        let config = "[profile work]\nregion = eu-west-3\ns3 =\n  endpoint_url = x\n";
        let it = profile(Some("work"), credentials, config).unwrap();
        assert_eq!(it.key, Some(("C".to_owned(), "D=".to_owned())));
        assert_eq!((it.token.as_deref(), it.region.as_deref()), (Some("T"), Some("eu-west-3")));
        assert_eq!(it.endpoint, None);
        let it = profile(None, credentials, config).unwrap();
        assert_eq!(it.key, Some(("A".to_owned(), "B".to_owned())));
    }

    #[test]
    fn a_profile_that_cannot_be_used_says_so() {
        let err = |name, config| profile(Some(name), "", config).err().unwrap();
        assert!(err("none", "").starts_with("AWS_PROFILE is none, and neither"));
        let text = err("it", "[profile it]\ncredential_process = x\n");
        assert!(text.contains("the profile it has credential_process"), "{text}");
        assert!(profile(None, "", "").unwrap().key.is_none());
    }
}
