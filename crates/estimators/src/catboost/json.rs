//! A model as JSON: what `save_model(format="json")` writes. Predictions are those of CatBoost after it has
//! read that file, whose numbers are not the original's to the last bit.
//!
//! | key                          | meaning                                                                 |
//! |------------------------------|-------------------------------------------------------------------------|
//! | `oblivious_trees`            | `splits` with a `split_index`, `leaf_values`                             |
//! | `trees`                      | nodes with `split`, `left` and `right`, leaves with `value`             |
//! | `features_info`              | `float_features`, `categorical_features` with `values`, `ctrs`          |
//! | `ctr_data`                   | by the statistic's `identifier` a `hash_map`: hash as text, then counts  |
//! | `scale_and_bias`             | `[scale, [bias, …]]`, in older versions `[scale, bias]`                 |
//! | `model_info`                 | see `info.rs`                                                           |
//!
//! Source of truth: `ConvertJsonToCatboostModel` in `catboost/libs/model/model_export/json_model_helpers.cpp`.

use std::sync::Arc;

use super::info::Info;
use super::json_number::number;
use super::saved::{
    Border, CategoryFeature, Counts, Ctr, CtrBase, CtrKind, Features, NumberFeature, OneHot,
    Projection, Saved, SavedNode, SavedTree, SavedTrees, Table,
};
use crate::document::Node;
use crate::document::json::{self, Dialect};
use crate::{ReadError, State};

/// CatBoost's JSON, without what says how a model was trained.
pub(super) const DIALECT: Dialect = Dialect {
    skipped: &[
        "leaf_weights",
        "training",
        "output_options",
        "flat_params",
        "tree_learner_options",
        "cat_feature_params",
        "boosting_options",
        "text_processing_options",
        "cat_features_hash",
        "string_values",
    ],
    decimal: number,
};

/// Reads a file.
pub(super) fn read(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let document = json::read(bytes, DIALECT, state)?;
    let reader = Reader { state };
    let mut leaf_values = Vec::new();
    let (trees, n_sums) = match document.find("oblivious_trees") {
        Some(trees) => reader.symmetric(trees, &mut leaf_values)?,
        None => reader.others(document.get("trees", state)?, &mut leaf_values)?,
    };
    state.charge(n_sums.saturating_mul(64))?;
    let (scale, biases) = reader.scale_and_biases(document.find("scale_and_bias"), n_sums)?;
    let mut features = reader.features(document.get("features_info", state)?)?;
    if let Some(Node::Map(tables)) = document.find("ctr_data") {
        for (identifier, content) in tables {
            features.tables.push(reader.table(identifier, content)?);
        }
    }
    let info = document.find("model_info").unwrap_or(&Node::Null);
    let find = |key: &str| Ok(info.find(key).filter(|it| **it != Node::Null).cloned());
    let info = Info::read(find, n_sums, state)?;
    Ok(Saved { info, features, trees, leaf_values, n_sums, scale, biases })
}

/// Places in the order of their hashes, the first of each.
pub(super) fn ordered(mut places: Vec<(u64, u32)>) -> Arc<[(u64, u32)]> {
    places.sort_by_key(|it| it.0);
    places.dedup_by_key(|it| it.0);
    places.into()
}

#[derive(Clone, Copy)]
struct Reader<'a, 'g> {
    state: &'a State<'g>,
}

impl Reader<'_, '_> {
    fn invalid(&self, text: &str) -> ReadError {
        self.state.invalid(text)
    }

    /// The items of an array that need not be there.
    fn list<'n>(&self, node: Option<&'n Node>) -> Result<&'n [Node], ReadError> {
        match node {
            None | Some(Node::Null) => Ok(&[]),
            Some(Node::List(it)) => Ok(it),
            Some(_) => Err(self.invalid("has something else where a list is expected")),
        }
    }

    fn number(&self, node: &Node, key: &str) -> Result<f64, ReadError> {
        match node.get(key, self.state)? {
            Node::Number(it) => Ok(*it),
            _ => Err(self.state.invalid(format!("has a {key} that is no number"))),
        }
    }

    fn int(&self, node: &Node, key: &str) -> Result<i64, ReadError> {
        let x = self.number(node, key)?;
        let is_int = x.fract() == 0.0 && x.abs() < 9e15;
        if is_int {
            Ok(x as i64)
        } else {
            Err(self.state.invalid(format!("has a {key} that is no integer")))
        }
    }

    /// A split's number; one that is none becomes the largest.
    fn split(&self, node: &Node) -> Result<u32, ReadError> {
        Ok(u32::try_from(self.int(node, "split_index")?).unwrap_or(u32::MAX))
    }

    fn symmetric(
        &self,
        trees: &Node,
        values: &mut Vec<f64>,
    ) -> Result<(SavedTrees, usize), ReadError> {
        let trees = self.list(Some(trees))?;
        let (mut splits, mut sizes, mut n_sums) = (Vec::new(), Vec::new(), None);
        for tree in trees {
            let own = self.list(tree.find("splits"))?;
            let leaves = tree.numbers("leaf_values", self.state)?;
            self.state.charge(leaves.len().saturating_add(own.len()).saturating_mul(8))?;
            let sums = leaves.len().checked_shr(own.len() as u32).filter(|it| 0 < *it);
            if sums.is_none_or(|it| n_sums.is_some_and(|n_sums| it != n_sums)) {
                return Err(self.invalid("has a tree whose leaf_values do not fit its splits"));
            }
            n_sums = sums;
            sizes.push(own.len() as u32);
            for split in own {
                splits.push(self.split(split)?);
            }
            values.extend_from_slice(leaves);
        }
        Ok((SavedTrees::Symmetric { splits, sizes }, n_sums.unwrap_or(1)))
    }

    fn others(
        &self,
        trees: &Node,
        values: &mut Vec<f64>,
    ) -> Result<(SavedTrees, usize), ReadError> {
        let mut n_sums = None;
        let mut saved = Vec::new();
        for root in self.list(Some(trees))? {
            let mut tree = SavedTree::default();
            // The nodes of a level after those of the level above.
            let mut open = vec![root];
            while let Some(node) = open.get(tree.nodes.len()).copied() {
                self.state.charge(2 * size_of::<SavedNode>())?;
                if let Some(value) = node.find("value") {
                    let numbers = match value {
                        Node::Number(it) => std::slice::from_ref(it),
                        Node::Numbers(it) => it,
                        _ => return Err(self.invalid("has a leaf without a number")),
                    };
                    if n_sums.is_some_and(|it| it != numbers.len()) {
                        return Err(self.invalid("has leaves with other numbers of values"));
                    }
                    n_sums = Some(numbers.len());
                    self.state.charge(8 * numbers.len())?;
                    tree.nodes.push(SavedNode::Leaf(values.len() as u32));
                    values.extend_from_slice(numbers);
                    continue;
                }
                let split = self.split(node.get("split", self.state)?)?;
                let no = open.len() as u32;
                open.push(node.get("left", self.state)?);
                open.push(node.get("right", self.state)?);
                tree.nodes.push(SavedNode::Split { split, no, yes: no + 1 });
            }
            saved.push(tree);
        }
        Ok((SavedTrees::Others(saved), n_sums.unwrap_or(1)))
    }

    fn scale_and_biases(
        &self,
        node: Option<&Node>,
        n_sums: usize,
    ) -> Result<(f64, Vec<f64>), ReadError> {
        let wrong = || self.invalid("has a scale_and_bias that is no scale and biases");
        let (scale, biases) = match node {
            None | Some(Node::Null) => (1.0, Vec::new()),
            Some(Node::Numbers(it)) => match it.as_slice() {
                [scale, bias] => (*scale, vec![*bias]),
                _ => return Err(wrong()),
            },
            Some(Node::List(it)) => match it.as_slice() {
                [Node::Number(scale), Node::Numbers(it)] => (*scale, it.clone()),
                [Node::Number(scale), Node::List(it)] if it.is_empty() => (*scale, Vec::new()),
                [Node::Number(scale), Node::Null] => (*scale, Vec::new()),
                _ => return Err(wrong()),
            },
            Some(_) => return Err(wrong()),
        };
        if ![0, n_sums].contains(&biases.len()) {
            return Err(self
                .state
                .invalid(format!("has {} biases for {n_sums} columns", biases.len())));
        }
        Ok((scale, biases))
    }

    fn features(&self, info: &Node) -> Result<Features, ReadError> {
        let mut features = Features::default();
        for it in self.list(info.find("float_features"))? {
            let (index, column, name) = self.place(it)?;
            let has_nans = matches!(it.find("has_nans"), Some(Node::Number(1.0)));
            let nan_is_large = match it.text("nan_value_treatment", self.state)? {
                "AsIs" | "AsFalse" => false,
                "AsTrue" => has_nans,
                _ => return Err(self.invalid("has an unknown nan_value_treatment")),
            };
            let borders = self.singles(it)?;
            features.numbers.push(NumberFeature { index, column, name, borders, nan_is_large });
        }
        for it in self.list(info.find("categorical_features"))? {
            let (index, column, name) = self.place(it)?;
            if it.find("values").is_some() {
                let values = it.numbers("values", self.state)?;
                self.state.charge(4 * values.len())?;
                let values = values.iter().map(|it| *it as i64 as u32).collect();
                features.one_hots.push(OneHot { index, values });
            }
            features.categories.push(CategoryFeature { index, column, name });
        }
        for it in self.list(info.find("ctrs"))? {
            features.ctrs.push(self.ctr(it)?);
        }
        Ok(features)
    }

    fn place(&self, feature: &Node) -> Result<(i64, i64, String), ReadError> {
        let name =
            ["feature_id", "feature_name"].into_iter().find_map(|it| match feature.find(it) {
                Some(Node::Text(it)) => Some(it.clone()),
                _ => None,
            });
        let name = name.unwrap_or_default();
        self.state.charge(64 + name.len())?;
        Ok((self.int(feature, "feature_index")?, self.int(feature, "flat_feature_index")?, name))
    }

    fn singles(&self, node: &Node) -> Result<Vec<f32>, ReadError> {
        let numbers = node.numbers("borders", self.state)?;
        self.state.charge(4 * numbers.len())?;
        Ok(numbers.iter().map(|it| *it as f32).collect())
    }

    fn ctr(&self, node: &Node) -> Result<Ctr, ReadError> {
        let single = |key: &str| self.number(node, key).map(|it| it as f32);
        Ok(Ctr {
            base: CtrBase {
                projection: self.projection(node.find("elements"))?,
                kind: self.kind(node.text("ctr_type", self.state)?)?,
                classifier: 0,
            },
            target_border: self.int(node, "target_border_idx")?,
            prior: single("prior_numerator")?,
            prior_weight: single("prior_denomerator")?,
            shift: single("shift")?,
            scale: single("scale")?,
            borders: self.singles(node)?,
        })
    }

    fn kind(&self, name: &str) -> Result<CtrKind, ReadError> {
        let kind = CtrKind::ALL.iter().find(|it| it.1 == name);
        kind.map(|it| it.0).ok_or_else(|| {
            self.state
                .unsupported(format!("has a statistic of the type {name:?}, which is unknown"))
        })
    }

    fn projection(&self, elements: Option<&Node>) -> Result<Projection, ReadError> {
        let mut projection = Projection::default();
        for it in self.list(elements)? {
            self.state.charge(16)?;
            match it.text("combination_element", self.state)? {
                "cat_feature_value" => {
                    projection.categories.push(self.int(it, "cat_feature_index")?);
                }
                "float_feature" => {
                    let border = Border::new(self.number(it, "border")? as f32);
                    projection.numbers.push((self.int(it, "float_feature_index")?, border));
                }
                "cat_feature_exact_value" => {
                    let value = self.int(it, "value")? as u32;
                    projection.one_hots.push((self.int(it, "cat_feature_index")?, value));
                }
                other => {
                    let text = format!("has a combination of {other:?}, which is unknown");
                    return Err(self.state.unsupported(text));
                }
            }
        }
        Ok(projection)
    }

    fn table(&self, identifier: &str, content: &Node) -> Result<Table, ReadError> {
        let base = json::read(identifier.as_bytes(), DIALECT, self.state)?;
        let base = CtrBase {
            projection: self.projection(base.find("identifier"))?,
            kind: self.kind(base.text("type", self.state)?)?,
            classifier: 0,
        };
        let wrong = || self.invalid("has a hash_map that is not hashes and counts");
        let items = self.list(content.find("hash_map"))?;
        let stride = content.count("hash_stride", self.state)?;
        let are_means =
            matches!(base.kind, CtrKind::BinarizedTargetMeanValue | CtrKind::FloatTargetMeanValue);
        if stride < 2 || items.len() % stride != 0 || are_means && stride != 3 {
            return Err(wrong());
        }
        self.state.charge(items.len().saturating_mul(16))?;
        let (mut places, mut rows, mut means) = (Vec::new(), Vec::new(), Vec::new());
        for (place, group) in items.chunks_exact(stride).enumerate() {
            let [Node::Text(hash), counts @ ..] = group else { return Err(wrong()) };
            places.push((hash.parse().map_err(|_| wrong())?, place as u32));
            let integer = |it: &Node| match it {
                // CatBoost takes a number with a fraction for 0.
                Node::Number(it) => Ok(if it.fract() == 0.0 { *it as i32 } else { 0 }),
                _ => Err(wrong()),
            };
            let counts: Vec<i32> = counts.iter().map(integer).collect::<Result<_, _>>()?;
            match counts.as_slice() {
                [sum, count] if are_means => means.push((*sum as f32, *count)),
                counts => rows.extend_from_slice(counts),
            }
        }
        Ok(Table {
            base,
            places: ordered(places),
            counts: if are_means { Counts::Means(means) } else { Counts::Rows(rows) },
            denominator: match content.find("counter_denominator") {
                Some(Node::Number(it)) => *it as i32,
                _ => 0,
            },
            n_classes: stride as i64 - 1,
        })
    }
}
