//! A list of numbers in JSON, flat or nested by a shape: for `[60, 10]` 600 numbers row by row, or 60 lists of 10.

use serde_json::Value;

use super::sort;

/// Longer lists of numbers than this are not taken.
pub(crate) const MOST_NUMBERS: usize = 1 << 20;

/// How many numbers there are on each axis, outermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape(Vec<usize>);

impl Shape {
    /// `None` for no numbers, or more than [`MOST_NUMBERS`].
    pub(crate) fn new(axes: &[usize]) -> Option<Self> {
        let n = axes.iter().try_fold(1_usize, |all, it| all.checked_mul(*it))?;
        (!axes.is_empty() && (1..=MOST_NUMBERS).contains(&n)).then(|| Self(axes.to_vec()))
    }

    pub(crate) fn axes(&self) -> &[usize] {
        &self.0
    }

    /// How many numbers.
    pub(crate) fn n(&self) -> usize {
        self.0.iter().product()
    }

    /// For messages: what is expected.
    pub(crate) fn noun(&self) -> String {
        let axes: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        match axes.len() {
            1 => format!("a list of {} numbers", self.n()),
            _ => format!("a list of {} numbers ({} values)", axes.join(" x "), self.n()),
        }
    }

    /// Where a number stands in the nested list: `[3][7]`.
    pub(crate) fn place(&self, mut at: usize) -> String {
        let mut place = String::new();
        for n in self.0.iter().rev() {
            place.insert_str(0, &format!("[{}]", at % n));
            at /= n;
        }
        place
    }

    /// The numbers row by row; else what is wrong, as it follows the list's name: `[3][7] is a text, …`.
    pub(crate) fn flat<'a>(
        &self,
        value: &'a Value,
        is_number: &dyn Fn(&Value) -> bool,
    ) -> Result<Vec<&'a Value>, String> {
        let Some(all) = value.as_array() else {
            return Err(format!(" is {}, {} is expected", sort(value), self.noun()));
        };
        let mut flat = Vec::with_capacity(all.len());
        let is_nested = all.first().is_some_and(Value::is_array);
        if !is_nested && all.len() != self.n() {
            return Err(format!(" has {} values, {} is expected", all.len(), self.noun()));
        }
        let axes = if is_nested { self.axes() } else { &[self.n()] };
        flatten(value, axes, is_number, &mut String::new(), &mut flat)?;
        Ok(flat)
    }
}

/// As deep as there are axes.
fn flatten<'a>(
    value: &'a Value,
    axes: &[usize],
    is_number: &dyn Fn(&Value) -> bool,
    place: &mut String,
    flat: &mut Vec<&'a Value>,
) -> Result<(), String> {
    let Some((n, inner)) = axes.split_first() else {
        if is_number(value) {
            flat.push(value);
            return Ok(());
        }
        return Err(format!("{place} is {}, a number is expected", sort(value)));
    };
    let Some(all) = value.as_array() else {
        return Err(format!("{place} is {}, a list of {n} is expected", sort(value)));
    };
    if all.len() != *n {
        return Err(format!("{place} has {} values, {n} are expected", all.len()));
    }
    let end = place.len();
    for (at, it) in all.iter().enumerate() {
        place.push_str(&format!("[{at}]"));
        flatten(it, inner, is_number, place, flat)?;
        place.truncate(end);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(axes: &[usize], value: &Value) -> String {
        Shape::new(axes).unwrap().flat(value, &Value::is_number).unwrap_err()
    }

    #[test]
    fn flat_and_nested_lists_are_the_same_numbers() {
        let shape = Shape::new(&[3, 2]).unwrap();
        let (flat, nested) = (json!([1, 2.5, 3, 4, 5, 6]), json!([[1, 2.5], [3, 4], [5, 6]]));
        let numbers = |it| shape.flat(it, &Value::is_number).map(|it| json!(it));
        assert_eq!(numbers(&nested), Ok(flat.clone()));
        assert_eq!(numbers(&flat), Ok(flat));
        assert_eq!((shape.n(), shape.place(3)), (6, "[1][1]".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let whole = "a list of 3 x 2 numbers (6 values) is expected";
        let cases = [
            (json!("x"), format!(" is a text, {whole}")),
            (json!([]), format!(" has 0 values, {whole}")),
            (json!([1, 2, 3, 4, 5]), format!(" has 5 values, {whole}")),
            (json!([1, 2, 3, 4, 5, "6"]), "[5] is a text, a number is expected".to_owned()),
            (json!([1, 2, 3, 4, 5, null]), "[5] is null, a number is expected".to_owned()),
            (json!([1, 2, 3, 4, 5, [6]]), "[5] is a list, a number is expected".to_owned()),
            (json!([[1, 2, 3], [4, 5, 6]]), " has 2 values, 3 are expected".to_owned()),
            (json!([[1, 2], [3, 4], [5]]), "[2] has 1 values, 2 are expected".to_owned()),
            (json!([[1, 2], [3, 4], 5]), "[2] is a number, a list of 2 is expected".to_owned()),
            (
                json!([[1, 2], [3, true], [5, 6]]),
                "[1][1] is a truth value, a number is expected".to_owned(),
            ),
            (json!([[[1, 2], [3, 4], [5, 6]]]), " has 1 values, 3 are expected".to_owned()),
        ];
        for (value, expected) in cases {
            assert_eq!(wrong(&[3, 2], &value), expected, "{value}");
        }
        assert_eq!(wrong(&[1], &json!([[1]])), "[0] is a list, a number is expected");
    }

    #[test]
    fn shapes_without_numbers_or_with_too_many_are_none() {
        for axes in [&[][..], &[0], &[3, 0], &[usize::MAX, 2], &[MOST_NUMBERS + 1]] {
            assert_eq!(Shape::new(axes), None, "{axes:?}");
        }
    }
}
