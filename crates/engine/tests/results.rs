//! Results that are kept, of outputs in one request and in parts.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use engine::{
    BatchReport, BatchRequest, Inputs, Location, S3Settings, Settings, Storage, parse_location,
    predict_table,
};
use s3_server::Server;
use storage::Tuning;

const FLIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/flights");

struct Place {
    server: Server,
    settings: Settings,
}

fn place(part_bytes: usize) -> Place {
    let server = Server::start(&["in", "out"]).unwrap();
    let file = |name: &str| std::fs::read(format!("{FLIGHTS}/{name}")).unwrap();
    server.put("in", "model.pkl", file("air_time.pkl"));
    server.put("in", "data.csv", file("data.csv"));
    let tuning = Tuning { part_bytes, ..Tuning::default() };
    let s3 = S3Settings::from_variables(server.variables()).with_tuning(tuning);
    Place { server, settings: Settings { storage: Storage::new(s3), ..Settings::default() } }
}

fn request(output: &str) -> BatchRequest {
    let inputs = Inputs::of(at("s3://in/model.pkl"), at("s3://in/data.csv"));
    let column = "p".to_owned();
    BatchRequest { inputs, output: at(output), output_format: None, column, cache: Some(true) }
}

fn at(uri: &str) -> Location {
    parse_location(uri).unwrap()
}

impl Place {
    fn run(&self, request: &BatchRequest) -> BatchReport {
        predict_table(request, &self.settings, &mut |_| ()).unwrap()
    }
}

#[test]
fn an_output_in_parts_is_known_again_with_its_rows_and_columns() {
    for part_bytes in [64 << 10, 8 << 20] {
        let it = place(part_bytes);
        let (out, request) = (at("s3://out/a/p.csv"), request("s3://out/a/p.csv"));
        let first = it.run(&request);
        let is_in_parts = it.server.seen().iter().any(|it| it.query.starts_with("partNumber=2"));
        assert_eq!(is_in_parts, part_bytes < 8 << 20);
        let second = it.run(&request);
        assert_eq!((first.cached, second.cached), (Some(false), Some(true)));
        assert_eq!((second.n_rows, &second.columns), (first.n_rows, &first.columns));
        assert_eq!((first.n_rows, second.bytes_read), (2000, 0));
        let stat = it.settings.storage.stat(&out).unwrap();
        assert_eq!(stat.metadata["pythia-digest"].len(), 64);

        // The same metadata beside other bytes, as an editor leaves them.
        let mut sink = it.settings.storage.create_with(&out, stat.metadata).unwrap();
        std::io::Write::write_all(&mut sink, b"p\n1\n").unwrap();
        sink.commit().unwrap();
        assert_eq!(it.run(&request).cached, Some(false));
        assert_eq!(it.run(&request).cached, Some(true));
    }
}

#[test]
fn every_parameter_counts_and_the_order_of_columns_too() {
    let it = place(8 << 20);
    let base = request("s3://out/p.csv");
    let change: [fn(&mut BatchRequest); 4] = [
        |it| it.column = "q".to_owned(),
        |it| it.output_format = Some(engine::Format::JsonLines),
        |it| it.inputs.method = engine::Method::parse("predict"),
        |it| it.output = at("s3://out/other.csv"),
    ];
    for change in change {
        assert_eq!(it.run(&base).cached, Some(false));
        assert_eq!(it.run(&base).cached, Some(true));
        let mut other = base.clone();
        change(&mut other);
        assert_eq!(it.run(&other).cached, Some(false));
        assert_eq!(it.run(&other).cached, Some(true));
        it.server.remove("out", "p.csv");
    }
    let mut settings = it.settings.clone();
    settings.classes_as_written.insert("my.Class".to_owned(), "numpy.log1p(x)".to_owned());
    it.run(&base);
    assert_eq!(it.run(&base).cached, Some(true));
    let report = predict_table(&base, &settings, &mut |_| ()).unwrap();
    assert_eq!(report.cached, Some(false), "stand-ins of classes");
}

#[test]
fn a_file_is_written_anew_and_the_user_is_told() {
    let it = place(8 << 20);
    let folder = tempfile::tempdir().unwrap();
    let request = request(folder.path().join("p.csv").to_str().unwrap());
    for _ in 0..2 {
        let report = it.run(&request);
        assert_eq!(report.cached, Some(false));
        assert_eq!(report.warnings, ["results are kept on S3 only"]);
    }
    let mut silent = request.clone();
    silent.cache = None;
    let settings = Settings { cache: true, ..it.settings.clone() };
    let report = predict_table(&silent, &settings, &mut |_| ()).unwrap();
    assert_eq!((report.cached, report.warnings.len()), (None, 0));
}
