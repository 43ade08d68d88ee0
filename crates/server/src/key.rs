//! The key that callers send.

use http::HeaderMap;
use subtle::ConstantTimeEq;

/// The header that holds it.
const HEADER: &str = "x-api-key";

/// Whether a request holds the key. The comparison takes the same time wherever two keys differ.
pub(crate) fn is_known(headers: &HeaderMap, key: &str) -> bool {
    let mut given = headers.get_all(HEADER).iter();
    match (given.next(), given.next()) {
        (Some(one), None) => bool::from(one.as_bytes().ct_eq(key.as_bytes())),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_whole_key_is_known() {
        let with = |keys: &[&str]| {
            let mut headers = HeaderMap::new();
            for key in keys {
                headers.append(HEADER, key.parse().unwrap());
            }
            is_known(&headers, "secret")
        };
        assert!(with(&["secret"]));
        for wrong in [&[][..], &[""], &["secre"], &["secrets"], &["Secret"], &["x", "secret"]] {
            assert!(!with(wrong), "{wrong:?}");
        }
    }
}
