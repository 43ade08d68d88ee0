//! What the settings of AWS make of requests, as a server sees them.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use s3_server::{Seen, Server};
use storage::{Location, S3Settings, Storage};

/// All requests of a file written at once, of one written in parts, and of both read, with these settings.
fn requests(settings: &[(&str, &str)]) -> Vec<Seen> {
    let server = Server::start(&["bucket"]).unwrap();
    let without_keys = settings.iter().any(|(name, _)| name.contains("CONTAINER"));
    let of_server = server.variables().into_iter();
    let of_server = of_server.filter(|(name, _)| !(without_keys && name.contains("KEY")));
    let of_test = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let storage = Storage::new(S3Settings::from_variables(of_server.chain(of_test)));
    for (name, n) in [("small", 10), ("large", 20_000_000)] {
        let location = Location::parse(&format!("s3://bucket/{name}")).unwrap();
        let mut sink = storage.create(&location).unwrap();
        sink.write_all(&vec![7; n]).unwrap();
        sink.commit().unwrap();
        assert_eq!(storage.read(&location, 1 << 30).unwrap().len(), n);
        assert_eq!(storage.stat(&location).unwrap().size, n as u64);
        assert_eq!(storage.open_ranged(&location).unwrap().bytes.read_at(1, 5).unwrap(), [7; 5]);
    }
    let seen = server.seen();
    for kind in [Kind::Put, Kind::Start, Kind::Part, Kind::Complete, Kind::Read] {
        assert!(seen.iter().any(|it| Kind::of(it) == kind), "no {kind:?}");
    }
    seen
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A whole object.
    Put,
    /// The first request of an upload in parts.
    Start,
    Part,
    Complete,
    /// `GET` or `HEAD` of an object.
    Read,
    /// A list of uploads, an end of one.
    Other,
}

impl Kind {
    fn of(it: &Seen) -> Self {
        match it.method.as_str() {
            "PUT" if it.query.contains("partNumber") => Self::Part,
            "PUT" => Self::Put,
            "POST" if it.query.contains("uploadId") => Self::Complete,
            "POST" => Self::Start,
            "GET" | "HEAD" if it.path.len() > "/bucket/".len() => Self::Read,
            _ => Self::Other,
        }
    }
}

/// Asserts that those kinds of requests have the header, and no others.
fn assert_header(seen: &[Seen], name: &str, value: &str, kinds: &[Kind]) {
    for it in seen {
        let expected = kinds.contains(&Kind::of(it)).then_some(value);
        assert_eq!(it.headers.get(name).map(String::as_str), expected, "{name} of {it:?}");
    }
}

#[test]
fn a_key_of_kms_encrypts_what_is_written() {
    let seen = requests(&[
        ("AWS_SERVER_SIDE_ENCRYPTION", "aws:kms"),
        ("AWS_SSE_KMS_KEY_ID", "arn:aws:kms:us-east-1:1:key/k"),
        ("AWS_SSE_BUCKET_KEY_ENABLED", "true"),
    ]);
    let begins = [Kind::Put, Kind::Start];
    assert_header(&seen, "x-amz-server-side-encryption", "aws:kms", &begins);
    let (key, arn) =
        ("x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:us-east-1:1:key/k");
    assert_header(&seen, key, arn, &begins);
    assert_header(&seen, "x-amz-server-side-encryption-bucket-key-enabled", "true", &begins);
}

#[test]
fn s3_encrypts_by_itself_if_asked() {
    let seen = requests(&[("AWS_SERVER_SIDE_ENCRYPTION", "AES256")]);
    assert_header(&seen, "x-amz-server-side-encryption", "AES256", &[Kind::Put, Kind::Start]);
}

#[test]
fn a_customers_key_goes_with_every_byte() {
    // 32 bytes, all zero.
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let seen =
        requests(&[("AWS_SERVER_SIDE_ENCRYPTION", "sse-c"), ("AWS_SSE_CUSTOMER_KEY_BASE64", key)]);
    let name = "x-amz-server-side-encryption-customer-key";
    for it in &seen {
        if matches!(Kind::of(it), Kind::Put | Kind::Start | Kind::Part | Kind::Read) {
            assert_eq!(it.headers.get(name).map(String::as_str), Some(key), "{it:?}");
        }
    }
}

#[test]
fn the_requester_pays_for_each_request() {
    let seen = requests(&[("AWS_REQUEST_PAYER", "true")]);
    for it in seen {
        assert_eq!(it.headers.get("x-amz-request-payer").unwrap(), "requester", "{it:?}");
    }
}

#[test]
fn requests_are_signed_for_the_region_and_with_the_token() {
    let seen = requests(&[("AWS_REGION", "eu-central-1"), ("AWS_SESSION_TOKEN", "of a role")]);
    for it in seen {
        assert!(it.headers["authorization"].contains("/eu-central-1/s3/aws4_request"), "{it:?}");
        assert_eq!(it.headers["x-amz-security-token"], "of a role");
    }
}

/// Answers as ECS and EKS do, to all who ask with the right token.
fn credentials_of_a_container() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> =
                lines.map(Result::unwrap).take_while(|it| !it.is_empty()).collect();
            assert!(head.iter().any(|it| it.eq_ignore_ascii_case("authorization: secret")));
            let body = r#"{"AccessKeyId":"OFTASK","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}"#;
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
            write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    format!("http://{address}/credentials")
}

#[test]
fn a_container_has_its_own_credentials() {
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "secret").unwrap();
    let seen = requests(&[
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &credentials_of_a_container()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.path().to_str().unwrap()),
    ]);
    for it in seen {
        assert!(it.headers["authorization"].contains("Credential=OFTASK/"), "{it:?}");
        assert_eq!(it.headers["x-amz-security-token"], "t");
    }
}
