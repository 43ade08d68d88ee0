//! Examples that services make up are answered, and say what models and tables know.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::{Columns, Context, Location, RowInputs, RowModel, Service, Settings};
use serde_json::json;

fn goldens(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        if entry.is_dir() {
            goldens(&entry, found);
        } else if entry.file_name().is_some_and(|it| it == "model.pkl") {
            found.push(entry);
        }
    }
}

fn model(file: &Path) -> Result<RowModel, engine::Error> {
    RowModel::load(&RowInputs::of_model(Location::Local(file.to_owned())), &Settings::default())
}

/// Classes whose example may be refused: what they take no file tells.
const EXCEPT: [&str; 6] = [
    "radius_neighbors_classifier", // a row near one of training
    "patch_extractor",             // an image
    "additive_chi2_sampler",
    "count_encoder", // a table with the columns it encodes; it names no others
    "one_hot_encoder",
    "tfidf_transformer",
];

#[test]
fn what_a_model_says_it_takes_it_answers() {
    let mut all = Vec::new();
    goldens(&estimators(), &mut all);
    let (mut answered, mut known, mut refused) = (0, 0, Vec::new());
    for path in all {
        let Ok(model) = model(&path) else { continue };
        let is_known =
            |it: &engine::records::Input| it.typical.is_some() || !it.categories.is_empty();
        known += usize::from(model.inputs().iter().any(is_known));
        let columns = Columns::of_records("r", &[json!(model.example())]).unwrap();
        match model.predict(&columns, None) {
            Ok(_) => answered += 1,
            Err(err) if !EXCEPT.iter().any(|it| path.to_string_lossy().contains(it)) => {
                refused.push(format!("{}: {err}: {}", path.display(), json!(model.example())));
            }
            Err(_) => {}
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(6000 < answered && 2000 < known, "{answered} answered, {known} know something");
}

fn estimators() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../estimators/src")
}

fn examples(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// The categories of a golden model's input, and whether others are refused.
fn categories(golden: &str, input: &str) -> (String, bool) {
    let model = model(&estimators().join(golden).join("model.pkl")).unwrap();
    let found = model.inputs().iter().find(|it| it.name == input).unwrap();
    (found.categories.join(" "), found.is_closed)
}

#[test]
fn categories_are_those_of_training_wherever_a_model_keeps_them() {
    let islands = "Biscoe Dream Torgersen";
    let hist = "sklearn/ensemble/hist_gradient_boosting/hist_gradient_boosting_classifier.golden";
    for (golden, input, want, is_closed) in [
        (
            "sklearn/pipeline/pipeline_steps.golden/passthrough_of_texts_to_an_encoder-1.9.1",
            "island",
            islands,
            true,
        ),
        (
            "sklearn/pipeline/pipeline_steps.golden/numbers_and_texts_in_one_imputer-1.9.1",
            "year",
            "2007 2008 2009",
            false,
        ),
        (&format!("{hist}/categories_of_text-1.9.1"), "island", islands, false),
        (
            "xgboost/xgb_regressor.golden/named_categories-3.2.0",
            "tree",
            "alder birch cedar elm fir oak yew",
            false,
        ),
    ] {
        assert_eq!(categories(golden, input), (want.to_owned(), is_closed), "{golden}");
    }
    // One that holds numbers as categories is asked for numbers.
    let golden = estimators().join("xgboost/xgb_regressor.golden/named_categories-3.2.0/model.pkl");
    let example = model(&golden).unwrap().example().clone();
    assert_eq!((&example["tree"], &example["code"]), (&json!("alder"), &json!(0)));
    // LightGBM, in a bundle too.
    let inputs = RowInputs::of_model(Location::Local(examples("flights/model.pkl")));
    let service = Service::of_model(inputs, &Settings::default()).unwrap();
    let record = &service.request_schema()["properties"]["records"]["items"]["properties"];
    assert_eq!(record["origin"]["examples"], json!(["EWR", "JFK", "LGA"]));
    assert_eq!(record["carrier"]["examples"].as_array().unwrap().len(), 16);
    assert_eq!(
        service.example().to_string(),
        r#"{"records":[{"month":7,"hour":13,"distance":872,"plane_year":2002,"seats":149,"temp":57.2,"humid":57.2,"wind_speed":10.36,"pressure":1018,"visib":10,"carrier":"9E","origin":"EWR","dest":"ABQ","manufacturer":"AGUSTA SPA"}]}"#
    );
    service.answer(&service.example(), &Context::new("test")).unwrap();
}

/// A bundle of the examples, without the example that it declares.
fn bundle_without_example(name: &str) -> Service {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(examples(name)).unwrap().map(|it| it.unwrap().path()) {
        if file.is_file() {
            fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let text = fs::read_to_string(examples(name).join("pythia.toml")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|it| !it.starts_with("example")).collect();
    assert_eq!(lines.len() + 1, text.lines().count());
    fs::write(folder.path().join("pythia.toml"), lines.join("\n")).unwrap();
    Service::open(&Location::Local(folder.path().to_owned()), &Settings::default()).unwrap()
}

#[test]
fn a_bundle_makes_its_example_of_tables_and_models() {
    let service = bundle_without_example("housing");
    let example = service.example();
    // The first key of the counts, the encoder's first category, the middle of the forest's thresholds.
    let want = json!({"records": [{
        "zipcode": "North_Ames", "city_full": "One_and_Half_Fin", "living_area": 1799.0, "lot_area": 12020.0, "rooms": 7.5,
        "baths": 2.5, "year_built": 1994.0, "cars": 2.0, "fireplaces": 0.0,
    }]});
    assert_eq!(example, want);
    let answer = service.answer(&example, &Context::new("test")).unwrap();
    assert!(
        (100_000.0..400_000.0).contains(&answer["predictions"][0].as_f64().unwrap()),
        "{answer}"
    );
    let record = &service.request_schema()["properties"]["records"]["items"]["properties"];
    assert_eq!(record["zipcode"]["examples"].as_array().unwrap().len(), 28);
    assert_eq!(record["city_full"]["examples"][1], "One_Story");

    // What SQL makes is described as the answer to the example has it.
    let list = json!({"type": ["array", "null"], "items": {"type": ["number", "null"]}});
    let number = json!({"type": ["number", "null"]});
    let texts = json!({"type": ["array", "null"], "items": {"type": ["string", "null"]}});
    let want = json!({"type": "object", "properties": {
        "predictions": list, "count": number, "warnings": texts,
    }});
    assert_eq!(service.response_schema(), want);

    let schedule = bundle_without_example("schedule");
    let results = &schedule.response_schema()["properties"]["results"];
    assert_eq!(results["type"], json!(["array", "null"]));
    assert!(schedule.answer(&schedule.example(), &Context::new("test")).is_ok());
}

#[test]
fn the_records_service_makes_its_example_of_its_files() {
    let file = |name: &str| Location::Local(examples("housing").join(name));
    let keys = engine::ArtifactKeys {
        model: file("model.pkl"),
        freq_encoder: Some(file("freq_encoder.pkl")),
        target_encoder: Some(file("target_encoder.pkl")),
        train_features: Some(file("train_features.csv")),
        target: "price".to_owned(),
    };
    let service = Service::of_artifacts(keys, &Settings::default()).unwrap();
    let example = service.example();
    assert_eq!(
        example.to_string(),
        r#"{"records":[{"date":"2025-10-20","zipcode":"North_Ames","city_full":"One_and_Half_Fin","living_area":1799,"lot_area":12020,"rooms":7.5,"baths":2.5,"year_built":1994,"cars":2,"fireplaces":0}]}"#
    );
    let answer = service.answer(&example, &Context::new("test")).unwrap();
    assert!(answer.get("warnings").is_none(), "{answer}");
    let record = &service.request_schema()["properties"]["records"]["items"]["properties"];
    assert_eq!(record["zipcode"]["examples"].as_array().unwrap().len(), 28);
}

#[test]
fn fields_take_what_their_type_allows_of_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let toml = r#"
[request.fields]
place = "text"
code = "integer"
day = { type = "date", default = "today" }
size = { type = "number", default = 2 }
kind = { type = "text", one_of = ["b", "a"] }
other = { type = "text", optional = true }
[tables]
places = { file = "places.csv", types = { place = "text" }, index = ["place"] }
[response]
sql = "SELECT json_object('n', (SELECT count(*) FROM places WHERE places.place = request.place), 'code', code) FROM request"
"#;
    fs::write(folder.path().join("pythia.toml"), toml).unwrap();
    fs::write(folder.path().join("places.csv"), "place,code\n02139,no number\n10001,7\n02139,8\n")
        .unwrap();
    let location = Location::Local(folder.path().to_owned());
    let service = Service::open(&location, &Settings::default()).unwrap();
    let example = service.example();
    assert_eq!(example, json!({"place": "02139", "code": 0, "size": 2.0, "kind": "b"}));
    let answer = service.answer(&example, &Context::new("test")).unwrap();
    assert_eq!(answer, json!({"n": 2, "code": 0}));
    let schema = service.request_schema();
    assert_eq!(schema["properties"]["place"]["examples"], json!(["02139", "10001"]));
    assert_eq!(schema["properties"]["kind"], json!({"type": "string", "enum": ["b", "a"]}));
    let whole = json!([{"type": "integer"}, {"type": "string", "pattern": "^[+-]?[0-9]{1,18}$"}]);
    assert_eq!(schema["properties"]["code"], json!({"anyOf": whole}));
    assert_eq!(schema["properties"]["other"], json!({"type": ["string", "number", "null"]}));
}

#[test]
fn rows_in_parts_get_the_answers_of_all_at_once() {
    let mut all = Vec::new();
    goldens(&estimators(), &mut all);
    all.sort();
    let end = Some(Instant::now() + Duration::from_secs(3600));
    let mut n_compared = 0;
    for path in all.iter().step_by(23) {
        let Ok(model) = model(path) else { continue };
        let rows = vec![json!(model.example()); 1100];
        let columns = Columns::of_records("r", &rows).unwrap();
        let Ok(at_once) = model.predict(&columns, None) else { continue };
        let in_parts = model.predict_until(end, &columns, None).unwrap();
        assert_eq!(in_parts.predictions(), at_once.predictions(), "{}", path.display());
        n_compared += 1;
    }
    assert!(200 < n_compared, "{n_compared}");
}

#[test]
fn a_schema_says_what_may_be_missing_and_which_texts_are_numbers() {
    let service = |golden: &str| {
        let file = Location::Local(estimators().join(golden).join("model.pkl"));
        Service::of_model(RowInputs::of_model(file), &Settings::default()).unwrap()
    };
    let of = |service: &Service, name: &str| {
        service.request_schema()["properties"]["records"]["items"]["properties"][name].clone()
    };
    // An encoder that refuses what it does not know takes its categories alone.
    let closed =
        service("sklearn/pipeline/pipeline_steps.golden/passthrough_of_texts_to_an_encoder-1.9.1");
    let want = json!({"type": ["string"], "enum": ["Biscoe", "Dream", "Torgersen"]});
    assert_eq!(of(&closed, "island"), want);
    let hist = "sklearn/ensemble/hist_gradient_boosting/hist_gradient_boosting_classifier.golden";
    let open = service(&format!("{hist}/categories_of_text-1.9.1"));
    let year = of(&open, "year");
    assert_eq!(year["anyOf"][0], json!({"type": ["number", "boolean", "null"]}));
    assert_eq!(year["anyOf"][1]["type"], "string");
    assert_eq!(of(&open, "island")["type"], json!(["string", "number", "boolean", "null"]));
    // What a model does not take may be anything.
    let mut body = open.example();
    body["records"][0]["beside"] = json!([{"x": null}]);
    assert!(open.answer(&body, &Context::new("test")).is_ok());
}
