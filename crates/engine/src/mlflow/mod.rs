//! A model folder of MLflow: its `MLmodel` says which file holds the model, and what its columns are called.
//!
//! | flavor | file | |
//! |---|---|---|
//! | `sklearn` | `pickled_model` | pickle or cloudpickle; skops is refused |
//! | `lightgbm` | `data` | a booster's file, or a pickle of the scikit-learn class |
//! | `xgboost` | `data` | a booster's file; that of an `XGBClassifier` does not hold its labels, and is refused |
//! | `catboost` | `data` | with the class that `model_type` names |
//!
//! `predict_fn` of the flavor `python_function`, where it is (from MLflow 2.0 on), is the method that MLflow asks.
//!
//! MLflow 1, 2 and 3 write these keys. Nothing of `loader_module`, `code` or a conda file is used.

mod yaml;

use estimators::Method;
use serde_json::Value;
use storage::{ErrorKind, Location};

use crate::{Category, Error, Settings};
use yaml::Texts;

/// The file in the folder.
const FILE: &str = "MLmodel";
/// The flavors that are read, the most telling first.
const FLAVORS: [&str; 4] = ["sklearn", "lightgbm", "xgboost", "catboost"];

/// What a model folder of MLflow says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MlflowModel {
    /// The model's file.
    pub model: Location,
    /// The names of its columns, if the signature has them.
    pub columns: Option<Vec<String>>,
    /// The class of the file, and the one that it is to be read as.
    pub stand_in: Option<(&'static str, &'static str)>,
    /// The method that MLflow asks, if the folder says.
    pub method: Option<Method>,
}

/// What the `MLmodel` calls the method.
pub const PREDICT_FN: &str = "flavors.python_function.predict_fn";

/// Reads a model folder of MLflow; `None` if it is none.
///
/// # Errors
/// The folder cannot be read; what it holds is not supported.
pub fn read_mlflow(folder: &Location, settings: &Settings) -> Result<Option<MlflowModel>, Error> {
    let Some(file) = child(folder, FILE) else { return Ok(None) };
    let bytes = match settings.storage.read(&file, settings.limits.settings_bytes) {
        Ok(bytes) => bytes,
        // Who may not list a bucket is told 403 of what is not there.
        Err(err) if [ErrorKind::NotFound, ErrorKind::Forbidden].contains(&err.kind()) => {
            return Ok(None);
        }
        Err(err) => return Err(Error::storage(err)),
    };
    let refuse = |text: String| Error::new(Category::Model, format!("{file}: {text}"));
    let text = String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8".to_owned()))?;
    let texts = Texts::read(&text).map_err(&refuse)?;
    let (name, stand_in) = model(&texts).map_err(&refuse)?;
    let model =
        child(folder, name).ok_or_else(|| refuse(format!("{name} is no file of the folder")))?;
    let columns = texts.get(&["signature", "inputs"]).map(columns).transpose().map_err(&refuse)?;
    let method = method(&texts).map_err(refuse)?;
    Ok(Some(MlflowModel { model, columns: columns.flatten(), stand_in, method }))
}

/// A file in a folder, never one outside.
fn child(folder: &Location, name: &str) -> Option<Location> {
    let is_inside = name.split('/').all(|it| !it.is_empty() && it != "." && it != "..");
    match folder {
        _ if !is_inside => None,
        Location::Local(path) => Some(Location::Local(path.join(name))),
        Location::S3 { bucket, key } => {
            let key = format!("{}/{name}", key.trim_end_matches('/'));
            Some(Location::S3 { bucket: bucket.clone(), key })
        }
        Location::Standard => None,
    }
}

type Found<'t> = (&'t str, Option<(&'static str, &'static str)>);

/// The model's file, and what it is to be read as.
fn model(texts: &Texts) -> Result<Found<'_>, String> {
    let all = texts.keys(&["flavors"]);
    let Some(flavor) = FLAVORS.into_iter().find(|it| all.contains(it)) else {
        let remedy = match all.contains(&"pytorch") {
            true => {
                "; a pickled module is code: save its state_dict and describe the network in a bundle"
            }
            false => "",
        };
        let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
        return Err(format!("flavors are {all}; {} are read{remedy}", FLAVORS.join(", ")));
    };
    let get = |key: &str| texts.get(&["flavors", flavor, key]);
    let key = if flavor == "sklearn" { "pickled_model" } else { "data" };
    let file = get(key).ok_or_else(|| format!("flavors.{flavor}.{key} is missing"))?;
    match flavor {
        "sklearn" if get("serialization_format").is_some_and(|it| !["pickle", "cloudpickle"].contains(&it)) => {
            Err("flavors.sklearn.serialization_format must be pickle or cloudpickle".to_owned())
        }
        "xgboost" if get("model_class").is_some_and(|it| it.ends_with("Classifier")) => Err(
            "flavors.xgboost.data is a classifier's file, which does not hold how its labels are chosen; log the pickled model \
             with mlflow.sklearn"
                .to_owned(),
        ),
        "catboost" => match get("model_type") {
            Some("CatBoostClassifier") => {
                Ok((file, Some(("catboost.core.CatBoost", "catboost.core.CatBoostClassifier"))))
            }
            Some("CatBoostRegressor") => {
                Ok((file, Some(("catboost.core.CatBoost", "catboost.core.CatBoostRegressor"))))
            }
            _ => Ok((file, None)),
        },
        _ => Ok((file, None)),
    }
}

/// The method that MLflow's own service asks.
fn method(texts: &Texts) -> Result<Option<Method>, String> {
    let Some(name) = texts.get(&["flavors", "python_function", "predict_fn"]) else {
        return Ok(None);
    };
    let unknown = || {
        format!(
            "{PREDICT_FN} is {name}, which is no method that is read; save the model with another pyfunc_predict_fn"
        )
    };
    Method::parse(name).map(Some).ok_or_else(unknown)
}

/// The names in a signature's inputs, which are JSON in a text; a tensor has none.
fn columns(text: &str) -> Result<Option<Vec<String>>, String> {
    let inputs: Value =
        serde_json::from_str(text).map_err(|err| format!("signature.inputs is not JSON: {err}"))?;
    let all = inputs.as_array().ok_or("signature.inputs is not a list")?;
    Ok(all.iter().map(|it| it["name"].as_str().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKLEARN: &str = "artifact_path: model\nflavors:\n  python_function:\n    env:\n      conda: conda.yaml\n    \
        loader_module: mlflow.sklearn\n    model_path: model.pkl\n  sklearn:\n    code: null\n    pickled_model: model.pkl\n    \
        serialization_format: cloudpickle\nsignature:\n  inputs: '[{\"type\": \"double\", \"name\": \"a b\"}, {\"type\":\n    \
        \"double\", \"name\": \"c\"}]'\n";

    fn found(text: &str) -> Result<(String, bool), String> {
        let texts = Texts::read(text).unwrap();
        model(&texts).map(|(file, stand_in)| (file.to_owned(), stand_in.is_some()))
    }

    #[test]
    fn the_flavor_names_the_file() {
        assert_eq!(found(SKLEARN), Ok(("model.pkl".to_owned(), false)));
        let catboost =
            "flavors:\n  catboost:\n    data: model.cb\n    model_type: CatBoostClassifier\n";
        assert_eq!(found(catboost), Ok(("model.cb".to_owned(), true)));
    }

    #[test]
    fn the_signature_names_the_columns() {
        let texts = Texts::read(SKLEARN).unwrap();
        let names = columns(texts.get(&["signature", "inputs"]).unwrap()).unwrap();
        assert_eq!(names, Some(vec!["a b".to_owned(), "c".to_owned()]));
        let tensor =
            r#"[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 4]}}]"#;
        assert_eq!(columns(tensor), Ok(None));
    }

    #[test]
    fn the_method_is_the_one_that_mlflow_asks() {
        let of = |name: &str| {
            let line = format!("model_path: model.pkl\n    predict_fn: {name}");
            method(&Texts::read(&SKLEARN.replace("model_path: model.pkl", &line)).unwrap())
        };
        assert_eq!(of("predict_proba"), Ok(Some(Method::PredictProba)));
        assert_eq!(method(&Texts::read(SKLEARN).unwrap()), Ok(None));
        assert!(
            of("score").unwrap_err().starts_with("flavors.python_function.predict_fn is score, ")
        );
    }

    #[test]
    fn what_is_not_read_is_refused_by_name() {
        let error = |text: &str| found(text).unwrap_err();
        assert!(error("flavors:\n  pytorch:\n    model_data: data\n").contains("state_dict"));
        assert!(
            error("flavors:\n  spark:\n    x: y\n").starts_with("flavors are spark; sklearn, ")
        );
        assert!(error("a: b\n").starts_with("flavors are none"));
        let skops = SKLEARN.replace("cloudpickle", "skops");
        assert!(error(&skops).contains("serialization_format"));
        let xgboost = "flavors:\n  xgboost:\n    data: model.ubj\n    model_class: xgboost.sklearn.XGBClassifier\n";
        assert!(error(xgboost).contains("labels"));
    }

    #[test]
    fn a_file_outside_the_folder_is_no_model() {
        let folder = Location::Local("/m".into());
        for name in ["../x.pkl", "/etc/x.pkl", "a/../../x", ""] {
            assert_eq!(child(&folder, name), None, "{name}");
        }
        assert_eq!(child(&folder, "a/x.pkl"), Some(Location::Local("/m/a/x.pkl".into())));
    }
}
