//! `pythia check` of bundles of which a part fails for the example: the part is named, with its place.

use std::fs;

use crate::runs::{Folder, example, pythia};

/// What `check` says of a bundle that is wrong, and its exit code.
fn check(toml: &str) -> (Option<i32>, String) {
    let folder = Folder::new();
    folder.write("pythia.toml", toml);
    fs::copy(example("air_time.pkl"), folder.path("model.pkl")).unwrap();
    let run = pythia(&["check", &folder.text("")]);
    (run.status.code(), String::from_utf8(run.stderr).unwrap())
}

#[test]
fn a_step_that_fails_for_the_example_is_named_with_its_place() {
    for (toml, want) in [
        (
            "[[steps]]\nname = \"z\"\nsql = \"SELECT zeroblob(4) AS z\"\n[response]\nsql = \"SELECT count(*) FROM z\"\n",
            "pythia.toml line 3, column 7: step z fails for an example that is made of what is known: the result holds bytes; \
             numbers or text are expected; if it is the example's fault, request.example says a better one\n",
        ),
        (
            "[request]\nexample = { n = 1 }\n[request.fields]\nn = \"integer\"\n[[steps]]\nsql = \"SELECT n FROM request\"\n\
             [[steps]]\nsql = \"SELECT CAST('x' AS BLOB) AS n\"\n[response]\nsql = \"SELECT 1\"\n",
            "pythia.toml line 8, column 7: step step_2 fails for the example: the result holds bytes; numbers or text are \
             expected\n",
        ),
        (
            "[request]\nexample = { n = 1 }\n[request.fields]\nn = \"integer\"\n[response]\nsql = \"SELECT zeroblob(n) FROM request\"\n",
            "pythia.toml line 6, column 7: the response fails for the example: the result holds bytes; numbers or text are \
             expected\n",
        ),
        (
            "[request]\nexample = { n = 1 }\n[request.fields]\nn = \"integer\"\n[response]\nsql = \"SELECT refuse('n is odd') FROM request\"\n",
            "pythia.toml line 6, column 7: the response fails for the example: n is odd\n",
        ),
    ] {
        assert_eq!(check(toml), (Some(2), format!("error: {want}")));
    }
}

#[test]
fn a_model_that_refuses_the_examples_rows_is_named_with_its_place() {
    let columns = "month hour plane_year seats temp humid wind_speed pressure visib distance carrier origin dest manufacturer";
    let select = |last: &str| {
        let mut all: Vec<String> = columns.split(' ').map(|it| format!("1 AS {it}")).collect();
        all[0] = format!("{last} AS month");
        all.join(", ")
    };
    let toml = |month: &str| {
        format!(
            "[request]\nexample = {{}}\n[[steps]]\nname = \"x\"\nsql = \"SELECT {}\"\n[[steps]]\nname = \"priced\"\nmodel = \
             \"model.pkl\"\n",
            select(month)
        )
    };
    let (code, said) = check(&toml("'2020-01-01'"));
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.starts_with(
            "error: pythia.toml line 8, column 9: step priced fails for the example: "
        ),
        "{said}"
    );
    assert!(!said.contains("request.example"), "{said}");
}

#[test]
fn the_file_of_a_broken_example_is_named() {
    let folder = Folder::new();
    folder
        .write("pythia.toml", "[request]\nexample = \"ex.json\"\n[response]\nsql = \"SELECT 1\"\n");
    folder.write("ex.json", "{\"n\":\n }");
    let run = pythia(&["check", &folder.text("")]);
    assert_eq!(
        String::from_utf8(run.stderr).unwrap(),
        "error: pythia.toml line 2, column 11: the example: ex.json line 2, column 2: expected value\n"
    );
}

#[test]
fn fields_that_no_value_could_be_are_told_with_their_places() {
    let toml = r#"[request.fields]
a = { type = "array", length = 2, one_of = [[0, 1]], optional = true }
b = { type = "integer", min = 5, one_of = [1, 7, 2], optional = true }
c = { type = "text", one_of = [], optional = true }
d = { type = "text", min = 3, max = 5, optional = true }
e = { type = "any", min = 1, optional = true }
f = { type = "boolean", max = true, optional = true }
g = { type = "date", min = "2020-01-01", one_of = ["2019-12-31"], optional = true }
h = { type = "datetime", min = "2020-01-01T12:00Z", max = "2020-01-01T13:00+02:00", optional = true }
[response]
sql = "SELECT 1"
"#;
    let (code, said) = check(toml);
    let wants = [
        "error: pythia.toml line 2, column 44: a.one_of: an array is not one of some",
        "pythia.toml line 3, column 43: b.one_of is 1, at least 5 is expected",
        "pythia.toml line 3, column 43: b.one_of is 2, at least 5 is expected",
        "pythia.toml line 4, column 31: c.one_of has no value",
        "pythia.toml line 5, column 28: d.min: integers, numbers, dates and datetimes alone have bounds",
        "pythia.toml line 5, column 37: d.max: integers, numbers, dates and datetimes alone have bounds",
        "pythia.toml line 6, column 27: e.min: integers, numbers, dates and datetimes alone have bounds",
        "pythia.toml line 7, column 31: f.max: integers, numbers, dates and datetimes alone have bounds",
        "pythia.toml line 8, column 51: g.one_of is \"2019-12-31\", at least 2020-01-01 is expected",
        "pythia.toml line 9, column 32: h.min is 2020-01-01T12:00Z, which is more than max = 2020-01-01T13:00+02:00",
    ];
    assert_eq!((code, said.lines().collect::<Vec<_>>()), (Some(2), wants.to_vec()));
}
