//! CatBoost's own file: what `save_model` writes, and `__model` in pickles.
//!
//! | part                  | content                                                                     |
//! |-----------------------|-----------------------------------------------------------------------------|
//! | `CBM1`                |                                                                             |
//! | size, `TModelCore`    | a FlatBuffers table: trees, features, `model_info`, names of the other parts |
//! | `static_provider_v1`  | how many tables of statistics; size and `TCtrValueTable` of each            |
//!
//! A size is 4 bytes, or 4 of `ff` and then 8.
//!
//! Source of truth: `TFullModel::Load` in `catboost/libs/model/model.cpp`, and `model.fbs`, `features.fbs`,
//! `ctr_data.fbs` in `catboost/libs/model/flatbuffers`.

use super::flat_buffer::{Damage, Table as Fields, Tables};
use super::info::Info;
use super::json::{DIALECT, ordered};
use super::saved::{
    Border, CategoryFeature, Counts, Ctr, CtrBase, CtrKind, Features, NumberFeature, OneHot,
    Projection, Saved, SavedNode, SavedTree, SavedTrees, Table,
};
use crate::document::json;
use crate::{ReadError, State};

const MAGIC: &[u8] = b"CBM1";
const FORMAT: &[u8] = b"FlabuffersModel_v1";
const STATISTICS: &[u8] = b"static_provider_v1";

/// Whether this is such a file.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads a file.
pub(super) fn read(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let mut file = File { rest: bytes.get(MAGIC.len()..).unwrap_or_default(), state };
    let core = file.part()?;
    let core = Reader { state, part: "TModelCore" }.read(core)?;
    let (mut saved, parts) = core;
    for part in parts {
        if part != STATISTICS {
            let part = String::from_utf8_lossy(part).into_owned();
            return Err(state.unsupported(format!("has a part {part}, which is not supported")));
        }
        for _ in 0..file.size()? {
            let content = file.part()?;
            let reader = Reader { state, part: "TCtrValueTable" };
            saved.features.tables.push(reader.table(content)?);
        }
    }
    Ok(saved)
}

struct File<'b, 'a, 'g> {
    rest: &'b [u8],
    state: &'a State<'g>,
}

impl<'b> File<'b, '_, '_> {
    fn take(&mut self, len: usize) -> Result<&'b [u8], ReadError> {
        let taken = self.rest.split_at_checked(len);
        let (taken, rest) = taken.ok_or_else(|| self.state.invalid("ends early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn size(&mut self) -> Result<usize, ReadError> {
        let number =
            |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |sum, it| sum << 8 | u64::from(*it));
        let mut size = number(self.take(4)?);
        if size == u64::from(u32::MAX) {
            size = number(self.take(8)?);
        }
        usize::try_from(size).map_err(|_| self.state.invalid("ends early"))
    }

    fn part(&mut self) -> Result<&'b [u8], ReadError> {
        let size = self.size()?;
        self.take(size)
    }
}

/// Reads one part; its name is for errors.
#[derive(Clone, Copy)]
struct Reader<'a, 'g> {
    state: &'a State<'g>,
    part: &'static str,
}

impl Reader<'_, '_> {
    fn damaged(&self) -> impl Fn(Damage) -> ReadError + use<'_> {
        |it| {
            let text = format!(
                "has a {} that points to byte {}, which it does not have",
                self.part, it.at
            );
            self.state.invalid(text)
        }
    }

    fn read<'b>(&self, bytes: &'b [u8]) -> Result<(Saved, Vec<&'b [u8]>), ReadError> {
        let damaged = self.damaged();
        let core = Fields::root(bytes).map_err(&damaged)?;
        let format = core.text(0).map_err(&damaged)?;
        if format != FORMAT {
            let format = String::from_utf8_lossy(format).into_owned();
            return Err(self
                .state
                .unsupported(format!("is of the format {format:?}, which is unknown")));
        }
        let trees = core.table(1).map_err(&damaged)?;
        let trees = trees.ok_or_else(|| self.state.invalid("has no trees"))?;
        let entries = core.tables(2).map_err(&damaged)?;
        let parts = core.tables(3).map_err(&damaged)?.len();
        self.charge(parts, 16)?;
        let parts = core.texts(3).map_err(&damaged)?;
        let n_sums = trees.int(0).map_err(&damaged)?;
        let n_sums = usize::try_from(n_sums).ok().filter(|it| 0 < *it);
        let n_sums = n_sums.ok_or_else(|| self.state.invalid("has no ApproxDimension above 0"))?;
        self.charge(n_sums, 64)?;
        let find = |key: &str| {
            for entry in entries.iter() {
                let entry = entry.map_err(&damaged)?;
                if entry.text(0).map_err(&damaged)? == key.as_bytes() {
                    let text = entry.text(1).map_err(&damaged)?;
                    return json::read(text, DIALECT, self.state).map(Some);
                }
            }
            Ok(None)
        };
        let saved = Saved {
            info: Info::read(find, n_sums, self.state)?,
            features: self.features(&trees)?,
            trees: self.trees(&trees)?,
            leaf_values: self.doubles(trees.items(8).map_err(&damaged)?)?,
            n_sums,
            scale: trees.double(14, 1.0).map_err(&damaged)?,
            biases: self.biases(&trees, n_sums)?,
        };
        Ok((saved, parts))
    }

    fn charge(&self, count: usize, size: usize) -> Result<(), ReadError> {
        self.state.charge(count.saturating_mul(size))
    }

    fn doubles(&self, items: &[[u8; 8]]) -> Result<Vec<f64>, ReadError> {
        self.charge(items.len(), 8)?;
        Ok(items.iter().map(|it| f64::from_le_bytes(*it)).collect())
    }

    fn singles(&self, items: &[[u8; 4]]) -> Result<Vec<f32>, ReadError> {
        self.charge(items.len(), 4)?;
        Ok(items.iter().map(|it| f32::from_le_bytes(*it)).collect())
    }

    fn ints(&self, items: &[[u8; 4]]) -> Result<Vec<i64>, ReadError> {
        self.charge(items.len(), 8)?;
        Ok(items.iter().map(|it| i32::from_le_bytes(*it).into()).collect())
    }

    /// Integers from 0; others become the largest.
    fn numbers(&self, items: &[[u8; 4]]) -> Result<Vec<u32>, ReadError> {
        self.charge(items.len(), 4)?;
        let number = |it: &[u8; 4]| u32::try_from(i32::from_le_bytes(*it)).unwrap_or(u32::MAX);
        Ok(items.iter().map(number).collect())
    }

    fn biases(&self, trees: &Fields<'_>, n_sums: usize) -> Result<Vec<f64>, ReadError> {
        let damaged = self.damaged();
        let several = self.doubles(trees.items(16).map_err(&damaged)?)?;
        let one = trees.double(15, 0.0).map_err(&damaged)?;
        match several.len() {
            0 if one == 0.0 => Ok(several),
            0 if n_sums == 1 => Ok(vec![one]),
            len if len == n_sums => Ok(several),
            len => {
                Err(self.state.invalid(format!("has {} biases for {n_sums} columns", len.max(1))))
            }
        }
    }

    fn trees(&self, trees: &Fields<'_>) -> Result<SavedTrees, ReadError> {
        let damaged = self.damaged();
        let splits = self.numbers(trees.items(1).map_err(&damaged)?)?;
        let sizes = self.numbers(trees.items(2).map_err(&damaged)?)?;
        let starts = self.numbers(trees.items(3).map_err(&damaged)?)?;
        let steps: &[[u8; 4]] = trees.items(10).map_err(&damaged)?;
        let leaves: &[[u8; 4]] = trees.items(11).map_err(&damaged)?;
        let mut end = 0_usize;
        let follow = sizes.len() == starts.len()
            && sizes.iter().zip(&starts).all(|(size, start)| {
                let fits = *start as usize == end;
                end = end.saturating_add(*size as usize);
                fits
            });
        if !follow || end != splits.len() {
            return Err(self.state.invalid("has tree sizes that do not fit its splits"));
        }
        if steps.is_empty() && leaves.is_empty() {
            return Ok(SavedTrees::Symmetric { splits, sizes });
        }
        if steps.len() != splits.len() || leaves.len() != splits.len() {
            return Err(self.state.invalid("has other numbers of splits, nodes and leaves"));
        }
        self.charge(splits.len(), 2 * size_of::<SavedNode>())?;
        self.charge(sizes.len(), size_of::<SavedTree>())?;
        let tree = |(start, size): (&u32, &u32)| {
            let nodes = *start as usize..*start as usize + *size as usize;
            walked(&splits[nodes.clone()], &steps[nodes.clone()], &leaves[nodes])
        };
        Ok(SavedTrees::Others(starts.iter().zip(&sizes).map(tree).collect()))
    }

    fn features(&self, trees: &Fields<'_>) -> Result<Features, ReadError> {
        let damaged = self.damaged();
        let tables = |field: usize| -> Result<Tables<'_>, ReadError> {
            let tables = trees.tables(field).map_err(&damaged)?;
            self.charge(tables.len(), 128)?;
            Ok(tables)
        };
        if 0 < tables(13)?.len() {
            let text = "has splits on texts or embeddings, which are not supported";
            return Err(self.state.unsupported(text));
        }
        let mut features = Features::default();
        for it in tables(4)?.iter() {
            let (index, column, name) = self.place(&it.map_err(&damaged)?, 2)?;
            features.categories.push(CategoryFeature { index, column, name });
        }
        for it in tables(5)?.iter() {
            let it = it.map_err(&damaged)?;
            let (index, column, name) = self.place(&it, 4)?;
            let treatment = it.byte(5, 0).map_err(&damaged)?;
            let has_nans = it.byte(0, 0).map_err(&damaged)? != 0;
            if 2 < treatment {
                return Err(self.state.invalid("has an unknown NanValueTreatment"));
            }
            let borders = self.singles(it.items(3).map_err(&damaged)?)?;
            let nan_is_large = has_nans && treatment == 2;
            features.numbers.push(NumberFeature { index, column, name, borders, nan_is_large });
        }
        for field in [12, 18] {
            for it in tables(field)?.iter() {
                let (_, column, name) = self.place(&it.map_err(&damaged)?, 2)?;
                features.others.push((column, name));
            }
        }
        for it in tables(6)?.iter() {
            let it = it.map_err(&damaged)?;
            let index = it.int_or(0, -1).map_err(&damaged)?.into();
            let values = it.items(1).map_err(&damaged)?;
            self.charge(values.len(), 4)?;
            let values = values.iter().map(|it| u32::from_le_bytes(*it)).collect();
            features.one_hots.push(OneHot { index, values });
        }
        for it in tables(7)?.iter() {
            features.ctrs.push(self.ctr(&it.map_err(&damaged)?)?);
        }
        Ok(features)
    }

    /// A feature's number among its kind, its column and its name, which is in the field `name`.
    fn place(&self, feature: &Fields<'_>, name: usize) -> Result<(i64, i64, String), ReadError> {
        let damaged = self.damaged();
        // Columns of numbers have a flag before all else.
        let first = usize::from(name == 4);
        let index = feature.int_or(first, -1).map_err(&damaged)?;
        let column = feature.int_or(first + 1, -1).map_err(&damaged)?;
        let name = feature.text(name).map_err(&damaged)?;
        self.charge(name.len(), 4)?;
        Ok((index.into(), column.into(), String::from_utf8_lossy(name).into_owned()))
    }

    fn ctr(&self, feature: &Fields<'_>) -> Result<Ctr, ReadError> {
        let damaged = self.damaged();
        let ctr = feature.table(0).map_err(&damaged)?;
        let ctr = ctr.ok_or_else(|| self.state.invalid("has a statistic that says nothing"))?;
        Ok(Ctr {
            base: self.base(ctr.table(0).map_err(&damaged)?)?,
            target_border: ctr.int(1).map_err(&damaged)?.into(),
            prior: ctr.single(2, 0.0).map_err(&damaged)?,
            prior_weight: ctr.single(3, 1.0).map_err(&damaged)?,
            shift: ctr.single(4, 0.0).map_err(&damaged)?,
            scale: ctr.single(5, 1.0).map_err(&damaged)?,
            borders: self.singles(feature.items(1).map_err(&damaged)?)?,
        })
    }

    fn base(&self, base: Option<Fields<'_>>) -> Result<CtrBase, ReadError> {
        let damaged = self.damaged();
        let nothing = || self.state.invalid("has a statistic of no categories");
        let base = base.ok_or_else(nothing)?;
        let projection = base.table(0).map_err(&damaged)?.ok_or_else(nothing)?;
        let kind = CtrKind::ALL.get(usize::from(base.byte(1, 0).map_err(&damaged)?));
        let kind =
            kind.ok_or_else(|| self.state.unsupported("has a statistic of an unknown type"))?;
        let numbers: &[[u8; 8]] = projection.items(1).map_err(&damaged)?;
        let one_hots: &[[u8; 8]] = projection.items(2).map_err(&damaged)?;
        self.charge(numbers.len() + one_hots.len(), 16)?;
        let halves = |it: &[u8; 8]| {
            let [a, b, c, d, rest @ ..] = *it;
            (i64::from(i32::from_le_bytes([a, b, c, d])), rest)
        };
        let number = |it| {
            let (index, border) = halves(it);
            (index, Border::new(f32::from_le_bytes(border)))
        };
        let one_hot = |it| {
            let (index, value) = halves(it);
            (index, u32::from_le_bytes(value))
        };
        Ok(CtrBase {
            projection: Projection {
                categories: self.ints(projection.items(0).map_err(&damaged)?)?,
                numbers: numbers.iter().map(number).collect(),
                one_hots: one_hots.iter().map(one_hot).collect(),
            },
            kind: kind.0,
            classifier: base.int(2).map_err(&damaged)?.into(),
        })
    }

    fn table(&self, bytes: &[u8]) -> Result<Table, ReadError> {
        let damaged = self.damaged();
        let table = Fields::root(bytes).map_err(&damaged)?;
        let base = self.base(table.table(0).map_err(&damaged)?)?;
        let places = table.text(1).map_err(&damaged)?;
        let place = |it: &[u8; 12]| {
            let [a, b, c, d, e, f, g, h, rest @ ..] = *it;
            (u64::from_le_bytes([a, b, c, d, e, f, g, h]), u32::from_le_bytes(rest))
        };
        let places = places.as_chunks().0.iter().map(place).filter(|it| it.0 != u64::MAX);
        // Twice, as they are sorted apart from where they stay.
        self.charge(places.clone().count(), 32)?;
        let counts = table.text(2).map_err(&damaged)?;
        self.charge(counts.len(), 1)?;
        let number = |it: &[u8; 4]| i32::from_le_bytes(*it);
        let counts = match base.kind {
            CtrKind::BinarizedTargetMeanValue | CtrKind::FloatTargetMeanValue => {
                let (pairs, _) = counts.as_chunks::<8>();
                let pair = |it: &[u8; 8]| {
                    let [a, b, c, d, rest @ ..] = *it;
                    (f32::from_le_bytes([a, b, c, d]), number(&rest))
                };
                Counts::Means(pairs.iter().map(pair).collect())
            }
            _ => Counts::Rows(counts.as_chunks().0.iter().map(number).collect()),
        };
        Ok(Table {
            base,
            places: ordered(places.collect()),
            counts,
            denominator: table.int(3).map_err(&damaged)?,
            n_classes: table.int(4).map_err(&damaged)?.into(),
        })
    }
}

/// A tree of steps: how far on a node's children stand, for either answer; where that is 0, the node is a
/// leaf.
fn walked(splits: &[u32], steps: &[[u8; 4]], leaves: &[[u8; 4]]) -> SavedTree {
    let len = splits.len() as u32;
    let mut nodes = Vec::with_capacity(splits.len());
    let mut more = Vec::new();
    for (at, (split, step)) in (0..).zip(splits.iter().zip(steps)) {
        let leaf = SavedNode::Leaf(u32::from_le_bytes(leaves[at as usize]));
        let [a, b, c, d] = *step;
        let steps = [[a, b], [c, d]].map(u16::from_le_bytes);
        if steps == [0, 0] {
            nodes.push(leaf);
            continue;
        }
        let [no, yes] = steps.map(|step| {
            if step != 0 {
                // A node of the next tree must not be taken for one of the leaves that are added here.
                let child: u32 = at + u32::from(step);
                return if child < len { child } else { u32::MAX };
            }
            more.push(leaf);
            len + more.len() as u32 - 1
        });
        nodes.push(SavedNode::Split { split: *split, no, yes });
    }
    nodes.extend(more);
    SavedTree { nodes }
}
