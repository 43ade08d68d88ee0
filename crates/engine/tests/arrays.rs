//! Lists of numbers in requests, and models that take a list as a row: windows of a network or of any model of numbers.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use engine::Service;
use serde_json::{Value, json};
use tempfile::TempDir;

use common::{answer, open, refused};

fn example(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/stocks").join(file)
}

/// A folder with the network of the example and these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = common::folder(&[]);
    for name in ["model.pth", "layers.toml", "scaler.pkl"] {
        fs::copy(example(name), folder.path().join(name)).unwrap();
    }
    common::write(&folder, files);
    folder
}

fn service(toml: &str) -> Service {
    open(&folder(&[("pythia.toml", toml)])).unwrap()
}

fn wrong(files: &[(&str, &str)]) -> String {
    open(&folder(files)).unwrap_err().to_string()
}

/// The first request of the example: 600 numbers.
fn days() -> Vec<f64> {
    let requests = fs::read_to_string(example("requests.json")).unwrap();
    let requests: Vec<Value> = serde_json::from_str(&requests).unwrap();
    let days = requests[0]["features"].as_array().unwrap();
    days.iter().map(|it| it.as_f64().unwrap()).collect()
}

const LISTS: &str = r#"
[request]
unknown = "refuse"
[request.fields]
flat = { type = "array", length = 3 }
nested = { type = "array", shape = [2, 2], optional = true }
given = { type = "array", length = 2, default = [1, 2.5] }
told = { type = "array", length = 2, optional = true, message = "told: two numbers, please" }
[response]
sql = """
SELECT json_object('flat', json(flat), 'nested', json(nested), 'given', json(given),
  'sum', (SELECT sum(value) FROM json_each(flat)), 'third', json_extract(nested, '$[2]')) FROM request
"""
"#;

#[test]
fn sql_sees_a_flat_list_whether_it_came_nested_or_as_the_text_of_a_query() {
    let service = service(LISTS);
    let first = answer(&service, &json!({"flat": [1, 2.5, -1e-300], "nested": [[1, 2], [3, 4]]}));
    assert_eq!(
        first.to_string(),
        r#"{"flat":[1,2.5,-1e-300],"nested":[1,2,3,4],"given":[1,2.5],"sum":3.5,"third":3}"#
    );
    let texts = json!({"flat": "[1, 2.5, -1e-300]", "nested": "[1,2,3,4]", "given": null});
    assert_eq!(answer(&service, &texts), first);
    let least = answer(&service, &json!({"flat": [0, 0, 0]}));
    assert_eq!((&least["nested"], &least["third"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_is_wrong_in_a_list_is_told_with_its_place_or_in_the_words_of_the_bundle() {
    let service = service(LISTS);
    let good = json!([1, 2, 3]);
    for (value, expected) in [
        (json!([1, 2]), "flat has 2 values, a list of 3 numbers is expected"),
        (json!([1, 2, 3, 4]), "flat has 4 values, a list of 3 numbers is expected"),
        (json!([1, "2", 3]), "flat[1] is a text, a number is expected"),
        (json!([1, 2, null]), "flat[2] is null, a number is expected"),
        (json!([1, true, 3]), "flat[1] is a truth value, a number is expected"),
        (json!([[1, 2, 3]]), "flat has 1 values, 3 are expected"),
        (json!([[1], [2], [3]]), "flat[0] is a list, a number is expected"),
        (json!({"0": 1}), "flat is an object, a list of 3 numbers is expected"),
        (json!(7), "flat is a number, a list of 3 numbers is expected"),
        (json!("[1, 2]"), "flat has 2 values, a list of 3 numbers is expected"),
        (json!("1,2,3"), "flat is a text, a list of 3 numbers is expected"),
        (json!("[NaN, 1, 2]"), "flat is a text, a list of 3 numbers is expected"),
        (Value::Null, "flat is missing"),
    ] {
        assert_eq!(refused(&service, &json!({"flat": value})), expected, "{value}");
    }
    assert_eq!(
        refused(&service, &json!({"flat": good, "nested": [[1, 2], [3]]})),
        "nested[1] has 1 values, 2 are expected"
    );
    assert_eq!(
        refused(&service, &json!({"flat": [], "nested": [1, 2, 3], "told": [1], "more": [1]})),
        "flat has 0 values, a list of 3 numbers is expected; \
         nested has 3 values, a list of 2 x 2 numbers (4 values) is expected; \
         told: two numbers, please; more is not known"
    );
}

#[test]
fn callers_are_told_which_lists_are_taken() {
    let service = service(LISTS);
    let schema = service.request_schema();
    let list = |n: usize, items: Value| json!({"type": "array", "minItems": n, "maxItems": n, "items": items});
    let number = json!({"type": "number"});
    assert_eq!(schema["properties"]["flat"], list(3, number.clone()));
    // It is optional: null is as good as nothing, and so is what a form sends for it.
    let nothing = [json!({"type": "null"}), json!({"type": "string", "maxLength": 0})];
    let mut both = vec![list(4, number.clone()), list(2, list(2, number))];
    both.extend(nothing);
    assert_eq!(schema["properties"]["nested"], json!({"anyOf": both}));
    assert_eq!(schema["required"], json!(["flat"]));
    answer(&service, &service.example());
}

#[test]
fn lists_are_columns_of_rows_too() {
    let service = service(
        r#"
[request]
rows = "records"
[request.columns]
x = { type = "array", shape = [2, 2] }
[response]
sql = "SELECT json_group_array(json(x) ORDER BY rowid) FROM input"
"#,
    );
    let body = json!([{"x": [[1, 2], [3, 4]]}, {"x": [5, 6, 7, 8]}]);
    assert_eq!(answer(&service, &body), json!([[1, 2, 3, 4], [5, 6, 7, 8]]));
    assert_eq!(
        refused(&service, &json!([{"x": [1, 2, 3, 4]}, {"x": [[1, 2], [3, "4"]]}, {}])),
        "records[1].x[1][1] is a text, a number is expected; records[2].x is missing"
    );
}

#[test]
fn lists_that_cannot_be_are_told_when_a_bundle_is_opened() {
    let of = |field: &str| {
        let toml = format!("[request.fields]\nx = {field}\n[response]\nsql = \"SELECT '1'\"");
        wrong(&[("pythia.toml", &toml)])
    };
    let says = "an array says its length = n, or its shape = [n, m], of at most 1048576 values";
    for field in [
        "\"array\"",
        "{ type = \"array\" }",
        "{ type = \"array\", length = 0 }",
        "{ type = \"array\", shape = [1000000, 1000000] }",
        "{ type = \"array\", shape = [] }",
    ] {
        assert!(of(field).contains(says), "{field}: {}", of(field));
    }
    assert!(
        of("{ type = \"text\", length = 3 }").contains("only an array has a length or a shape")
    );
    let default = of("{ type = \"array\", length = 2, default = [1] }");
    assert!(
        default.contains("x.default has 1 values, a list of 2 numbers is expected"),
        "{default}"
    );
}

const DIRECT: &str = r#"
[request.fields]
features = { type = "array", shape = [60, 10] }
[[steps]]
model = "model.pth"
layers = "layers.toml"
scaler = "scaler.pkl"
window = "features"
"#;

#[test]
fn a_window_may_come_from_sql_and_from_other_models() {
    let direct = answer(&service(DIRECT), &json!({"features": days()}));
    assert!(direct["predictions"][0].is_f64(), "{direct}");
    // The same, with the scaler as a model of its own, which is asked for each day.
    let toml = r#"
[request]
rows = "windows"
[request.columns]
days = { type = "array", shape = [60, 10] }
[[steps]]
name = "each"
sql = """
SELECT input.rowid AS window, key AS day, (SELECT json_group_array(d.value ORDER BY d.key) FROM json_each(days) AS d WHERE d.key / 10 = k.key) AS features
FROM input, json_each((SELECT json_group_array(value) FROM json_each(days) WHERE key < 60)) AS k
ORDER BY window, day
"""
[[steps]]
name = "scaled"
model = "scaler.pkl"
window = "features"
output = "x"
[[steps]]
name = "joined"
sql = """
SELECT json_group_array(json_array(x_0, x_1, x_2, x_3, x_4, x_5, x_6, x_7, x_8, x_9) ORDER BY day) AS days
FROM scaled GROUP BY window ORDER BY window
"""
[[steps]]
model = "model.pth"
layers = "scaled.toml"
scaler = "scaler.pkl"
window = "days"
"#;
    let layers = fs::read_to_string(example("layers.toml")).unwrap();
    let layers = layers.replace("inputs = \"raw\"", "inputs = \"scaled\"");
    let service = open(&folder(&[("pythia.toml", toml), ("scaled.toml", &layers)])).unwrap();
    let other: Vec<f64> = days().iter().map(|x| x * 1.5 - 0.25).collect();
    let both = answer(&service, &json!({"windows": [{"days": days()}, {"days": other}]}));
    assert_eq!(both["predictions"][0], direct["predictions"][0]);
    let alone = answer(&service, &json!({"windows": [{"days": other}]}));
    assert_eq!(both["predictions"][1], alone["predictions"][0]);
    assert_ne!(both["predictions"][0], both["predictions"][1]);
}

#[test]
fn a_window_that_does_not_fit_is_refused_with_its_place() {
    let toml = r#"
[request.fields]
list = "text"
[[steps]]
model = "scaler.pkl"
window = "features"
output = "x"
[response]
sql = "SELECT json_array(x_0) FROM step_2"
"#;
    let steps = toml.replacen("[[steps]]", "[[steps]]\nsql = \"SELECT CASE list WHEN 'null' THEN NULL WHEN '7' THEN 7 ELSE list END AS features FROM request\"\n[[steps]]", 1);
    let service = service(&steps);
    let is_one = |list: &str| answer(&service, &json!({"list": list}))[0].is_f64();
    assert!(is_one("[1,2,3,4,5,6,7,8,9,10]"));
    let noun = "a list of 10 numbers is expected";
    for (list, expected) in [
        ("[1]", format!("step_1[0].features has 1 values, {noun}")),
        ("null", format!("step_1[0].features is null, {noun}")),
        ("7", format!("step_1[0].features is 7, {noun}")),
        ("x", format!("step_1[0].features is \"x\", {noun}")),
        ("{}", format!("step_1[0].features is an object, {noun}")),
        (
            "[1,2,3,\"4\",5,6,7,8,9,10]",
            "step_1[0].features[3] is a text, a number is expected".to_owned(),
        ),
    ] {
        assert_eq!(refused(&service, &json!({"list": list})), expected, "{list}");
    }
    // What is missing is NaN to the scaler, as in a table; in JSON it is null again.
    let missing = answer(&service, &json!({"list": "[null,2,3,4,5,6,7,8,9,10]"}));
    assert_eq!(missing, json!([null]));
}

#[test]
fn what_is_wrong_with_a_network_is_told_with_its_place() {
    let of = |toml: &str, layers: &str| wrong(&[("pythia.toml", toml), ("layers.toml", layers)]);
    let layers = fs::read_to_string(example("layers.toml")).unwrap();
    let in_step = |from: &str, to: &str| of(&DIRECT.replace(from, to), &layers);
    let in_layers = |from: &str, to: &str| of(DIRECT, &layers.replace(from, to));
    let model = "pythia.toml line 5, column 9: Failed to load model: model.pth: ";
    let cases = [
        (in_step("layers.toml", "absent.toml"), "pythia.toml line 6, column 10: ".to_owned()),
        (
            in_step("\"scaler.pkl\"", "\"scaler.pkl\"\nencoders = \"scaler.pkl\""),
            "pythia.toml line 8, column 12: a step has either layers or encoders".to_owned(),
        ),
        (
            in_step("window =", "part = \"a\"\nwindow ="),
            "pythia.toml line 8, column 8: a step has either layers or part: which state dict of a checkpoint".to_owned(),
        ),
        (
            in_step("window =", "features = [\"a\"]\nwindow ="),
            "pythia.toml line 8, column 12: a step has either window or features".to_owned(),
        ),
        (
            in_step("window = \"features\"", "window = \"days\""),
            "pythia.toml line 8, column 10: the request declares no days; it would be days = { type = \"array\", shape = [60, 10] }".to_owned(),
        ),
        (
            in_step("[60, 10]", "[10, 60]"),
            "pythia.toml line 8, column 10: the field features has the shape [10, 60], the model takes [60, 10] of it".to_owned(),
        ),
        (
            in_step("type = \"array\", shape = [60, 10]", "type = \"text\""),
            "pythia.toml line 8, column 10: features: the model takes a list of numbers".to_owned(),
        ),
        (
            in_step("layers = \"layers.toml\"\n", ""),
            "pythia.toml line 5, column 9: Failed to load model: model.pth: ".to_owned(),
        ),
        (
            in_step("scaler = \"scaler.pkl\"", "scaler = \"model.pth\""),
            "pythia.toml line 5, column 9: Failed to load model: model.pth: ".to_owned(),
        ),
        (
            in_layers("\"attention\"", "\"attenshun\""),
            "layers.toml line 9, column 1: unknown variant `attenshun`, expected one of `linear`, ".to_owned(),
        ),
        (
            in_layers("prefix = \"fc\"", "prefixes = \"fc\""),
            "layers.toml line 13, column 1: unknown field `prefixes`, expected `prefix`".to_owned(),
        ),
        (
            in_layers("window = [60, 10]", "window = [60, \"x\"]"),
            "layers.toml line 2, column 15: invalid type: string \"x\", expected usize".to_owned(),
        ),
        (in_layers("window = [60, 10]", "window = [60, 10"), "layers.toml line ".to_owned()),
        (
            in_layers("window = [60, 10]", "window = [60, 10]\nclasses = [\"a\"]"),
            "layers.toml line 3, column 12: classes has \"a\" alone, which every row would be answered".to_owned(),
        ),
        (
            in_layers("window = [60, 10]", "window = [60, 10]\nclasses = [\"a\", \"b\", \"a\"]"),
            "layers.toml line 3, column 22: classes has \"a\" twice".to_owned(),
        ),
        (
            in_layers("window = [60, 10]", "window = [60, 10]\nclasses = [1, \"b\"]"),
            "layers.toml line 3, column 15: classes are of several types".to_owned(),
        ),
        (
            of(DIRECT, "window = [60, 10]\n"),
            format!("{model}$ has no layers: [[layers]] of the declaration are missing"),
        ),
        (
            in_layers("\"fc\"", "\"fx\""),
            format!("{model}layers.toml line 13, column 1: $ has no tensor fx.weight, which layer 3 (linear \"fx\") needs; it has "),
        ),
        (
            in_layers("window = [60, 10]", "window = [60, 9]"),
            format!("{model}layers.toml line 5, column 1: "),
        ),
        (
            in_layers("[[layers]]\nkind = \"attention\"\nprefix = \"attention.attention\"\n", ""),
            format!("{model}$[\"attention.attention.bias\"] is used by no layer"),
        ),
    ];
    for (text, expected) in cases {
        assert!(text.starts_with(&expected), "expected {expected}\nfound    {text}");
    }
}

#[test]
fn a_sequential_saved_whole_takes_its_window_from_a_declaration_alone() {
    let golden = "../estimators/src/torch/network.golden/windowed_sequential-2.15.0";
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(golden);
    let toml = "[request.fields]\nx = { type = \"array\", shape = [2, 3] }\n[[steps]]\nmodel = \"model.pth\"\nlayers = \"layers.toml\"\n\
                window = \"x\"\noutput = \"y\"\n[response]\nsql = \"SELECT json_object('y', y) FROM step_1\"\n";
    let folder = common::folder(&[("pythia.toml", toml)]);
    for name in ["model.pth", "layers.toml"] {
        fs::copy(golden.join(name), folder.path().join(name)).unwrap();
    }
    let service = open(&folder).unwrap();
    let second = |name: &str| {
        fs::read_to_string(golden.join(name)).unwrap().lines().nth(1).unwrap().to_owned()
    };
    let row: Vec<f64> = second("rows.csv").split(',').map(|it| it.parse().unwrap()).collect();
    let want: f64 = second("want.csv").parse().unwrap();
    let found = answer(&service, &json!({"x": row}))["y"].as_f64().unwrap();
    assert!((found - want).abs() <= 1e-6 * want.abs(), "{found} and PyTorch's {want}");
    fs::remove_file(folder.path().join("layers.toml")).unwrap();
    common::write(&folder, &[("pythia.toml", &toml.replace("layers = \"layers.toml\"\n", ""))]);
    let told = open(&folder).unwrap_err().to_string();
    assert!(told.contains("say it in a declaration: window = [steps, features]"), "{told}");
}

#[test]
fn a_changed_declaration_is_read_anew() {
    let folder = folder(&[("pythia.toml", DIRECT)]);
    let service = open(&folder).unwrap();
    let body = json!({"features": days()});
    let first = answer(&service, &body);
    let layers = fs::read_to_string(example("layers.toml")).unwrap();
    fs::write(
        folder.path().join("layers.toml"),
        layers.replacen("[[layers]]", "target = false\n[[layers]]", 1),
    )
    .unwrap();
    assert!(service.refresh().unwrap());
    assert_ne!(answer(&service, &body), first);
    fs::write(folder.path().join("layers.toml"), "layers = []").unwrap();
    assert!(service.refresh().is_err());
    assert_ne!(answer(&service, &body), first, "what was read last still answers");
}
