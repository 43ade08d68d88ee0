//! The old binary format, all that 0.90 knows, written until 1.5 into pickles and until 3.0 into files.
//! Little-endian; a text and an array have their length in 64 bits before them.
//!
//! | part                              | bytes                            |
//! |-----------------------------------|----------------------------------|
//! | `binf`                            | 4, in some files                 |
//! | base score, columns, classes, has attributes, has metrics, version | 136 |
//! | objective, booster                | texts                            |
//! | trees: number, parallel trees, …  | 160                              |
//! | per tree: parameters, then nodes of 20 bytes, then statistics of 16 each | 148 + 36 n |
//! | column of margins per tree        | 4 each                           |
//! | dart: weights                     | array of `float32`               |
//! | linear: parameters, weights       | 136, array of `float32`          |
//! | attributes                        | array of pairs of texts          |
//!
//! The base score is a margin until 0.90, and what the user gave from 1.0 on.
//!
//! Source of truth: `LearnerIO::LoadModel(dmlc::Stream*)` in XGBoost's `src/learner.cc`,
//! `GBTreeModel::Load`, `RegTree::Load`, `GBLinearModel::Load`.

use kernels::trees::{Rule, Split};

use super::categories::Categories;
use super::saved::{Part, Saved};
use super::saved_trees::SavedTree;
use crate::{ReadError, State, Version};

const LEARNER: usize = 136;
const FOREST: usize = 160;
const TREE: usize = 148;
const NODE: usize = 20;
const STATISTICS: usize = 16;
const LINEAR: usize = 136;
/// Bit of a column number that says where missing values go.
const MISSING_LEFT: u32 = 1 << 31;

/// Reads a model; what follows it is left.
pub(super) fn read(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let bytes = bytes.strip_prefix(b"binf").unwrap_or(bytes);
    let mut reader = Reader { rest: bytes, state };
    let head = reader.take(LEARNER)?;
    let word = |at: usize| head.get(at * 4..).and_then(|it| it.first_chunk()).copied();
    let word = |at: usize| word(at).unwrap_or_default();
    let int = |at: usize| u32::from_le_bytes(word(at)) as usize;
    let version = Version::new(int(5).min(99) as u16, int(6).min(999) as u16);
    let objective = reader.text()?;
    let booster = reader.text()?;
    let n_groups = int(2).max(if version < Version::new(1, 6) { 1 } else { int(7).max(1) });
    let part = match booster.as_str() {
        "gbtree" => reader.trees(false)?,
        "dart" => reader.trees(true)?,
        "gblinear" => {
            reader.take(LINEAR)?;
            Part::Linear(reader.floats()?)
        }
        it => return Err(state.unsupported(format!("has the booster {it:?}, which is unknown"))),
    };
    let best_iteration = if int(3) == 0 { None } else { reader.best_iteration()? };
    Ok(Saved {
        version,
        objective,
        base_score: vec![f32::from_le_bytes(word(0))],
        is_margin: version < Version::new(1, 0),
        n_features: int(1),
        n_groups,
        part,
        best_iteration,
        feature_names: Vec::new(),
        categories: Categories::default(),
    })
}

struct Reader<'a, 'g> {
    rest: &'a [u8],
    state: &'a State<'g>,
}

impl<'a> Reader<'a, '_> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], ReadError> {
        let split = self.rest.split_at_checked(len);
        let (taken, rest) = split.ok_or_else(|| self.state.invalid("ends early"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// A length of things that have `size` bytes each, at least.
    fn len(&mut self, size: usize) -> Result<usize, ReadError> {
        let len = self.take(8)?.first_chunk().map_or(0, |it| u64::from_le_bytes(*it));
        let fits = usize::try_from(len).ok().filter(|it| *it <= self.rest.len() / size);
        fits.ok_or_else(|| self.state.invalid("has a length beyond its end"))
    }

    fn text(&mut self) -> Result<String, ReadError> {
        let len = self.len(1)?;
        let text = self.take(len)?;
        self.state.charge(len)?;
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    fn floats(&mut self) -> Result<Vec<f32>, ReadError> {
        let len = self.len(4)?;
        self.state.charge(len.saturating_mul(4))?;
        let (words, _) = self.take(len.saturating_mul(4))?.as_chunks();
        Ok(words.iter().map(|it| f32::from_le_bytes(*it)).collect())
    }

    fn trees(&mut self, is_dart: bool) -> Result<Part, ReadError> {
        let wrong = || self.state.invalid("has a negative number of things");
        let (head, _) = self.take(FOREST)?.as_chunks();
        let counts = head.first().zip(head.get(1)).map(|(a, b)| (count(*a), count(*b)));
        let (n_trees, n_parallel) = counts.unwrap_or_default();
        let (n_trees, n_parallel) = (n_trees.ok_or_else(wrong)?, n_parallel.ok_or_else(wrong)?);
        if self.rest.len() / TREE < n_trees {
            return Err(self.state.invalid("has fewer trees than it says"));
        }
        self.state.charge(n_trees.saturating_mul(size_of::<SavedTree>()))?;
        let trees = (0..n_trees).map(|_| self.tree()).collect::<Result<Vec<_>, _>>()?;
        let (groups, _) = self.take(n_trees * 4)?.as_chunks();
        let groups = groups.iter().map(|it| u32::from_le_bytes(*it) as usize).collect();
        let weights = if is_dart && n_trees != 0 { Some(self.floats()?) } else { None };
        let ends = Vec::new();
        Ok(Part::Trees { trees, groups, width: 1, weights, n_parallel, ends })
    }

    fn tree(&mut self) -> Result<SavedTree, ReadError> {
        let wrong = || self.state.invalid("has a tree with fewer nodes than it says");
        let (head, _) = self.take(TREE)?.as_chunks();
        let n = head.get(1).and_then(|it| count(*it)).ok_or_else(wrong)?;
        let width = head.get(5).and_then(|it| count(*it)).ok_or_else(wrong)?;
        if 1 < width {
            return Err(self.state.unsupported("has leaves of several numbers in the old format"));
        }
        let nodes = self.take(n.checked_mul(NODE).ok_or_else(wrong)?)?;
        self.take(n.checked_mul(STATISTICS).ok_or_else(wrong)?)?;
        self.state.charge(n.saturating_mul(size_of::<Split>() + size_of::<f32>()))?;
        let (words, _) = nodes.as_chunks::<4>();
        let (nodes, _) = words.as_chunks::<5>();
        let child = |it: [u8; 4]| i64::from(i32::from_le_bytes(it));
        let splits = nodes.iter().map(|[_, left, right, feature, value]| {
            if child(*left) == -1 {
                return Split::LEAF;
            }
            let feature = u32::from_le_bytes(*feature);
            Split {
                left: child(*left),
                right: child(*right),
                feature: i64::from(feature & !MISSING_LEFT),
                threshold: f64::from(f32::from_le_bytes(*value)),
                missing_left: feature & MISSING_LEFT != 0,
                categories: None,
                rule: Rule::Threshold,
            }
        });
        let leaves = nodes.iter().map(|it| f32::from_le_bytes(it[4])).collect();
        Ok(SavedTree { splits: splits.collect(), leaves, categories: Vec::new() })
    }

    fn best_iteration(&mut self) -> Result<Option<usize>, ReadError> {
        let mut best = None;
        for _ in 0..self.len(16)? {
            let (key, value) = (self.text()?, self.text()?);
            if key == "best_iteration" {
                best = value.trim().parse().ok();
            }
        }
        Ok(best)
    }
}

fn count(word: [u8; 4]) -> Option<usize> {
    usize::try_from(i32::from_le_bytes(word)).ok()
}
