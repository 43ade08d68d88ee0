//! `pythia invoke`.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use engine::{Category, Context, Response, Service, Settings, json_text, parse_location};
use serde_json::Value;
use server::{Level, Log};

use crate::args::Invoke;
use crate::inputs::{storage, variables};
use crate::outcome::Failure;
use crate::progress::Bar;

/// As long as a function may run.
const TIME: Duration = Duration::from_secs(900);

pub(crate) fn run(args: &Invoke) -> Result<(), Failure> {
    if let Some(bundle) = &args.bundle {
        return answer(args, bundle);
    }
    let settings = args.config.read()?;
    let event = engine::read_event(&engine::parse_location(&args.event)?, &settings)?;
    let bar = Bar::new(false);
    let response = engine::handle_batch(&event, &settings, &mut |progress| bar.update(progress));
    bar.finish();
    print(&response)?;
    response.category.map_or(Ok(()), |it| Err(Failure::Said(it)))
}

/// One request, as the service of a bundle answers it.
fn answer(args: &Invoke, bundle: &str) -> Result<(), Failure> {
    let settings = Settings { storage: storage(), ..Settings::default() };
    let request = engine::read_event(&parse_location(&args.event)?, &settings)?;
    if lambda::is_envelope(&request) {
        return answer_envelope(&request, bundle, &settings);
    }
    let service = Service::open(&parse_location(bundle)?, &settings)?;
    match service.answer(&request, &Context::new("invoke")) {
        Ok(answer) => Ok(writeln!(io::stdout(), "{}", json_text(&answer))?),
        Err(err) => {
            let body = serde_json::json!({"error": err.to_string()});
            writeln!(io::stdout(), "{body}")?;
            Err(Failure::Said(err.category()))
        }
    }
}

/// An event that holds a request, as the function with this service answers it. What the function logs goes to standard error.
fn answer_envelope(event: &Value, bundle: &str, settings: &Settings) -> Result<(), Failure> {
    let service = server::open(bundle, settings)?;
    let variables: Vec<(String, String)> = variables().collect();
    let log = Log::to(Level::Error, Arc::new(Mutex::new(io::stderr())));
    let options = lambda::Options::from_variables(&variables)?.with_services(vec![service]);
    let end = SystemTime::now() + TIME;
    let deadline = end.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let call = lambda::Call {
        request_id: "invoke".to_owned(),
        trace_id: None,
        deadline: u64::try_from(deadline).unwrap_or(u64::MAX),
    };
    let handler = lambda::Handler::new(options.with_log(log));
    let answer = handler.answer(event, &call).map_err(|it| Failure::Runtime(it.text))?;
    writeln!(io::stdout(), "{answer}")?;
    match answer["statusCode"].as_u64() {
        Some(200..400) => Ok(()),
        Some(400..500) => Err(Failure::Said(Category::Request)),
        _ => Err(Failure::Said(Category::System)),
    }
}

fn print(response: &Response) -> io::Result<()> {
    writeln!(io::stdout(), "{}", response.envelope())
}
