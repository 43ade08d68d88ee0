//! `pythia serve`.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use engine::{Error, Models};
use server::{App, AppOptions, Endpoint, Level, Log, Origins, SocketOptions};

use crate::args::Serve;
use crate::inputs::variables;
use crate::outcome::Failure;

/// Where SageMaker and KServe put a model.
const MOUNTED: [&str; 2] = ["/opt/ml/model", "/mnt/models"];
/// Requests that wait for a worker, and connections: beyond them a caller is better told to try again.
const MAX_WAITING: usize = 256;
const MAX_CONNECTIONS: usize = 1024;
/// Bytes of bodies and answers in memory, or two bodies of the largest size if that is more.
const MAX_HELD: usize = 256 << 20;
/// How long requests are taken after SIGTERM, while a load balancer learns of it; and how long answers may take then.
const DRAIN: Duration = Duration::from_secs(1);
const GRACE: Duration = Duration::from_secs(20);

pub(crate) fn run(args: &Serve) -> Result<(), Failure> {
    let all: Vec<(String, String)> = variables().collect();
    let get = |name: &str| {
        all.iter().find(|(it, value)| it == name && !value.is_empty()).map(|it| it.1.clone())
    };
    let wrong = |text: String| Failure::from(Error::request(text));
    let level = get("PYTHIA_LOG_LEVEL").unwrap_or_else(|| "info".to_owned());
    let level = Level::parse(&level)
        .ok_or_else(|| wrong("PYTHIA_LOG_LEVEL is debug, info, warn or error".to_owned()))?;
    let origins = args.cors_origin.clone().or_else(|| get("CORS_ORIGIN"));
    let options = AppOptions {
        api_key: get("API_KEY"),
        origins: Origins::parse(origins.as_deref().unwrap_or("*")).map_err(wrong)?,
        max_body: args.max_body,
        log: Log::new(level),
    };
    let port = match (args.port, get("PORT")) {
        (Some(port), _) => port,
        (None, Some(text)) => {
            text.parse().map_err(|_| wrong(format!("PORT is {text}; a port number is expected")))?
        }
        (None, None) => 8080,
    };
    let host =
        args.host.clone().or_else(|| get("PYTHIA_HOST")).unwrap_or_else(|| "127.0.0.1".to_owned());
    let fresh = get("PYTHIA_MODEL_FRESH_SECONDS").unwrap_or_else(|| "60".to_owned());
    let fresh: u64 = fresh.parse().map_err(|_| {
        wrong(format!("PYTHIA_MODEL_FRESH_SECONDS is {fresh}; a whole number is expected"))
    })?;
    let services = services(args, get("BUNDLE").as_deref(), &all)?;
    let names: Vec<&str> = services.iter().map(|it| it.name()).collect();
    let listener = listen(&host, port)?;
    let address = listener.local_addr()?;
    tell(&options.log, &names.join(", "), &format!("http://{address}"));
    let app = Arc::new(App::new(services, options));
    let workers = args
        .workers
        .map(usize::from)
        .or_else(|| available_parallelism().ok().map(usize::from))
        .unwrap_or(2);
    let socket = SocketOptions {
        workers,
        max_waiting: MAX_WAITING,
        max_held: MAX_HELD.max(args.max_body.saturating_mul(2)),
        max_connections: MAX_CONNECTIONS,
        time_limit: Duration::from_secs(args.timeout),
        refresh_every: Duration::from_secs(fresh.max(1)),
        drain: DRAIN,
        grace: GRACE,
    };
    server::serve(app, listener, socket).map_err(|err| Failure::Server(err.to_string()))
}

/// Takes an address. What is wrong with it is the caller's to mend.
fn listen(host: &str, port: u16) -> Result<TcpListener, Error> {
    // As it stands in a URL.
    let name = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
    if name.trim().is_empty() {
        return Err(Error::request(
            "--host is empty: an address is expected, 127.0.0.1 for this machine alone, 0.0.0.0 or :: for all",
        ));
    }
    let shown =
        if name.contains(':') { format!("[{name}]:{port}") } else { format!("{name}:{port}") };
    TcpListener::bind((name, port)).map_err(|err| {
        let why = match err.kind() {
            ErrorKind::AddrInUse => {
                "another program listens there; --port with another number, 0 takes a free one"
                    .to_owned()
            }
            ErrorKind::PermissionDenied => {
                "this user may not; ports from 1024 are open to all (--port)".to_owned()
            }
            ErrorKind::AddrNotAvailable => {
                "this machine has no such address; --host 127.0.0.1 is this machine alone, 0.0.0.0 or :: all it has"
                    .to_owned()
            }
            _ => format!("{err}; --host is an address of this machine"),
        };
        Error::request(format!("{shown} cannot be used: {why}"))
    })
}

/// What was named; else what the environment names, or a container's model.
fn services(
    args: &Serve,
    bundle: Option<&str>,
    variables: &[(String, String)],
) -> Result<Vec<Arc<dyn Endpoint>>, Failure> {
    let mut settings = args.config.read()?;
    // The services keep their own.
    settings.models = Models::default();
    let mut texts = args.models.clone();
    if texts.is_empty() {
        texts.extend(bundle.map(server::split_names).unwrap_or_default());
    }
    if texts.is_empty()
        && let Some(service) = server::open_artifacts(variables, &settings)?
    {
        return Ok(vec![service]);
    }
    if texts.is_empty() {
        let mounted = MOUNTED.iter().find(|it| std::path::Path::new(it).is_dir());
        texts.extend(mounted.map(|it| (*it).to_owned()));
    }
    if texts.is_empty() {
        let text = "nothing to serve: name a bundle, a model file or an MLflow folder";
        return Err(Error::request(text).into());
    }
    Ok(server::open_all(&texts, &settings)?)
}

/// One line for a person; for a log, one line as all others.
fn tell(log: &Log, names: &str, url: &str) {
    if io::stderr().is_terminal() {
        // If standard error is closed, nobody wants it.
        let _ = writeln!(io::stderr(), "{names} at {url} (Ctrl-C ends it)");
    } else {
        log.say(Level::Info, "listening", serde_json::json!({"url": url, "services": names}));
    }
}
