//! `pythia invoke`.

use std::io::{self, Write};

use engine::{Context, Response, Service, Settings, json_text, parse_location};

use crate::args::Invoke;
use crate::inputs::storage;
use crate::outcome::Failure;
use crate::progress::Bar;

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
    let service = Service::open(&parse_location(bundle)?, &settings)?;
    let request = engine::read_event(&parse_location(&args.event)?, &settings)?;
    match service.answer(&request, &Context::new("invoke")) {
        Ok(answer) => Ok(writeln!(io::stdout(), "{}", json_text(&answer))?),
        Err(err) => {
            let body = serde_json::json!({"error": err.to_string()});
            writeln!(io::stdout(), "{body}")?;
            Err(Failure::Said(err.category()))
        }
    }
}

fn print(response: &Response) -> io::Result<()> {
    writeln!(io::stdout(), "{}", response.envelope())
}
