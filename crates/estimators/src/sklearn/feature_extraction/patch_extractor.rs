//! `PatchExtractor`: all patches of an image.
//!
//! | attribute     | shape        | meaning                                                   | since |
//! |---------------|--------------|-----------------------------------------------------------|-------|
//! | `patch_size`  | (2,) or None | height and width of a patch; None is a tenth of the image's | any |
//! | `max_patches` | None         | any number is refused: those patches are drawn at random  | any   |
//!
//! In a table an image is a row: its pixels line by line, one number a pixel (grey) or three (colours). It
//! is taken for a square: h * h columns, else 3 * h * h. Output: the patches of the row side by side, from
//! left to right and then from top to bottom, each as the image itself.
//!
//! Source of truth: `PatchExtractor.transform` in `sklearn/feature_extraction/image.py`.

use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Nan, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.feature_extraction.image.PatchExtractor"],
    methods: METHODS,
    read: |state| Ok(Box::new(PatchExtractor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

/// More columns than this are refused.
const WIDEST: usize = 1 << 22;

#[derive(Debug)]
struct PatchExtractor {
    patch: Option<(usize, usize)>,
}

/// A square image and the size of its patches.
#[derive(Debug, Clone, Copy)]
struct Image {
    side: usize,
    channels: usize,
    height: usize,
    width: usize,
}

impl PatchExtractor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if let Some(it) = state.optional("max_patches") {
            return Err(it.unsupported("is not None: the patches would be drawn at random"));
        }
        let Some(size) = state.optional("patch_size") else { return Ok(Self { patch: None }) };
        let bound = |it: &i64| usize::try_from(*it).ok().filter(|it| *it != 0);
        match size.as_ints()?.iter().map(bound).collect::<Option<Vec<_>>>().as_deref() {
            Some(&[height, width]) => Ok(Self { patch: Some((height, width)) }),
            _ => Err(size.wrong("a height and a width")),
        }
    }

    fn image(&self, n_columns: usize) -> Result<Image, DataError> {
        let square = |n: usize| Some(n.isqrt()).filter(|side| side * side == n && n != 0);
        let third = n_columns.is_multiple_of(3).then_some(n_columns / 3);
        let (side, channels) = match (square(n_columns), third.and_then(square)) {
            (Some(side), _) => (side, 1),
            (None, Some(side)) => (side, 3),
            _ => {
                let text = format!("{n_columns} columns are no square image, grey or of 3 colours");
                return Err(DataError::block(text));
            }
        };
        let (height, width) = self.patch.unwrap_or((side / 10, side / 10));
        if side < height || side < width || height == 0 || width == 0 {
            let text =
                format!("a patch of {height} x {width} is no part of a {side} x {side} image");
            return Err(DataError::block(text));
        }
        let image = Image { side, channels, height, width };
        match image.n_patches().saturating_mul(height * width * channels) {
            0..=WIDEST => Ok(image),
            n => Err(DataError::block(format!("the patches have {n} numbers, more than {WIDEST}"))),
        }
    }
}

impl Image {
    fn n_patches(self) -> usize {
        (self.side - self.height + 1) * (self.side - self.width + 1)
    }

    /// For each number of the patches its place in the image.
    fn places(self) -> Vec<usize> {
        let Self { side, channels, height, width } = self;
        let mut places = Vec::with_capacity(self.n_patches() * height * width * channels);
        for top in 0..=side - height {
            for left in 0..=side - width {
                for line in top..top + height {
                    let start = (line * side + left) * channels;
                    places.extend(start..start + width * channels);
                }
            }
        }
        places
    }
}

impl Estimator for PatchExtractor {
    fn n_features_in(&self) -> usize {
        0
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("PatchExtractor", method));
        }
        let x = input.into_numbers()?;
        x.check_finite(Nan::Refused)?;
        let places = self.image(x.n_cols())?.places();
        Ok(Output::Block(Block::Dense(x).select(&places)))
    }
}
