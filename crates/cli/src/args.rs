//! What the command line may say.

use std::path::PathBuf;

use clap::{Args as Arguments, Parser, Subcommand, ValueHint};
use clap_complete::Shell;
use engine::{Format, Method};

use crate::package::Arch;

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 a fault of the machine, or a bug; 2 wrong arguments or a wrong event; \
3 a file is missing or may not be used; 4 the model cannot be read or is not supported; \
5 the table, or a row of it, is not what the model takes; 6 verify found answers that differ.";

/// Serve the models that Python trained, without Python.
///
/// Pythia reads the very files Python saved (pickle and joblib, those of LightGBM, XGBoost and
/// CatBoost, and PyTorch's), never runs anything in them, and predicts the same numbers. Any file may be
/// s3://bucket/key.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Predict(Predict),
    Verify(Verify),
    Serve(Serve),
    Check(Check),
    Invoke(Invoke),
    Inspect(Inspect),
    Package(Package),
    Completions(Completions),
}

const PREDICT_EXAMPLES: &str = "\
Examples:
  pythia predict model.pkl data.csv -o predictions.csv
  pythia predict model.pkl data.csv.gz -o out.csv.gz --features age,income --column price
  pythia predict model.pkl data.csv -o out.csv --method predict_proba
  pythia predict model.pkl data.parquet -o out.parquet
  pythia predict model.pkl data.jsonl.gz -o out.csv
  pythia predict model.txt data.csv -o out.csv --num-iteration 100
  pythia predict model.pkl data.csv -o out.csv --scaler scaler.pkl --encoders encoders.pkl
  pythia predict model.pth data.csv -o out.csv --layers net.toml --scaler scaler.pkl
  cat data.csv | pythia predict model.pkl - -o - | head

The output is the table with the prediction column at its end (or in place of a column of that name); \
every other byte of it is as it was. It appears when it is complete, or not at all.
A model trained on a data frame finds its columns by name; for another say which with --features.";

/// Predict a table: write it again with a prediction column.
#[derive(Arguments)]
#[command(after_help = PREDICT_EXAMPLES)]
pub(crate) struct Predict {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Where the table with its predictions goes; - writes standard output
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: String,
    /// The output's format: csv, jsonl, parquet [default: as the name of OUT says; - as DATA]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) output_format: Option<Format>,
    /// The prediction column's name; of several columns, their common beginning
    #[arg(short, long, value_name = "NAME", default_value = "prediction")]
    pub(crate) column: String,
}

/// The model, the table, and how one is applied to the other.
#[derive(Arguments)]
pub(crate) struct Inputs {
    /// The model: a file that pickle or joblib wrote, or LightGBM, XGBoost or CatBoost
    #[arg(value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub(crate) model: String,
    /// The table: CSV, JSON Lines (.jsonl .ndjson; both also .gz .bz2 .xz .zst) or Parquet (.parquet);
    /// - reads standard input
    #[arg(value_name = "DATA", value_hint = ValueHint::FilePath)]
    pub(crate) data: String,
    /// The table's format: csv, jsonl, parquet [default: as the name of DATA says, else csv]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) data_format: Option<Format>,
    /// The columns that feed the model, in its order: a,b,c
    #[arg(short, long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) features: Option<Vec<String>>,
    /// predict, predict_proba, decision_function, transform, ... [default: predict, else transform]
    #[arg(short, long, value_name = "METHOD", value_parser = method)]
    pub(crate) method: Option<Method>,
    /// Also the prediction's standard deviation, as predict(X, return_std=True) gives it
    #[arg(long, conflicts_with = "method")]
    pub(crate) with_std: bool,
    /// Of a model of LightGBM, XGBoost or CatBoost: the first iteration that predicts (iteration_range
    /// of XGBoost, ntree_start of CatBoost)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) start_iteration: Option<i64>,
    /// How many iterations predict; 0: all that follow (ntree_limit of XGBoost before 1.4)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) num_iteration: Option<i64>,
    /// The layers of a PyTorch network, where the model is its state dict: a TOML file (docs/networks.md)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) layers: Option<String>,
    /// A pickled scaler to apply to the features first
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) scaler: Option<String>,
    /// A pickled dict of column -> LabelEncoder to apply before that
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) encoders: Option<String>,
    #[command(flatten)]
    pub(crate) config: Config,
    /// Threads that predict; 0 is one per core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Where the settings are.
#[derive(Arguments)]
pub(crate) struct Config {
    /// Settings: what stands in for classes of your own (see the README)
    /// (default: pythia.toml in the current folder, if it is there)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<String>,
}

const VERIFY_EXAMPLES: &str = "\
EXPECTED is a table with Python's own answers for the rows of DATA, in their order:
  pandas.DataFrame({'prediction': model.predict(X)}).to_csv('expected.csv', index=False)

Its columns are found by the names that pythia predict gives them (prediction, prediction_<class>, \
prediction_<i>; --column changes the beginning), or else by position if there are as many.

Examples:
  pythia verify model.pkl data.csv expected.csv
  pythia verify model.pkl data.csv expected.csv --method predict_proba --column proba
  pythia verify model.pkl data.csv expected.csv --tolerance 1e-12 --json

Exit code 6 says that some answers differ.";

/// Compare a model's answers with those that Python gave
#[derive(Arguments)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// The table with Python's answers
    #[arg(value_name = "EXPECTED", value_hint = ValueHint::FilePath)]
    pub(crate) expected: String,
    /// The name of the column in EXPECTED; of several columns, their common beginning
    #[arg(short, long, value_name = "NAME", default_value = "prediction")]
    pub(crate) column: String,
    /// Numbers may differ by this part of the larger one; 0 allows no difference
    #[arg(short, long, value_name = "RELATIVE", default_value_t = 0.0, value_parser = tolerance)]
    pub(crate) tolerance: f64,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  pythia serve model.pkl
  curl localhost:8080/predict -d '{\"records\": [{\"age\": 31, \"income\": 52000}]}'
  pythia serve housing/ churn=models/model_3.pkl s3://models/iris/ --port 9000
  API_KEY=... pythia serve housing/ --host 0.0.0.0 --cors-origin https://example.org

Of several services each has its paths under its name: /housing/predict. Paths: /predict, /health, /metrics, \
/openapi.json; MLflow's and SageMaker's /invocations and /ping; KServe's /v1/models/NAME:predict; the Open Inference \
Protocol's /v2/models/NAME/infer. docs/http.md describes them.
Variables: API_KEY (requests need it as X-API-Key), CORS_ORIGIN, PORT, PYTHIA_HOST, PYTHIA_LOG_LEVEL; \
PYTHIA_MODEL_FRESH_SECONDS (how often files are looked at for changes: 60; 0 is each second); BUNDLE, if no MODEL is named: what to serve, \
with commas between.
SIGTERM: /health says 503, requests are taken for one second more, those under way may take 20 seconds. SIGINT (Ctrl-C): \
no more requests are taken at once.";

/// Serve models over HTTP
#[derive(Arguments)]
#[command(after_help = SERVE_EXAMPLES)]
pub(crate) struct Serve {
    /// What to serve: a bundle (a folder with pythia.toml), a model file, or a model folder of MLflow; NAME=MODEL calls
    /// it so [default: BUNDLE, else /opt/ml/model or /mnt/models]
    #[arg(value_name = "MODEL", value_hint = ValueHint::AnyPath)]
    pub(crate) models: Vec<String>,
    /// The address to listen at; 0.0.0.0 is all of this machine's [default: PYTHIA_HOST, else 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) host: Option<String>,
    /// The port; 0 is any that is free [default: PORT, else 8080]
    #[arg(short, long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Requests that are predicted at once [default: one per core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) workers: Option<u16>,
    /// Bytes of a request's body, as it is sent and as it is unpacked: 500k, 16m, at most 1g
    #[arg(long, value_name = "BYTES", default_value = "16m", value_parser = bytes)]
    pub(crate) max_body: usize,
    /// Seconds until a request is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
    /// The pages that may call: *, or origins separated by commas [default: CORS_ORIGIN, else *]
    #[arg(long, value_name = "ORIGINS")]
    pub(crate) cors_origin: Option<String>,
    #[command(flatten)]
    pub(crate) config: Config,
}

const INVOKE_EXAMPLES: &str = r#"The event, as the Lambda function takes it; paths are relative to the current folder:
  {"model_s3_uri": "model.pkl", "data_s3_uri": "data.csv", "output_s3_uri": "out.csv",
   "prediction_column_name": "price", "feature_columns": ["age", "income"]}
Optional: method, start_iteration, num_iteration, layers_s3_uri, scaler_s3_uri, encoders_s3_uri,
data_format, output_format.

Examples:
  pythia invoke event.json
  pythia invoke - < event.json
  pythia invoke request.json --bundle examples/housing

With --bundle the event is the request itself, answered by the answer itself; or what API Gateway, a function URL or
a load balancer sends, {"body": "{...}"} or {"queryStringParameters": {...}}: then the whole response is printed, as
the function gives it. A status of 400 and more ends with an exit code that is not 0."#;

/// Answer a batch event as the Lambda function does: print its response
#[derive(Arguments)]
#[command(after_help = INVOKE_EXAMPLES)]
pub(crate) struct Invoke {
    /// The event, a JSON file; - reads standard input
    #[arg(value_name = "EVENT", value_hint = ValueHint::FilePath)]
    pub(crate) event: String,
    /// Answer it as the service of this bundle does: a folder with pythia.toml, or s3://bucket/prefix
    #[arg(long, value_name = "BUNDLE", value_hint = ValueHint::DirPath)]
    pub(crate) bundle: Option<String>,
    #[command(flatten)]
    pub(crate) config: Config,
}

const CHECK_EXAMPLES: &str = "\
Everything that is wrong is told at once, with file, line and column.
Exit codes: 0 the bundle is right; 2 its settings, SQL or example are wrong; 3 a file is missing or may not be used; \
4 a model cannot be read or is not supported; 5 a table is not what is declared; 1 a fault of the machine, or a bug.

Examples:
  pythia check examples/housing
  pythia check s3://bucket/services/housing";

/// Check a bundle: its settings, files, SQL and models, and answer its example
#[derive(Arguments)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct Check {
    /// The bundle: a folder with pythia.toml, or s3://bucket/prefix
    #[arg(value_name = "BUNDLE", value_hint = ValueHint::DirPath)]
    pub(crate) bundle: String,
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  pythia inspect model.pkl
  pythia inspect model.pkl --json | jq .problems

Exit code 4 says that the model is not supported; all that is missing is listed.";

/// Show what a model file holds, without running anything in it
#[derive(Arguments)]
#[command(after_help = INSPECT_EXAMPLES)]
pub(crate) struct Inspect {
    /// The model file
    #[arg(value_name = "MODEL", value_hint = ValueHint::FilePath)]
    pub(crate) model: String,
    #[command(flatten)]
    pub(crate) config: Config,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const PACKAGE_EXAMPLES: &str = "\
The zip holds bootstrap (the program), its licences, and what --config and --include add; in the function \
they are below /var/task. The same files give the same zip, byte by byte. The program must be linked \
statically or need no newer glibc than Amazon Linux 2023 has; deploy/package.sh builds such a one.

Examples:
  pythia package
  pythia package --binary target/aarch64-unknown-linux-gnu/release/pythia --arch arm64 -o dist
  pythia package --config pythia.toml --include model.pkl";

/// Make the zip of the Lambda function, and check that Lambda can run it
#[derive(Arguments)]
#[command(after_help = PACKAGE_EXAMPLES)]
pub(crate) struct Package {
    /// The program [default: this one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) binary: Option<PathBuf>,
    /// The function's architecture [default: that of the program]
    #[arg(long, value_name = "ARCH")]
    pub(crate) arch: Option<Arch>,
    /// Settings; in the zip they are pythia.toml, which the function reads
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// A model, or a folder, to go with the program; may be given again
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) include: Vec<PathBuf>,
    /// Where the zip goes: pythia-lambda-ARCH.zip in this folder
    #[arg(short, long, value_name = "FOLDER", default_value = "dist", value_hint = ValueHint::DirPath)]
    pub(crate) output: PathBuf,
}

/// Print completions for a shell
///
/// For bash: pythia completions bash > ~/.local/share/bash-completion/completions/pythia
#[derive(Arguments)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

fn method(name: &str) -> Result<Method, String> {
    Method::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Method::ALL.iter().map(|it| it.name()).collect();
        format!("known methods are {}", known.join(", "))
    })
}

fn format(name: &str) -> Result<Format, String> {
    Format::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|it| it.name()).collect();
        format!("known formats are {}", known.join(", "))
    })
}

fn bytes(text: &str) -> Result<usize, String> {
    let text = text.to_ascii_lowercase();
    let units = [('k', 1 << 10), ('m', 1 << 20), ('g', 1 << 30)];
    let with_unit = units.iter().find_map(|(it, unit)| Some((text.strip_suffix(*it)?, *unit)));
    let (digits, unit) = with_unit.unwrap_or((text.as_str(), 1));
    let value = digits.parse::<usize>().ok().and_then(|it| it.checked_mul(unit));
    let known = value.filter(|it| (1..=1 << 30).contains(it));
    known.ok_or_else(|| "a number of bytes up to 1g is expected, such as 500k or 16m".to_owned())
}

fn tolerance(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|it| (0.0..1.0).contains(it));
    value.ok_or_else(|| "a number from 0 to below 1 is expected, such as 1e-12".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_units() {
        assert_eq!(bytes("500k"), Ok(500 << 10));
        assert_eq!(bytes("16M"), Ok(16 << 20));
        assert_eq!((bytes("1g"), bytes("1024m")), (Ok(1 << 30), Ok(1 << 30)));
        for wrong in ["0", "2g", "1025m", "g", "1t", "-1", "99999999999g"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
