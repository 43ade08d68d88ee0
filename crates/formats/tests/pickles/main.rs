//! Pickles of twelve environments (Python 2.7 to 3.13, numpy 1.16 to 2.5, pandas 0.24 to 3.1) hold
//! what Python says they hold: `want.json`, made with the files by `make.py`. `write.py` says how it
//! is written.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use object_graph::{Array, ByteOrder, Dtype, Kind, NodeId, Scalar, Value};
use serde_json::{Value as Json, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pickles")
}

/// File -> what Python says is in it.
fn wanted() -> Vec<(String, Json)> {
    let text = std::fs::read_to_string(folder().join("want.json")).unwrap();
    let all: Json = serde_json::from_str(&text).unwrap();
    let contents = all["contents"].as_array().unwrap();
    let files = all["files"].as_object().unwrap();
    let content = |at: &Json| contents[at.as_u64().unwrap() as usize].clone();
    files.iter().map(|(file, at)| (file.clone(), content(at))).collect()
}

/// Checks every file whose name begins with `kind`.
fn check(kind: &str) {
    let of_kind = |file: &str| file.split('/').nth(1).is_some_and(|it| it.starts_with(kind));
    let files: Vec<_> = wanted().into_iter().filter(|(file, _)| of_kind(file)).collect();
    assert!(files.len() > 10, "only {} files of {kind}", files.len());
    for (file, want) in files {
        let bytes = std::fs::read(folder().join(&file)).unwrap();
        let graph = formats::read(bytes, &file, &formats::Limits::default()).unwrap();
        let got = Describer::default().describe(graph.root());
        compare(&file, "$", &got, &want);
    }
}

#[test]
fn plain_python_objects_are_read_in_every_protocol() {
    check("python-");
}

#[test]
fn numpy_arrays_scalars_and_dtypes_are_decoded() {
    check("arrays-");
}

#[test]
fn pandas_objects_are_decoded() {
    check("pandas-");
}

#[test]
fn sparse_matrices_are_decoded() {
    check("sparse-");
}

#[test]
fn joblib_files_are_read_in_every_compression() {
    check("joblib-");
}

#[test]
fn every_file_in_the_folders_is_checked() {
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() {
            continue;
        }
        for file in std::fs::read_dir(entry.path()).unwrap() {
            let (folder, file) = (entry.file_name(), file.unwrap().file_name());
            files.push(format!("{}/{}", folder.display(), file.display()));
        }
    }
    files.sort();
    let mut known: Vec<String> = wanted().into_iter().map(|(file, _)| file).collect();
    known.sort();
    assert_eq!(files, known, "run make.py");
}

/// Panics at the first difference, naming its place.
fn compare(file: &str, path: &str, got: &Json, want: &Json) {
    match (got, want) {
        // An object that Python knows by a name of its own; that it stays inert is what counts.
        (Json::Object(got), Json::Object(want)) if want.get("object") == Some(&Json::Null) => {
            assert!(got.contains_key("object"), "{file} {path}: {got:?} is not an inert object");
        }
        (Json::Object(got), Json::Object(want)) => {
            let keys = |it: &serde_json::Map<String, Json>| {
                let mut keys: Vec<String> = it.keys().cloned().collect();
                keys.sort();
                keys
            };
            assert_eq!(keys(got), keys(want), "{file} {path}: {got:?}, expected {want:?}");
            for (key, it) in got {
                compare(file, &format!("{path}.{key}"), it, &want[key]);
            }
        }
        (Json::Array(got), Json::Array(want)) => {
            assert_eq!(got.len(), want.len(), "{file} {path}: {got:?}, expected {want:?}");
            for (at, (got, want)) in got.iter().zip(want).enumerate() {
                compare(file, &format!("{path}[{at}]"), got, want);
            }
        }
        _ => assert_eq!(got, want, "{file} {path}"),
    }
}

/// Describes values as `write.py` does.
#[derive(Default)]
struct Describer {
    seen: HashMap<NodeId, usize>,
}

impl Describer {
    fn describe(&mut self, value: Value<'_>) -> Json {
        // Tables and their parts are described each for itself.
        let part = |id: NodeId| Self::default().describe(value.at(id));
        match value.kind() {
            Kind::None => Json::Null,
            Kind::Bool(it) => json!(it),
            Kind::Int(it) => json!({"int": hex_int(&it.to_le_bytes())}),
            Kind::BigInt(it) => json!({"int": hex_int(it)}),
            Kind::Float(it) if it.is_nan() => json!({"float": "nan"}),
            Kind::Float(it) => json!({"float": format!("{:016x}", it.to_bits())}),
            Kind::Text(it) => json!(it),
            Kind::Bytes(it) => json!({"bytes": hex(it)}),
            Kind::Tuple(items) => json!({"tuple": self.all(items)}),
            Kind::Array(it) => self.array(value, it),
            Kind::Dtype(it) => json!({"dtype": type_string(it)}),
            Kind::Class(it) => json!({"class": it.to_string()}),
            Kind::Index(it) => {
                json!({"index": part(it.values), "name": part(it.name)})
            }
            Kind::Series(it) => json!({
                "series": part(it.values),
                "index": part(it.index),
                "name": part(it.name),
            }),
            Kind::DataFrame(it) => json!({
                "frame": it.data.iter().map(|id| part(*id)).collect::<Vec<_>>(),
                "columns": part(it.columns),
                "index": part(it.index),
            }),
            Kind::Sparse(it) => json!({
                "sparse": format!("{:?}", it.format).to_lowercase(),
                "shape": [it.shape.0, it.shape.1],
                "data": part(it.data),
                "indices": part(it.indices),
                "indptr": part(it.indptr),
            }),
            _ => self.container(value),
        }
    }

    /// What may stand in the file more than once.
    fn container(&mut self, value: Value<'_>) -> Json {
        if let Some(at) = self.seen.get(&value.id()) {
            return json!({"again": at});
        }
        self.seen.insert(value.id(), self.seen.len());
        match value.kind() {
            Kind::List(items) => json!({"list": self.all(items)}),
            Kind::Set(items) | Kind::FrozenSet(items) => {
                let mut all = self.all(items);
                all.sort_by_key(ToString::to_string);
                json!({"set": all})
            }
            Kind::Dict(_) => {
                let entries = value.entries().unwrap();
                let pairs: Vec<Json> = entries
                    .map(|(key, it)| json!([self.describe(key), self.describe(it)]))
                    .collect();
                json!({"dict": pairs})
            }
            _ => json!({"object": value.type_name()}),
        }
    }

    fn all<'g>(&mut self, items: impl Iterator<Item = Value<'g>>) -> Vec<Json> {
        items.map(|it| self.describe(it)).collect()
    }

    fn array(&mut self, value: Value<'_>, it: &Array) -> Json {
        let (dtype, shape) = (type_string(&it.dtype), &*it.shape);
        if let Some(objects) = it.objects(value.graph()) {
            let values = self.all(objects.iter().map(|id| value.at(*id)));
            return json!({"array": dtype, "shape": shape, "values": values});
        }
        let bytes = it.bytes(value.graph()).unwrap();
        let cells = bytes.chunks_exact(it.dtype.itemsize.max(1)).collect();
        json!({"array": dtype, "shape": shape, "hex": hex(&it.in_c_order(cells).concat())})
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// As Python's `hex`, from little-endian two's complement.
fn hex_int(bytes: &[u8]) -> String {
    let negative = bytes.last().is_some_and(|it| it & 0x80 != 0);
    let mut carry = negative;
    let mut digits = Vec::new();
    for byte in bytes {
        let (magnitude, over) =
            if negative { (!byte).overflowing_add(carry.into()) } else { (*byte, false) };
        carry = over;
        digits.push(magnitude);
    }
    digits.reverse();
    let text = hex(&digits);
    let text = text.trim_start_matches('0');
    let text = if text.is_empty() { "0" } else { text };
    format!("{}0x{text}", if negative { "-" } else { "" })
}

/// numpy's `dtype.str`, with "<" where numpy has "|"; fields by name and place.
fn type_string(dtype: &Dtype) -> String {
    let order = if dtype.order == ByteOrder::Big { '>' } else { '<' };
    let size = dtype.itemsize;
    let unit = |unit: &object_graph::TimeUnit| match (unit.code, unit.count) {
        ("generic", _) => String::new(),
        (code, 1) => format!("[{code}]"),
        (code, count) => format!("[{count}{code}]"),
    };
    match &dtype.scalar {
        Scalar::Bool => format!("<b{size}"),
        Scalar::Int => format!("{order}i{size}"),
        Scalar::UInt => format!("{order}u{size}"),
        Scalar::Float => format!("{order}f{size}"),
        // Not a type of numpy: torch alone has it.
        Scalar::BrainFloat => format!("{order}bf{size}"),
        Scalar::Complex => format!("{order}c{size}"),
        Scalar::Datetime(it) => format!("{order}M8{}", unit(it)),
        Scalar::Timedelta(it) => format!("{order}m8{}", unit(it)),
        Scalar::Bytes => format!("<S{size}"),
        Scalar::Unicode => format!("{order}U{}", size / 4),
        Scalar::Object => "<O".to_owned(),
        Scalar::Void => format!("<V{size}"),
        Scalar::Struct(fields) => {
            let one = |it: &object_graph::Field| {
                let shape: String = it.shape.iter().map(|it| format!("[{it}]")).collect();
                format!("{}@{}:{}{shape}", it.name, it.offset, type_string(&it.dtype))
            };
            let all: Vec<String> = fields.iter().map(one).collect();
            format!("{{{}}}{size}", all.join(","))
        }
    }
}
