//! Tables beside a model: pickled dicts, Series and encoders.

use std::fs;
use std::path::Path;

use crate::runs::{Folder, fails, pythia, stdout};

fn case(name: &str) -> String {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../estimators/src/tables/lookup.golden");
    folder.join(name).join("model.pkl").display().to_string()
}

#[test]
fn a_series_looks_up_the_column_of_its_index_or_the_one_chosen() {
    let folder = Folder::new();
    let table = case("series_of_integers-1.9.1");
    let data = folder.write("data.csv", "year,n\n2007,1\n02008,2\n2007.0,3\nlate,4\n,5\n");
    let out = folder.text("out.csv");
    for more in [&[][..], &["-f", "year"]] {
        let run =
            pythia(&[&["predict", &table, &data, "-o", &out, "-c", "count", "-q"], more].concat());
        assert!(run.status.success(), "{run:?}");
        let text = fs::read_to_string(&out).unwrap();
        let answers: Vec<&str> =
            text.lines().filter_map(|it| it.rsplit_once(',')).map(|it| it.1).collect();
        assert_eq!(answers, ["count", "19.0", "20.0", "19.0", "", ""], "{text}");
    }
    let other = folder.write("other.csv", "when,n\n2007,1\n");
    let run = pythia(&["predict", &table, &other, "-o", "-", "-f", "when"]);
    assert_eq!(stdout(&run), "when,n,prediction\n2007,1,19.0\n");
    let text = fails(&["predict", &table, &other, "-o", "-"], 5);
    assert!(text.contains("Name the 1 with --features"), "{text}");
    let single = folder.write("single.csv", "when\n2009\n");
    let run = pythia(&["predict", &table, &single, "-o", "-"]);
    assert_eq!(stdout(&run), "when,prediction\n2009,21.0\n");
}

#[test]
fn inspect_says_what_a_table_holds() {
    let page = stdout(&pythia(&["inspect", &case("object_of_a_module-1.9.1")]));
    for part in [
        "my_pkg.encoders.Slotted\n  methods: transform\n  takes: 1 column\n",
        "  keys: text, 3 in all\n  values: float\n  an unknown key: ",
        "  rows: Biscoe -> ",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let json = stdout(&pythia(&["inspect", "--json", &case("series_of_integers-1.9.1")]));
    let table = serde_json::from_str::<serde_json::Value>(&json).unwrap()["root"]["table"].clone();
    assert_eq!(table["keys"], serde_json::json!([{"name": "year", "kind": "int"}]));
    assert_eq!((&table["n_rows"], &table["default"]), (&3.into(), &serde_json::Value::Null));
    let text = stdout(&pythia(&["inspect", &case("series_of_labels_twice-1.9.1")]));
    assert!(text.contains("has the label Dream twice"), "{text}");
}
