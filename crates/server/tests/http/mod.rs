//! Requests and the responses they must get, from the files beside this one. Every shell reads them: the server's
//! tests send them through a socket, the function's as each kind of event.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)] // each shell uses a part; a test fails by panicking

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::{Context, Error, Settings, inspect, parse_location};
use serde::Deserialize;
use serde_json::{Value, json};
use server::Endpoint;

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Variables of the function, options of the server.
    #[serde(default)]
    settings: BTreeMap<String, String>,
    /// The services behind it: `echo`, and folders and files of the repository.
    services: Vec<String>,
    case: Vec<Case>,
}

/// A request and its response.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, as a sentence.
    pub name: String,
    #[serde(default = "post")]
    pub method: String,
    /// With its query.
    pub path: String,
    /// `Name: value`, in this order.
    #[serde(default)]
    pub headers: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    body_base64: Option<String>,
    /// A text, and how often it stands there.
    #[serde(default)]
    body_repeated: Option<(String, usize)>,
    /// What `...` in the body stands for: a text, and how often, with commas between.
    #[serde(default)]
    filled: Option<(String, usize)>,
    /// Shells that cannot hand it on: API Gateway decodes a query itself.
    #[serde(default)]
    pub not_through: Vec<String>,
    pub want: Want,
}

/// What a response must be.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Want {
    pub status: u16,
    /// By name in lower case; an empty text: the header is absent.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON, compared as JSON.
    #[serde(default)]
    pub json: Option<String>,
    /// The whole body.
    #[serde(default)]
    pub text: Option<String>,
    /// Parts of the body.
    #[serde(default)]
    pub contains: Vec<String>,
}

/// A response, as a shell gave it.
pub struct Got {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Cases for one app.
pub struct Group {
    pub file: String,
    pub settings: BTreeMap<String, String>,
    /// Whether all of them are bundles.
    pub is_bundle: bool,
    pub services: Vec<Arc<dyn Endpoint>>,
    pub cases: Vec<Case>,
}

fn post() -> String {
    "POST".to_owned()
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../server/tests/http"))
}

/// All cases, by file.
pub fn groups() -> Vec<Group> {
    let files = fs::read_dir(folder()).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|it| it.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    assert!(!files.is_empty());
    files.iter().map(group).collect()
}

fn group(path: &PathBuf) -> Group {
    let text = fs::read_to_string(path).unwrap();
    let file: File =
        toml::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
    Group {
        file: path.file_name().unwrap().to_string_lossy().into_owned(),
        settings: file.settings,
        is_bundle: file.services.iter().all(|it| it.contains("=examples/")),
        services: file.services.iter().map(|it| service(it)).collect(),
        cases: file.case,
    }
}

fn service(text: &str) -> Arc<dyn Endpoint> {
    if text.starts_with("echo") {
        return Arc::new(Echo(text.to_owned()));
    }
    let (name, path) = text.split_once('=').unwrap();
    let path = format!("{name}={}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    server::open(&path, &Settings::default()).unwrap()
}

impl Case {
    /// The body's bytes.
    pub fn body(&self) -> Vec<u8> {
        match (&self.body, &self.body_base64, &self.body_repeated) {
            (Some(text), None, None) => match &self.filled {
                Some((part, times)) => {
                    text.replace("...", &vec![part.as_str(); *times].join(",")).into_bytes()
                }
                None => text.clone().into_bytes(),
            },
            (None, Some(text), None) => STANDARD.decode(text).unwrap(),
            (None, None, Some((text, times))) => text.repeat(*times).into_bytes(),
            (None, None, None) => Vec::new(),
            _ => panic!("{} has two bodies", self.name),
        }
    }

    pub fn header(&self, at: usize) -> (&str, &str) {
        self.headers[at].split_once(": ").unwrap()
    }

    /// Compares a shell's response; what is wrong about it, if something is.
    pub fn problem(&self, shell: &str, got: &Got) -> Option<String> {
        let body = String::from_utf8_lossy(&got.body);
        let mut problems: Vec<String> = Vec::new();
        let mut fail = |text: String| problems.push(text);
        if got.status != self.want.status {
            fail(format!("expected status {}", self.want.status));
        }
        let values = |name: &str| -> Vec<&str> {
            let all = got.headers.iter().filter(|(it, _)| it == name);
            all.map(|(_, value)| value.as_str()).collect()
        };
        for name in [
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-headers",
            "x-request-id",
        ] {
            if values(name).len() != 1 {
                fail(format!("expected {name} once, found {:?}", values(name)));
            }
        }
        for (name, want) in &self.want.headers {
            if values(name).join(", ") != *want {
                fail(format!("expected {name}: {want}, found {:?}", values(name)));
            }
        }
        if let Some(want) = &self.want.json {
            let want: Value = serde_json::from_str(want).unwrap();
            if serde_json::from_slice::<Value>(&got.body).ok() != Some(want) {
                fail("another JSON is expected".to_owned());
            }
        }
        if self.want.text.as_ref().is_some_and(|it| *it != body) {
            fail("another text is expected".to_owned());
        }
        for part in &self.want.contains {
            if !body.contains(part) {
                fail(format!("expected {part}"));
            }
        }
        let text =
            || format!("{} ({shell}): {}\n  {} {body}", self.name, problems.join("; "), got.status);
        (!problems.is_empty()).then(text)
    }
}

/// A service that gives back what it was asked, fails as it is asked to, and waits as long.
struct Echo(String);

impl Endpoint for Echo {
    fn name(&self) -> &str {
        &self.0
    }

    fn answer(&self, body: &Value, _: &Context) -> Result<Value, Error> {
        if let Some(milliseconds) = body["wait_ms"].as_u64() {
            std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        }
        match body["fail"].as_str() {
            Some("request") => Err(Error::request("fail must not be request; nor anything else")),
            // A real error that names a file.
            Some("storage") => {
                let missing = parse_location("/secret/folder/model.pkl")?;
                inspect(&missing, &Settings::default()).map(|_| Value::Null)
            }
            Some("bug") => panic!("an invariant of /secret/folder does not hold"),
            _ => Ok(json!({"service": self.0, "echo": body})),
        }
    }

    fn request_schema(&self) -> Value {
        json!({"type": "object", "properties": {"wait_ms": {"type": "integer"}, "fail": {"type": "string"}}})
    }

    fn response_schema(&self) -> Value {
        json!({"type": "object", "required": ["service", "echo"]})
    }

    fn example(&self) -> Value {
        json!({"wait_ms": 1})
    }
}
