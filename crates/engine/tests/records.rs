//! Rows in memory get the answers that the same rows get in a table.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use engine::records::InputKind;
use engine::{
    Columns, Context, CsvOptions, Location, Method, RowInputs, RowModel, Service, Settings,
};
use serde_json::{Map, Value, json};

fn flights(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/flights").join(file)
}

fn inputs(file: &str) -> RowInputs {
    RowInputs::of_model(Location::Local(flights(file)))
}

fn model(file: &str) -> RowModel {
    RowModel::load(&inputs(file), &Settings::default()).unwrap()
}

fn service() -> Service {
    Service::of_model(inputs("model.pkl"), &Settings::default()).unwrap()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(flights(file)).unwrap()
}

/// The column of a CSV that has no quotes.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut lines = csv.lines();
    let at = lines.next().unwrap().split(',').position(|it| it == name).unwrap();
    lines.map(|it| it.split(',').nth(at).unwrap().to_owned()).collect()
}

/// The rows as JSON, numbers as numbers.
fn records(csv: &str) -> Vec<Value> {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cell = |it: &str| match (it, it.parse::<i64>(), it.parse::<f64>()) {
        ("", ..) => Value::Null,
        (_, Ok(it), _) => json!(it),
        (_, _, Ok(it)) => json!(it),
        (it, ..) => json!(it),
    };
    let record = |line: &str| {
        let cells = names.iter().zip(line.split(','));
        Value::Object(cells.map(|(name, it)| ((*name).to_owned(), cell(it))).collect())
    };
    lines.map(record).collect()
}

#[test]
fn records_get_the_answers_of_the_table_they_are_from() {
    let (model, minutes) = (model("model.pkl"), model("air_time.pkl"));
    let csv = read("data.csv");
    let expected = read("expected.csv");
    let of_csv = Columns::of_csv("data", csv.as_bytes()).unwrap();
    let records = records(&csv);
    let of_records = Columns::of_records("records", &records).unwrap();
    for columns in [&of_csv, &of_records] {
        let found = model.predict(columns, None).unwrap().predictions();
        let want: Vec<Value> = column(&expected, "arrival").into_iter().map(Value::from).collect();
        assert_eq!(found, want);
        let found = model.predict(columns, Some(Method::PredictProba)).unwrap();
        assert_eq!(found.names(), ["prediction_late", "prediction_punctual"]);
        let late = column(&expected, "arrival_late");
        for (found, want) in found.predictions().iter().zip(late) {
            assert_eq!(found[0].as_f64(), want.parse().ok());
        }
        let found = minutes.predict(columns, None).unwrap().predictions();
        let want = column(&expected, "air_minutes");
        assert!(found.iter().zip(want).all(|(found, want)| found.as_f64() == want.parse().ok()));
    }
    for (index, record) in records.iter().enumerate().step_by(97) {
        let one = Columns::of_records("records", std::slice::from_ref(record)).unwrap();
        let found = minutes.predict(&one, None).unwrap().predictions();
        assert_eq!(found[0].as_f64(), column(&expected, "air_minutes")[index].parse().ok());
    }
}

#[test]
fn a_model_says_what_it_takes() {
    let model = model("model.pkl");
    let inputs = model.inputs();
    assert_eq!((inputs[0].name.as_str(), inputs[0].kind), ("month", InputKind::Number));
    assert_eq!((inputs[10].name.as_str(), inputs[10].kind), ("carrier", InputKind::Text));
    let card = model.card();
    assert_eq!(card.class, "sklearn.pipeline.Pipeline");
    assert_eq!(card.classes, [["late", "punctual"]]);
    assert_eq!((card.n_features, card.method), (14, Method::Predict));
}

fn refused(body: &Value) -> String {
    service().answer(body, &Context::new("test")).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_with_records_is_told_at_once() {
    let mut record = records(&read("data.csv"))[0].clone();
    assert_eq!(refused(&json!("x")), "Payload must be a JSON object or array");
    assert_eq!(refused(&json!({})), "No records provided in payload");
    assert_eq!(refused(&json!({"records": []})), "No records provided in payload");
    assert_eq!(refused(&json!({"records": 3})), "records must be a list of objects");
    assert!(refused(&json!([{"month": 1}, 3, "x"])).starts_with(
        "records[1] is a number, an object is expected; records[2] is a text, an object is expected; \
         Missing required feature columns: hour, "
    ));
    record["month"] = json!("soon");
    record["hour"] = json!("x".repeat(100));
    let text = refused(&json!({"records": [record]}));
    let (first, second) = text.split_once("; ").unwrap();
    assert_eq!(first, "records[0].month: \"soon\" is not a number");
    assert!(
        second.starts_with("records[0].hour: \"xxx") && second.chars().count() < 100,
        "{second}"
    );
    record["month"] = json!([1]);
    record["hour"] = json!({"a": 1});
    assert_eq!(
        refused(&json!({"records": [record]})),
        "records[0].month is a list, a number, text or truth value is expected; \
         records[0].hour is an object, a number, text or truth value is expected"
    );
    record["hour"] = json!("late");
    assert_eq!(
        refused(&json!({"records": [record]})),
        "records[0].month is a list, a number, text or truth value is expected; \
         records[0].hour: \"late\" is not a number"
    );
    record.as_object_mut().unwrap().remove("month");
    record.as_object_mut().unwrap().remove("dest");
    record["hour"] = json!(3);
    assert_eq!(refused(&json!([record])), "Missing required feature columns: month, dest");
}

#[test]
fn a_model_without_names_takes_the_ones_that_its_card_gives_and_else_the_order() {
    let golden =
        "../estimators/src/sklearn/linear_model/linear_regression.golden/three_targets-1.9.1";
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(golden);
    let want = std::fs::read_to_string(golden.join("want.csv")).unwrap();
    let want: Vec<f64> =
        want.lines().nth(1).unwrap().split(',').map(|it| it.parse().unwrap()).collect();
    let inputs = RowInputs::of_model(Location::Local(golden.join("model.pkl")));
    let service = Service::of_model(inputs, &Settings::default()).unwrap();
    let answer = |body: Value| service.answer(&body, &Context::new("test"));
    for record in [
        json!([5.0, 162.0, 60.0]),
        json!({"0": 5.0, "1": 162.0, "2": 60.0}),
        json!({"2": 60.0, "0": 5.0, "more": "x", "1": 162.0}),
        json!({"x": 5.0, "a": 162.0, "1": 60.0}),
    ] {
        let found = answer(json!({"records": [record.clone()]})).unwrap();
        assert_eq!(found["predictions"], json!([want]), "{record}");
    }
    assert_eq!(
        answer(json!([{"a": 1, "b": 2}])).unwrap_err().to_string(),
        "The model takes 3 columns and does not know their names; there are 2: a, b. \
         Give rows as lists of 3, or name the columns 0 to 2"
    );
}

#[test]
fn a_model_alone_answers_records() {
    let service = service();
    assert_eq!(service.name(), "model");
    let records = records(&read("data.csv"));
    let answer = service.answer(&json!({"records": &records[..3]}), &Context::new("test")).unwrap();
    let want: Vec<String> = column(&read("expected.csv"), "arrival").into_iter().take(3).collect();
    assert_eq!(answer, json!({"predictions": want, "count": 3}));
    assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["predictions", "count"]);
    let context = Context::new("test");
    assert_eq!(service.answer(&records[0], &context).unwrap()["count"], 1);
    assert!(service.answer(&service.example(), &context).is_ok());
    let schema = service.request_schema();
    assert_eq!(schema["properties"]["records"]["items"]["required"].as_array().unwrap().len(), 14);
}

#[test]
fn records_of_many_keys_take_no_memory() {
    let record = |at: usize| Value::Object(Map::from_iter([(format!("k{at}"), json!(1))]));
    let records: Vec<Value> = (0..100_000).map(record).collect();
    let err = Columns::of_records("records", &records).unwrap_err();
    assert_eq!(err.to_string(), "records have 11 different keys, which is too many");
    let wide: Map<String, Value> = (0..100_000).map(|it| (format!("k{it}"), json!(it))).collect();
    let columns = Columns::of_records("records", &[Value::Object(wide)]).unwrap();
    assert_eq!(columns.names().len(), 100_000);
}

#[test]
fn columns_come_in_any_form() {
    let lists = json!({"a": [1, 2.5], "b": ["x", null]});
    let of_lists = Columns::of_lists("inputs", lists.as_object().unwrap()).unwrap();
    assert_eq!(
        (of_lists.names(), of_lists.n_rows()),
        (["a".to_owned(), "b".to_owned()].as_slice(), 2)
    );
    let rows = json!([[1, "x"], [2.5, null]]);
    let of_rows =
        Columns::of_rows("data", Some(&["a".to_owned(), "b".to_owned()]), rows.as_array().unwrap())
            .unwrap();
    assert_eq!(of_rows.column(1), of_lists.column(1));
    let err =
        Columns::of_rows("data", None, json!([[1, 2], [3], 4]).as_array().unwrap()).unwrap_err();
    assert_eq!(
        err.to_string(),
        "data[1] has 1 values, expected 2; data[2] is a number, a list is expected"
    );
    let err = Columns::of_lists("inputs", json!({"a": [1], "b": [1, 2]}).as_object().unwrap())
        .unwrap_err();
    assert_eq!(err.to_string(), "inputs: column b has 2 rows, others have 1");
}

#[test]
fn a_model_that_was_replaced_answers_after_a_refresh() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.pkl");
    std::fs::copy(flights("model.pkl"), &path).unwrap();
    let inputs = RowInputs::of_model(Location::Local(path.clone()));
    let service = Service::of_model(inputs, &Settings::default()).unwrap();
    assert!(!service.refresh().unwrap());
    let record = records(&read("data.csv"))[0].clone();
    let answer = |service: &Service| service.answer(&record, &Context::new("test")).unwrap();
    assert!(answer(&service)["predictions"][0].is_string());
    std::fs::copy(flights("air_time.pkl"), &path).unwrap();
    assert!(service.refresh().unwrap());
    assert!(answer(&service)["predictions"][0].is_number());
    std::fs::write(&path, "no model").unwrap();
    assert!(service.refresh().is_err());
    assert!(answer(&service)["predictions"][0].is_number());
}

fn csv_options(column: &str, method: Option<Method>) -> CsvOptions {
    CsvOptions { column: Some(column.to_owned()), method, max_bytes: 1 << 20, deadline: None }
}

#[test]
fn a_csv_gets_the_answers_behind_its_own_bytes() {
    let (model, data, want) = (model("model.pkl"), read("data.csv"), read("expected.csv"));
    let (got, report) =
        model.predict_csv(data.clone().into_bytes(), &csv_options("arrival", None)).unwrap();
    let got = String::from_utf8(got).unwrap();
    assert_eq!(report.n_rows, 2000);
    for ((line, own), want) in
        got.lines().skip(1).zip(data.lines().skip(1)).zip(column(&want, "arrival"))
    {
        assert_eq!(line, format!("{own},{want}"));
    }
    let options = csv_options("arrival", Some(Method::PredictProba));
    let (got, report) = model.predict_csv(data.into_bytes(), &options).unwrap();
    let got = String::from_utf8(got).unwrap();
    assert_eq!(report.columns, ["arrival_late", "arrival_punctual"]);
    assert_eq!(column(&got, "arrival_late"), column(&want, "arrival_late"));
}

#[test]
fn a_csv_that_is_refused_names_the_line_and_one_of_many_answers_is_bounded() {
    let model = model("model.pkl");
    let refused = |data: &str, options: &CsvOptions| {
        model.predict_csv(data.as_bytes().to_vec(), options).unwrap_err().to_string()
    };
    let data = read("data.csv");
    let mut lines: Vec<&str> = data.lines().collect();
    let wrong = lines[17].replacen(",1,", ",first,", 1);
    lines[17] = &wrong;
    let text = refused(&lines.join("\n"), &CsvOptions { max_bytes: 1 << 20, ..Default::default() });
    assert_eq!(
        text,
        "Failed to generate predictions: table line 18, column month: \"first\" is not a number"
    );
    assert_eq!(
        refused(&data, &CsvOptions { max_bytes: 100_000, ..Default::default() }),
        "The answer would be larger than 100000 bytes: send fewer rows"
    );
    assert_eq!(refused(lines[0], &csv_options("a", None)), "Input data is empty");
    assert!(
        refused(&data, &csv_options("a", Some(Method::Transform)))
            .contains("has no method transform")
    );
}

#[test]
fn a_model_that_is_out_of_time_stops_and_one_that_is_not_gives_the_same_bits() {
    use std::time::{Duration, Instant};

    let model = model("air_time.pkl");
    let rows: Vec<Value> = records(&read("data.csv")).into_iter().cycle().take(3000).collect();
    let columns = Columns::of_records("records", &rows).unwrap();
    let at_once = model.predict(&columns, None).unwrap().predictions();
    let end = Some(Instant::now() + Duration::from_secs(600));
    assert_eq!(model.predict_until(end, &columns, None).unwrap().predictions(), at_once);
    let err = model.predict_until(Some(Instant::now()), &columns, None).unwrap_err();
    assert_eq!(err.to_string(), "the model takes longer than is allowed");
    assert_eq!(err.category(), engine::Category::Late);
    // The row that is refused is named as it is counted in the request.
    let mut wrong = rows;
    wrong[2999]["distance"] = json!("far");
    let columns = Columns::of_records("records", &wrong).unwrap();
    let err = model.predict_until(end, &columns, None).unwrap_err().to_string();
    assert_eq!(err, "records[2999].distance: \"far\" is not a number");
}

#[test]
fn csv_that_is_not_utf_8_is_refused_with_its_line_and_column() {
    let err = Columns::of_csv("data", b"n,city\n1,Bern\n2,Z\xfcrich\n").unwrap_err();
    let want = "Failed to load data: data line 3, column city: it is not UTF-8";
    assert_eq!((err.category(), err.to_string().as_str()), (engine::Category::Data, want));
}
