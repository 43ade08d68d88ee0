//! The texts in a YAML file by their path, without its lists: all that an `MLmodel` needs.

use saphyr_parser::{Event, Parser};

/// Bounds on what a file may hold.
const MAX_TEXTS: usize = 20_000;
const MAX_DEPTH: usize = 16;

/// The texts of a file's mappings.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<(Vec<String>, String)>);

/// A mapping or list that is being read.
struct Open {
    is_list: bool,
    /// The key whose value comes next.
    key: Option<String>,
}

impl Texts {
    /// Reads the first document. Aliases are not followed.
    ///
    /// # Errors
    /// What is no YAML, or too much of it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut all = Self::default();
        let mut open: Vec<Open> = Vec::new();
        for event in Parser::new_from_str(text) {
            let (event, _) = event.map_err(|err| err.to_string())?;
            match event {
                Event::MappingStart(..) => open.push(Open { is_list: false, key: None }),
                Event::SequenceStart(..) => open.push(Open { is_list: true, key: None }),
                Event::MappingEnd | Event::SequenceEnd => {
                    open.pop();
                    value_ends(&mut open);
                }
                Event::Scalar(value, ..) => all.scalar(&mut open, &value),
                Event::Alias(_) => return Err("an alias is not expected here".to_owned()),
                Event::DocumentEnd => break,
                _ => {}
            }
            if MAX_DEPTH < open.len() || MAX_TEXTS < all.0.len() {
                return Err(format!("it has more than {MAX_TEXTS} values or {MAX_DEPTH} levels"));
            }
        }
        Ok(all)
    }

    fn scalar(&mut self, open: &mut [Open], value: &str) {
        let Some(last) = open.last_mut() else { return };
        if !last.is_list && last.key.is_none() {
            last.key = Some(value.to_owned());
            return;
        }
        if open.iter().all(|it| !it.is_list) {
            let path = open.iter().filter_map(|it| it.key.clone()).collect();
            self.0.push((path, value.to_owned()));
        }
        value_ends(open);
    }

    /// The text at a path.
    pub(super) fn get(&self, path: &[&str]) -> Option<&str> {
        let found = self.0.iter().find(|(it, _)| it == path)?;
        Some(found.1.as_str()).filter(|it| !it.is_empty() && *it != "null" && *it != "~")
    }

    /// The keys of the mapping at a path that have texts below them.
    pub(super) fn keys(&self, path: &[&str]) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        for (it, _) in &self.0 {
            if let Some(key) = it.get(path.len()).filter(|_| it.starts_with_texts(path))
                && !keys.contains(&key.as_str())
            {
                keys.push(key);
            }
        }
        keys
    }
}

fn value_ends(open: &mut [Open]) {
    if let Some(last) = open.last_mut() {
        last.key = None;
    }
}

trait StartsWithTexts {
    fn starts_with_texts(&self, path: &[&str]) -> bool;
}

impl StartsWithTexts for Vec<String> {
    fn starts_with_texts(&self, path: &[&str]) -> bool {
        path.len() <= self.len() && path.iter().zip(self).all(|(a, b)| a == b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_paths_and_lists_are_left_out() {
        let text = "a:\n  b: 1\n  c:\n  - d: 2\n  - e\n  f: 'x\n    y'\ng: null\n";
        let all = Texts::read(text).unwrap();
        assert_eq!((all.get(&["a", "b"]), all.get(&["a", "f"])), (Some("1"), Some("x y")));
        assert_eq!((all.get(&["g"]), all.get(&["a", "c", "d"])), (None, None));
        assert_eq!(all.keys(&[]), ["a", "g"]);
        assert_eq!(all.keys(&["a"]), ["b", "f"]);
    }

    #[test]
    fn hostile_files_are_refused() {
        assert!(Texts::read("a: &x 1\nb: *x\n").is_err());
        assert!(Texts::read(&"[".repeat(1000)).is_err());
        assert!(Texts::read(&"- a: 1\n  b:\n   ".repeat(3)).is_err() || Texts::read("{").is_err());
        let many: String = (0..30_000).map(|it| format!("k{it}: 1\n")).collect();
        assert!(Texts::read(&many).is_err());
    }
}
