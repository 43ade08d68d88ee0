//! `pythia invoke`.

use std::io::{self, Write};

use engine::Response;

use crate::args::Invoke;
use crate::outcome::Failure;
use crate::progress::Bar;

pub(crate) fn run(args: &Invoke) -> Result<(), Failure> {
    let settings = args.config.read()?;
    let event = engine::read_event(&engine::parse_location(&args.event)?, &settings)?;
    let bar = Bar::new(false);
    let response = engine::handle_batch(&event, &settings, &mut |progress| bar.update(progress));
    bar.finish();
    print(&response)?;
    response.category.map_or(Ok(()), |it| Err(Failure::Said(it)))
}

fn print(response: &Response) -> io::Result<()> {
    writeln!(io::stdout(), "{}", response.envelope())
}
