//! `OneHotEncoder` of scikit-learn 0.20 and 0.21 in its old mode, which integers below `n_values` take: a
//! column per value, whether it was seen or not.
//!
//! | attribute               | shape           | meaning                                                  |
//! |-------------------------|-----------------|----------------------------------------------------------|
//! | `_n_values_`            | (q,)            | values of each encoded column: 0 to `n - 1`              |
//! | `_feature_indices_`     | (q + 1,)        | their first columns, in turn                             |
//! | `_active_features_`     | (k,)            | of these, the values seen; absent: all are kept          |
//! | `_categorical_features` | text or list    | `all`, or the columns that are encoded: numbers or a mask |
//! | `handle_unknown`        | text            | `error` or `ignore`: of values from `n` on               |
//! | `sparse`, `dtype`       |                 | as in the new mode                                       |
//!
//! Output: the encoded columns' ones, then the other columns. Cells are cut to whole numbers; negative ones
//! are refused. A value below `n` that was not seen gives zeros. Of the columns' number the file says
//! nothing unless all are encoded or a mask is given.
//!
//! `inverse_transform` is that of the new mode; Python has it for files that keep the values seen and encode
//! all columns.
//!
//! Source of truth: `OneHotEncoder._legacy_transform` and `_transform_selected` in
//! `sklearn/preprocessing/_encoders.py` and `base.py` of 0.20.

use object_graph::{Kind, Scalar};

use super::encoding::Encoding;
use super::one_hot_encoder::{Feature, NOWHERE, Unknown};
use super::one_hot_inverse::Inverse;
use crate::{
    Block, Csr, DataError, Dtype, Estimator, Layout, Method, Nan, Output, ReadError, State,
    unsupported,
};

const BOTH: &[Method] = &[Method::Transform, Method::InverseTransform];
const TRANSFORM: &[Method] = &[Method::Transform];

#[derive(Debug)]
pub(super) struct LegacyOneHotEncoder {
    columns: Encoded,
    /// For each encoded column, the place of each value's ones, or nowhere.
    places: Vec<Vec<u32>>,
    /// Number of places.
    width: usize,
    refuses_unknown: bool,
    layout: Layout,
    dtype: Dtype,
    inverse: Option<(Vec<Feature>, Inverse)>,
}

/// Which columns are encoded; the others come after them.
#[derive(Debug)]
enum Encoded {
    All,
    /// Ascending; the number of all columns, if the file says.
    These(Vec<usize>, Option<usize>),
}

impl LegacyOneHotEncoder {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let columns = Encoded::read(state)?;
        if let Encoded::These(it, _) = &columns
            && it.is_empty()
        {
            let text = "names no column: such an encoder returns its rows, which is not supported";
            return Err(state.get("_categorical_features")?.unsupported(text));
        }
        let (places, width) = read_places(state)?;
        if let Encoded::These(it, _) = &columns
            && it.len() != places.len()
        {
            let text = format!("is for {} columns, expected {}", places.len(), it.len());
            return Err(state.get("_n_values_")?.invalid(text));
        }
        let refuses_unknown = match state.text("handle_unknown")? {
            "error" => true,
            "ignore" => false,
            it => return Err(state.get("handle_unknown")?.unsupported(format!("is {it:?}"))),
        };
        let dtype = Dtype::read(&state.get("dtype")?)?;
        if matches!(columns, Encoded::These(..)) && dtype.is_whole() {
            let text = "is no float, to which the other columns are cut";
            return Err(state.get("dtype")?.unsupported(text));
        }
        let kept_seen = matches!(columns, Encoded::All) && state.has("_active_features_");
        Ok(Self {
            columns,
            places,
            width,
            refuses_unknown,
            layout: if state.flag("sparse")? { Layout::Sparse } else { Layout::Dense },
            dtype,
            inverse: kept_seen.then(|| read_inverse(state, width)).transpose()?,
        })
    }

    fn transform(&self, input: Block) -> Result<Output, DataError> {
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block("the rows are sparse, and this OneHotEncoder takes none"));
        }
        let n_cols = self.check_width(&input)?;
        let x = input.into_dense(n_cols)?;
        x.check_finite(Nan::Refused)?;
        let (encoded, rest) = self.columns.split(n_cols);
        let mut places = Vec::with_capacity(encoded.len());
        for (&column, places_of) in encoded.iter().zip(&self.places) {
            places.push(self.column_places(x.column(column), column, places_of)?);
        }
        let width = self.width + rest.len();
        let mut rows = Csr::new(width);
        rows.dtype = self.dtype;
        for row in 0..x.n_rows() {
            for column in places.iter().filter(|it| it[row] != NOWHERE) {
                rows.push(column[row] as usize, 1.0);
            }
            for (j, &column) in rest.iter().enumerate() {
                let value = self.dtype.of(x.column(column)[row]);
                if value != 0.0 {
                    rows.push(self.width + j, value);
                }
            }
            rows.end_row();
        }
        match self.layout {
            Layout::Sparse => Ok(Output::Block(Block::Sparse(rows))),
            Layout::Dense => Block::Sparse(rows).into_dense(width).map(Output::dense),
        }
    }

    fn check_width(&self, input: &Block) -> Result<usize, DataError> {
        match &self.columns {
            Encoded::All => input.check_width(self.places.len())?,
            Encoded::These(_, Some(n)) => input.check_width(*n)?,
            Encoded::These(columns, None) => {
                if columns.last().is_some_and(|last| input.n_cols() <= *last) {
                    let text = format!("X has {} features, too few", input.n_cols());
                    return Err(DataError::block(text));
                }
            }
        }
        Ok(input.n_cols())
    }

    fn column_places(
        &self,
        values: &[f64],
        column: usize,
        places: &[u32],
    ) -> Result<Vec<u32>, DataError> {
        let place = |(row, &x): (usize, &f64)| {
            let whole = x.trunc();
            if whole < 0.0 {
                let text = format!("{x} is negative, and this OneHotEncoder takes none");
                return Err(DataError::cell(row, column, text));
            }
            // What is too large for an index is too large for the table.
            match places.get(whole as usize) {
                Some(&it) => Ok(it),
                None if self.refuses_unknown => {
                    let text = format!("{x} is not below {}, as in training", places.len());
                    Err(DataError::cell(row, column, text))
                }
                None => Ok(NOWHERE),
            }
        };
        values.iter().enumerate().map(place).collect()
    }
}

impl Encoded {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("_categorical_features")?;
        if stored.value().as_str() == Some("all") {
            return Ok(Self::All);
        }
        let flags: Option<Vec<bool>> = match stored.value().kind() {
            Kind::Array(it) if it.dtype.scalar == Scalar::Bool => {
                Some(stored.as_ints()?.into_iter().map(|it| it != 0).collect())
            }
            Kind::Array(_) => None,
            _ => stored.as_list()?.iter().map(|it| it.value().as_bool()).collect(),
        };
        if let Some(flags) = flags.filter(|it| !it.is_empty()) {
            let columns = (0..flags.len()).filter(|&it| flags[it]).collect();
            return Ok(Self::These(columns, Some(flags.len())));
        }
        let index = |it: i64| {
            let text = "counts columns from the end, which is not supported";
            usize::try_from(it).map_err(|_| stored.unsupported(text))
        };
        let columns: Result<Vec<usize>, ReadError> =
            stored.as_ints()?.into_iter().map(index).collect();
        let mut columns = columns?;
        columns.sort_unstable();
        columns.dedup();
        Ok(Self::These(columns, None))
    }

    /// The columns that are encoded, and the others.
    fn split(&self, n_cols: usize) -> (Vec<usize>, Vec<usize>) {
        match self {
            Self::All => ((0..n_cols).collect(), Vec::new()),
            Self::These(columns, _) => {
                (columns.clone(), (0..n_cols).filter(|it| !columns.contains(it)).collect())
            }
        }
    }
}

/// The places of all values, and how many places there are.
fn read_places(state: &State<'_>) -> Result<(Vec<Vec<u32>>, usize), ReadError> {
    let stored = state.get("_n_values_")?;
    let wrong = || stored.wrong("how many values each column has");
    let mut counts = Vec::new();
    let mut total: usize = 0;
    for count in stored.as_ints()? {
        let count = u32::try_from(count).map_err(|_| wrong())? as usize;
        total = total.saturating_add(count);
        counts.push(count);
    }
    let active = match state.optional("_active_features_") {
        Some(it) => Some(it.as_ints()?),
        None => None,
    };
    // Values nobody has seen take room that the file does not prove.
    state.charge(total.saturating_mul(4))?;
    if u32::try_from(total).is_err() {
        return Err(wrong());
    }
    let mut all = vec![NOWHERE; total];
    let width = match &active {
        None => {
            all.iter_mut().zip(0..).for_each(|(place, it)| *place = it);
            total
        }
        Some(active) => {
            for (place, &value) in (0..).zip(active) {
                let at = usize::try_from(value).ok().and_then(|it| all.get_mut(it));
                *at.ok_or_else(|| stored.invalid("does not fit _active_features_"))? = place;
            }
            active.len()
        }
    };
    let mut places = Vec::with_capacity(counts.len());
    let mut rest = all.as_slice();
    for count in counts {
        let (head, tail) = rest.split_at_checked(count).ok_or_else(wrong)?;
        places.push(head.to_vec());
        rest = tail;
    }
    Ok((places, width))
}

fn read_inverse(state: &State<'_>, width: usize) -> Result<(Vec<Feature>, Inverse), ReadError> {
    let mut features = Vec::new();
    let mut start = 0;
    for encoding in Encoding::read_all(state)? {
        let feature = Feature::new(encoding, None, start, Unknown::Zeros);
        start += feature.width;
        features.push(feature);
    }
    if start != width {
        return Err(state.get("categories_")?.invalid("does not fit _active_features_"));
    }
    Ok((features, Inverse::read(state)?))
}

impl Estimator for LegacyOneHotEncoder {
    fn n_features_in(&self) -> usize {
        match &self.columns {
            Encoded::All => self.places.len(),
            Encoded::These(_, n) => n.unwrap_or(0),
        }
    }

    fn methods(&self) -> &[Method] {
        if self.inverse.is_some() { BOTH } else { TRANSFORM }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.inverse) {
            (Method::Transform, _) => self.transform(input),
            (Method::InverseTransform, Some((features, inverse))) => {
                input.check_width(self.width)?;
                inverse.run(features, input)
            }
            _ => Err(unsupported("this OneHotEncoder", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        match &self.columns {
            Encoded::All => Some(self.width),
            Encoded::These(columns, n) => n.map(|it| self.width + it - columns.len()),
        }
    }
}
