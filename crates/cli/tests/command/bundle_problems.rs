//! `pythia check` of bundles that are wrong: everything is told, each with its file, line and column.

use std::fs;

use crate::bundles::{invoke, shipped};
use crate::runs::{Folder, example, fails, pythia, stdout};

/// What `check` says of a bundle of these files, line by line.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let folder = Folder::new();
    for (name, text) in files {
        folder.write(name, text);
    }
    fs::copy(example("model.pkl"), folder.path("late.pkl")).unwrap();
    let said = fails(&["check", &folder.text("")], 2);
    let said = said.strip_prefix("error: ").unwrap().replace(&folder.text(""), "");
    said.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_no_toml_or_no_key_is_told_with_its_place() {
    let syntax = problems(&[("pythia.toml", "name = \"x\n[request\n")]);
    assert_eq!(
        syntax,
        [
            "pythia.toml line 1, column 10: invalid basic string, expected `\"`",
            "pythia.toml line 2, column 9: unclosed table, expected `]`",
        ]
    );
    let keys = "[request]\nrow = \"records\"\n[classes]\n\"my.Thing\" = \"sklearn.no.Such\"\n\"my.Other\" = 3\n[response]\nsql = \"SELECT 1\"\njson = true\n";
    assert_eq!(
        problems(&[("pythia.toml", keys)]),
        [
            "pythia.toml line 2, column 1: there is no key row in request; known are columns, example, fields, rows, unknown",
            "pythia.toml line 4, column 14: [classes] my.Thing = \"sklearn.no.Such\": neither a supported class nor functions of numpy's such as numpy.log1p or numpy.sqrt(numpy.clip(x, 0, 100))",
            "pythia.toml line 5, column 14: [classes] my.Other: a text is expected",
            "pythia.toml line 8, column 1: there is no key json in response; known are sql",
        ]
    );
}

#[test]
fn wrong_fields_are_told_with_their_places() {
    let toml = r#"[request.fields]
a = { type = "integer", default = 1.5 }
b = { type = "text", one_of = 3 }
c = { type = "number", min = "low", max = 7 }
d = { type = "date", default = "tomorrow", max = "soon" }
e = { optional = true }
f = { type = "integer", one_of = [1, 2.5, "x"] }
[response]
sql = "SELECT json_object('n', a) FROM request"
"#;
    assert_eq!(
        problems(&[("pythia.toml", toml)]),
        [
            "pythia.toml line 2, column 35: a.default is 1.5, a whole number is expected",
            "pythia.toml line 3, column 31: b.one_of is a list of values",
            "pythia.toml line 4, column 30: c.min is \"low\", a number is expected",
            "pythia.toml line 5, column 32: d.default is \"tomorrow\", a date such as 2025-10-20 is expected",
            "pythia.toml line 5, column 50: d.max is \"soon\", a date such as 2025-10-20 is expected",
            "pythia.toml line 6, column 5: e has no type; types are text, integer, number, boolean, date, datetime, array, any",
            "pythia.toml line 7, column 34: f.one_of is 2.5, a whole number is expected",
            "pythia.toml line 7, column 34: f.one_of is \"x\", a whole number is expected",
        ]
    );
}

#[test]
fn a_wrong_statement_is_told_in_the_file_that_holds_it() {
    let toml = r#"[request.fields]
n = "integer"
[[steps]]
name = "a"
sql = "a.sql"
[[steps]]
name = "b"
sql = """
SELECT m
FROM a"""
[[steps]]
name = "c"
sql = """
SELECT n,
  nn
FROM request"""
[response]
sql = "missing.sql"
"#;
    let sql = "SELECT\n  n,\n  wrong_column\nFROM request\n";
    assert_eq!(
        problems(&[("pythia.toml", toml), ("a.sql", sql)]),
        [
            "a.sql line 3, column 3: no such column: wrong_column",
            // Nothing is said of step b, which reads what is wrong.
            "pythia.toml line 15, column 3: no such column: nn",
            "pythia.toml line 18, column 7: File not found: missing.sql",
        ]
    );
}

#[test]
fn wrong_models_are_told_with_their_places() {
    let toml = r#"[request]
rows = "records"
[request.columns]
distance = "number"
[[steps]]
model = "late.pkl"
from = "nowhere"
[[steps]]
name = "x"
sql = "SELECT distance FROM input"
[[steps]]
model = "late.pkl"
[[steps]]
model = "text.pkl"
[[steps]]
model = "late.pkl"
part = "model"
features = "names"
[[steps]]
model = "late.pkl"
scaler = "../scaler.pkl"
"#;
    let said = problems(&[("pythia.toml", toml), ("text.pkl", "hello\n")]);
    let wants = [
        "pythia.toml line 7, column 8: there is no table nowhere before this step; there are input",
        "pythia.toml line 12, column 9: the model takes columns that x lacks: month, hour, plane_year, ",
        "pythia.toml line 14, column 9: Failed to load model: text.pkl: this is not a pickle or joblib file but looks like text; ",
        "pythia.toml line 18, column 12: Failed to load model: late.pkl holds sklearn.pipeline.Pipeline, a dict with the key \"names\" is expected",
        "pythia.toml line 21, column 10: \"../scaler.pkl\" is no file of the bundle: ",
    ];
    assert_eq!(said.len(), wants.len(), "{said:#?}");
    for (said, want) in said.iter().zip(wants) {
        assert!(said.starts_with(want), "{said}\nexpected {want}");
    }
}

#[test]
fn wrong_tables_are_told_with_their_places() {
    let toml = r#"[tables]
a = "ragged.csv"
b = { file = "good.csv", columns = ["x", "z"] }
c = { file = "good.csv", names = ["one"] }
d = { file = "good.csv", types = { z = "text" } }
e = { file = "good.csv", index = ["z"] }
f = "bad.jsonl"
g = "bad.parquet"
h = "none.pkl"
request = "good.csv"
i = "good.csv"
I = "good.csv"
k = { file = "good.csv", types = { x = "date" } }
l = 3
[response]
sql = "SELECT count(*) FROM a"
"#;
    let files = [
        ("pythia.toml", toml),
        ("ragged.csv", "x,y\n1,2\n3,4,5\n"),
        ("good.csv", "x,y\n1,2\n"),
        ("bad.jsonl", "{\"a\":1}\n{\"a\":\n"),
        ("bad.parquet", "PAR1"),
        ("none.pkl", "I3\n."),
    ];
    assert_eq!(
        problems(&files),
        [
            "pythia.toml line 2, column 5: table a: Failed to load data: ragged.csv line 3: the row has 3 fields, the header has 2",
            "pythia.toml line 3, column 14: table b: there are no columns z; it has x, y",
            "pythia.toml line 4, column 14: table c: there are 1 names for 2 columns",
            "pythia.toml line 5, column 14: table d: types: there is no column z",
            "pythia.toml line 6, column 14: table e: index: there is no column z",
            "pythia.toml line 7, column 5: table f: Failed to load data: bad.jsonl line 2: not a JSON object: EOF while parsing a value at byte 5 of the line",
            "pythia.toml line 8, column 5: table g: Failed to load data: bad.parquet: is not a Parquet file: it is too short",
            "pythia.toml line 9, column 5: table h: Failed to load data: $ is int, expected a dict, Series, DataFrame or object with mapping and global_mean",
            "pythia.toml line 10, column 1: request is what the request's own table is called",
            "pythia.toml line 12, column 5: table I: there are two tables I",
            "pythia.toml line 13, column 40: a column's type is text, integer or number",
            "pythia.toml line 14, column 5: tables.l is a number, a table is expected",
        ]
    );
}

#[test]
fn an_example_that_is_refused_is_what_is_wrong() {
    let toml = |example: &str| {
        format!(
            "[request]\nexample = {example}\n[request.fields]\nn = \"integer\"\n[response]\nsql = \"SELECT json_object('n', n) FROM request\"\n"
        )
    };
    let folder = Folder::new();
    folder.write("pythia.toml", &toml("{ n = \"three\" }"));
    let run = pythia(&["check", &folder.text("")]);
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(
        said,
        "error: pythia.toml line 2, column 11: the example is refused: n is \"three\", a whole number is expected; request.example says a better one\n"
    );
    let said =
        problems(&[("pythia.toml", &toml("\"example.json\"")), ("example.json", "{\"n\": }")]);
    assert_eq!(
        said,
        [
            "pythia.toml line 2, column 11: the example: example.json line 1, column 7: expected value"
        ]
    );
}

#[test]
fn what_is_no_bundle_is_said_so() {
    let file = example("model.pkl");
    let want = format!("error: {file} is a file; a bundle is a folder with a pythia.toml\n");
    assert_eq!(fails(&["check", &file], 2), want);
    let nothing = Folder::new().text("nothing");
    let said = fails(&["check", &nothing], 3);
    assert_eq!(said, format!("error: File not found: {nothing}/pythia.toml\n"));
    let request = Folder::new();
    request.write("request.json", r#"{"records": []}"#);
    let said = fails(&["invoke", &request.text("request.json"), "--bundle", &nothing], 3);
    assert_eq!(said, format!("error: File not found: {nothing}/pythia.toml\n"));
}

#[test]
fn check_describes_a_network_and_tells_layers_that_do_not_fit_with_their_lines() {
    let run = pythia(&["check", &shipped("stocks")]);
    assert!(run.status.success(), "{run:?}");
    let said = stdout(&run);
    assert!(
        said.contains("model    model.pth: torch.nn.Module, predict of features (60 x 10)\n"),
        "{said}"
    );
    assert!(said.contains(r#" ms: {"ticker":"^GSPC","prediction":0.53463"#), "{said}");

    let folder = Folder::new();
    for file in fs::read_dir(shipped("stocks")).unwrap().map(Result::unwrap) {
        if file.path().is_file() {
            fs::copy(file.path(), folder.path(&file.file_name().to_string_lossy())).unwrap();
        }
    }
    let layers = fs::read_to_string(folder.path("layers.toml")).unwrap();
    folder.write("layers.toml", &layers.replace("\"fc\"", "\"fx\""));
    let check = || fails(&["check", &folder.text("")], 2);
    let want = "error: pythia.toml line 21, column 9: Failed to load model: model.pth: layers.toml line 13, column 1: \
        $ has no tensor fx.weight, which layer 3 (linear \"fx\") needs; it has ";
    assert!(check().starts_with(want), "{}", check());
    folder.write("layers.toml", &layers.replace("\"lstm\"", "\"gru2\""));
    let said = check();
    assert!(
        said.starts_with("error: layers.toml line 5, column 1: unknown variant `gru2`"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn fields_that_cannot_be_are_told_with_their_places() {
    let toml = r#"[request]
rows = "records"
[request.fields]
records = "text"
a = { type = "integer", min = 9, max = 1 }
b = { type = "array", length = 5, shape = [60, 10] }
c = { type = "integer", absent = 0 }
[request.columns]
rooms = "integer"
Rooms = "integer"
d = { type = "integer", absent = "x" }
e = { type = "integer", absent = 1, default = 2 }
[response]
sql = "SELECT count(rooms) FROM input"
"#;
    assert_eq!(
        problems(&[("pythia.toml", toml)]),
        [
            "pythia.toml line 4, column 1: request.fields.records: the rows are called so",
            "pythia.toml line 5, column 31: a.min is 9, which is more than max = 1",
            "pythia.toml line 6, column 32: b has either a length or a shape",
            "pythia.toml line 7, column 5: c: only columns of the rows have absent, a field has a default",
            "pythia.toml line 10, column 1: request.columns.Rooms: there is rooms, and names in SQL have no case",
            "pythia.toml line 11, column 34: d.absent is \"x\", a whole number is expected",
            "pythia.toml line 12, column 34: e.absent: a column has either absent or default",
        ]
    );
}

#[test]
fn a_nul_character_is_not_the_end_of_a_statement() {
    let toml = "[response]\nsql = \"response.sql\"\n";
    let files = [("pythia.toml", toml), ("response.sql", "SELECT 1\n \0 FROM nowhere")];
    assert_eq!(problems(&files), ["response.sql line 2, column 2: there is a NUL character"]);
}

#[test]
fn what_is_wrong_already_is_not_told_again_of_what_reads_it() {
    let toml = r#"[request.fields]
n = "integer"
[tables]
input = "t.csv"
t = { file = "t.csv", columns = ["q"], names = ["x", "y", "z"], index = ["w"] }
u = 3
[[steps]]
modle = "late.pkl"
output = "p"
[[steps]]
model = "late.pkl"
[[steps]]
name = "twice"
sql = "SELECT n FROM request"
[[steps]]
name = "twice"
sql = "SELECT n AS m FROM request"
[[steps]]
name = "last"
sql = "SELECT m FROM twice JOIN u USING (n)"
[request]
example = "example.json"
[response]
sql = "SELECT p, x, y FROM step_1 JOIN t JOIN last"
"#;
    let files = [("pythia.toml", toml), ("t.csv", "x,y\n1,2\n")];
    let said = problems(&files);
    let wants = [
        "pythia.toml line 4, column 1: input is what the request's own table is called",
        "pythia.toml line 5, column 14: table t: there are no columns q; it has x, y; there are 3 names for 1 columns; index: there is no column w",
        "pythia.toml line 6, column 5: tables.u is a number, a table is expected",
        "pythia.toml line 7, column 1: a step has either sql or model",
        "pythia.toml line 8, column 1: there is no key modle in steps[0]; known are ",
        "pythia.toml line 15, column 1: there are two tables twice",
        "pythia.toml line 22, column 11: the example: File not found: example.json",
    ];
    assert_eq!(said.len(), wants.len(), "{said:#?}");
    for (said, want) in said.iter().zip(wants) {
        assert!(said.starts_with(want), "{said}\nexpected {want}");
    }
}

#[test]
fn a_response_that_is_no_json_value_is_told_with_its_place() {
    for (sql, want) in [
        ("SELECT 'x y'", "the response is no JSON: expected value at line 1 column 1"),
        ("SELECT 1 UNION ALL SELECT 2", "the response is one JSON value, there are 2"),
        ("SELECT 1 WHERE 0", "the response is one JSON value, there is none"),
    ] {
        let folder = Folder::new();
        folder.write("pythia.toml", &format!("[response]\nsql = \"{sql}\"\n"));
        let run = pythia(&["check", &folder.text("")]);
        assert_eq!(run.status.code(), Some(2), "{run:?}");
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(said, format!("error: pythia.toml line 2, column 7: {want}\n"));
    }
}

#[test]
fn a_file_that_is_not_utf_8_is_told_with_its_place() {
    let folder = Folder::new();
    fs::write(folder.path("pythia.toml"), b"name = \"x\"\n[response] # \xff\n").unwrap();
    let said = fails(&["check", &folder.text("")], 2);
    assert_eq!(said, "error: pythia.toml line 2, column 14: it is not UTF-8\n");
    folder.write("pythia.toml", "[response]\nsql = \"a.sql\"\n");
    fs::write(folder.path("a.sql"), b"SELECT\n\xc3").unwrap();
    let said = fails(&["check", &folder.text("")], 2);
    assert_eq!(
        said,
        "error: pythia.toml line 2, column 7: a.sql line 2, column 1: it is not UTF-8\n"
    );
}

#[test]
fn everything_wrong_with_a_networks_bundle_is_told() {
    let folder = Folder::new();
    for file in fs::read_dir(shipped("stocks")).unwrap().map(Result::unwrap) {
        let name = file.file_name().to_string_lossy().into_owned();
        if file.path().is_file() && name != "example.json" && name != "metadata.jsonl" {
            fs::copy(file.path(), folder.path(&name)).unwrap();
        }
    }
    let toml = fs::read_to_string(folder.path("pythia.toml")).unwrap();
    let layers = fs::read_to_string(folder.path("layers.toml")).unwrap();
    let check = || fails(&["check", &folder.text("")], 2).replace(&folder.text(""), "");
    assert_eq!(
        check(),
        "error: pythia.toml line 5, column 11: the example: File not found: example.json\n\
         pythia.toml line 17, column 12: table metadata: File not found: metadata.jsonl\n"
    );
    let wrong = layers
        .replace("\"raw\"", "\"rew\"")
        .replace("kind = \"lstm\"", "kind = \"lstn\"")
        .replace("prefix = \"fc\"", "prefix = 3");
    folder.write("layers.toml", &wrong);
    let said = check();
    for part in [
        "layers.toml line 3, column 10: unknown variant `rew`",
        "layers.toml line 5, column 1: unknown variant `lstn`",
        "layers.toml line 13, column 1: invalid type: integer `3`",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    folder.write("layers.toml", &layers);
    folder.write("pythia.toml", &toml.replace("window = \"features\"\n", ""));
    let said = check();
    let want = "pythia.toml line 21, column 9: the model takes 600 columns and does not say which, input has 2: ";
    assert!(said.contains(want), "{said}");
}

#[test]
fn a_column_that_differs_in_case_alone_is_told_once() {
    let toml = "[request]\nrows = \"records\"\n[request.columns]\nMonth = \"number\"\n[[steps]]\nmodel = \"late.pkl\"\n";
    assert_eq!(
        problems(&[("pythia.toml", toml)]),
        [
            "pythia.toml line 6, column 9: the model takes columns that input lacks: month (it has Month)"
        ]
    );
}

#[test]
fn a_model_without_names_tells_how_many_columns_it_takes() {
    let folder = Folder::new();
    for file in fs::read_dir(shipped("stocks")).unwrap().map(Result::unwrap) {
        if file.path().is_file() {
            fs::copy(file.path(), folder.path(&file.file_name().to_string_lossy())).unwrap();
        }
    }
    let toml = "[request]\nrows = \"days\"\n[[steps]]\nmodel = \"model.pth\"\nlayers = \"layers.toml\"\nscaler = \"scaler.pkl\"\n";
    folder.write("pythia.toml", toml);
    let run = invoke(&folder.text(""), r#"[{"open": 1, "close": 2}]"#);
    assert_eq!(
        stdout(&run).trim_end(),
        r#"{"error":"the model takes 600 columns and does not say which, the rows have 2: open, close"}"#
    );
}

#[test]
fn a_step_that_is_wrong_hides_nothing_else_in_what_reads_it() {
    let toml = r#"[request]
rows = "r"
[request.columns]
x = "text"
[[steps]]
sql = "SELECT nope FROM input"
[[steps]]
sql = "SELECT y, input.no FROM step_1 JOIN input"
[[steps]]
sql = "SELECT s.rowid AS n, s.x, no_function(x) FROM step_1 AS s"
[response]
sql = "SELECT step_1.z, q.id FROM step_1 JOIN step_2 USING (y) JOIN request AS q"
"#;
    assert_eq!(
        problems(&[("pythia.toml", toml)]),
        [
            "pythia.toml line 6, column 15: no such column: nope",
            "pythia.toml line 8, column 18: no such column: input.no",
            "pythia.toml line 10, column 34: no such function: no_function",
            "pythia.toml line 12, column 25: no such column: q.id",
        ]
    );
}
