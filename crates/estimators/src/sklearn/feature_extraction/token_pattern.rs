//! The parameter `token_pattern`: the regular expression that finds a text's words.
//!
//! Supported are runs of one set of characters, which is what people write: `(?u)\b\w\w+\b` (the
//! default), `\w+`, `\w{3,}`, `\b[a-zA-Z]+\b`, `[^\s]+`, `\S+`, `[\w'-]+`, each also in one pair of
//! parentheses. Any other pattern is refused.
//!
//! Between two `\b`, a set of word characters finds the words that consist of it. Without `\b` it finds
//! its longest runs. Of `\w` alone the two are the same.

use super::word_characters::is_word;
use crate::{ReadError, State};

#[derive(Debug)]
pub(super) struct TokenPattern {
    set: Set,
    /// Shortest token, in characters; at least 1.
    least: usize,
    /// Only words that consist of the set.
    whole_words: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Set {
    items: Vec<Item>,
    negated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Word,
    Space,
    Range(char, char),
}

impl TokenPattern {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let text = state.as_text()?;
        Self::parse(text).ok_or_else(|| {
            state.unsupported(format!("is {text:?}, a regular expression that is not supported"))
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("(?u)").unwrap_or(text);
        let (text, begins) = without(text, str::strip_prefix);
        let (text, ends) = without(text, str::strip_suffix);
        let group = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        let mut rest = group.filter(|it| !it.starts_with('?')).unwrap_or(text);
        let mut set: Option<Set> = None;
        let mut least = 0_usize;
        loop {
            let (next, after) = Set::parse(rest)?;
            if set.as_ref().is_some_and(|it| *it != next) {
                return None;
            }
            let set = set.insert(next);
            if let Some((times, after)) = repeats(after) {
                let whole_words = begins && ends && !set.is_word();
                let is_fine = after.is_empty()
                    && (begins == ends || set.is_word())
                    && (!whole_words || set.is_within_words());
                let least = least.checked_add(times)?;
                let set = Set { items: set.items.clone(), negated: set.negated };
                return is_fine.then_some(Self { set, least: least.max(1), whole_words });
            }
            least = least.checked_add(1)?;
            rest = after;
        }
    }

    /// Writes the start and end of each token, in order, over `tokens`.
    pub(super) fn find(&self, text: &str, tokens: &mut Vec<(usize, usize)>) {
        tokens.clear();
        let mut run: Option<Run> = None;
        for (at, c) in text.char_indices() {
            let belongs = self.set.holds(c);
            if belongs || (self.whole_words && is_word(c)) {
                let it = run.get_or_insert(Run { start: at, length: 0, is_pure: true });
                it.length += 1;
                it.is_pure &= belongs;
            } else if let Some(it) = run.take() {
                self.end(&it, at, tokens);
            }
        }
        if let Some(it) = run {
            self.end(&it, text.len(), tokens);
        }
    }

    fn end(&self, run: &Run, at: usize, tokens: &mut Vec<(usize, usize)>) {
        if run.is_pure && self.least <= run.length {
            tokens.push((run.start, at));
        }
    }
}

/// Characters in a row.
struct Run {
    start: usize,
    length: usize,
    /// Whether all of them are in the set.
    is_pure: bool,
}

/// `text` without `\b` at one end, and whether it was there.
fn without<'a>(
    text: &'a str,
    strip: impl Fn(&'a str, &'static str) -> Option<&'a str>,
) -> (&'a str, bool) {
    strip(text, r"\b").map_or((text, false), |it| (it, true))
}

/// The least number of times of `+` or `{n,}`, and what follows.
fn repeats(text: &str) -> Option<(usize, &str)> {
    if let Some(rest) = text.strip_prefix('+') {
        return Some((1, rest));
    }
    let (times, rest) = text.strip_prefix('{')?.split_once(",}")?;
    let times = times.parse().ok().filter(|it| *it != 0)?;
    Some((times, rest))
}

impl Set {
    /// A set at the beginning of `text`, and what follows.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let one = |item, negated| Self { items: vec![item], negated };
        if let Some(rest) = text.strip_prefix(r"\w") {
            return Some((one(Item::Word, false), rest));
        }
        if let Some(rest) = text.strip_prefix(r"\S") {
            return Some((one(Item::Space, true), rest));
        }
        let inside = text.strip_prefix('[')?;
        let negated = inside.starts_with('^');
        let mut rest = if negated { inside.get(1..)? } else { inside };
        let mut items = Vec::new();
        loop {
            let mut chars = rest.chars();
            let (item, after) = match chars.next()? {
                ']' if items.is_empty() => return None,
                ']' => return Some((Self { items, negated }, chars.as_str())),
                '[' => return None,
                '\\' => (escaped(chars.next()?)?, chars.as_str()),
                start => match chars.as_str().strip_prefix('-').map(str::chars) {
                    Some(mut end) if !end.as_str().starts_with(']') => {
                        let last = end.next().filter(|it| !matches!(it, '\\' | '['))?;
                        let item = (start <= last).then_some(Item::Range(start, last))?;
                        (item, end.as_str())
                    }
                    _ => (Item::Range(start, start), chars.as_str()),
                },
            };
            items.push(item);
            rest = after;
        }
    }

    fn is_word(&self) -> bool {
        !self.negated && self.items == [Item::Word]
    }

    /// Whether it is known to hold word characters alone.
    fn is_within_words(&self) -> bool {
        let within = |item: &Item| match *item {
            Item::Word => true,
            Item::Space => false,
            Item::Range(start, end) => end.is_ascii() && (start..=end).all(is_word),
        };
        !self.negated && self.items.iter().all(within)
    }

    fn holds(&self, c: char) -> bool {
        let within = |item: &Item| match *item {
            Item::Word => is_word(c),
            Item::Space => is_space(c),
            Item::Range(start, end) => (start..=end).contains(&c),
        };
        self.items.iter().any(within) != self.negated
    }
}

fn escaped(c: char) -> Option<Item> {
    match c {
        'w' => Some(Item::Word),
        's' => Some(Item::Space),
        _ if c.is_ascii_punctuation() => Some(Item::Range(c, c)),
        _ => None,
    }
}

/// What Python's `\s` and `str.split` take for white space.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::TokenPattern;

    fn tokens<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
        let mut places = Vec::new();
        TokenPattern::parse(pattern)?.find(text, &mut places);
        Some(places.into_iter().map(|(start, end)| &text[start..end]).collect())
    }

    /// Python's `re.findall`.
    #[test]
    fn tokens_are_those_of_python() {
        let text = "It's a3 b-c né_é 12, x ab1 déjà";
        let want: &[(&str, &[&str])] = &[
            (r"(?u)\b\w\w+\b", &["It", "a3", "né_é", "12", "ab1", "déjà"]),
            (r"\w+", &["It", "s", "a3", "b", "c", "né_é", "12", "x", "ab1", "déjà"]),
            (r"(?u)\b(\w{3,})\b", &["né_é", "ab1", "déjà"]),
            (r"\b[a-zA-Z]+\b", &["It", "s", "b", "c", "x"]),
            (r"[a-zA-Z]+", &["It", "s", "a", "b", "c", "n", "x", "ab", "d", "j"]),
            (r"[^\s]+", &["It's", "a3", "b-c", "né_é", "12,", "x", "ab1", "déjà"]),
            (r"[\w'-]{2,}", &["It's", "a3", "b-c", "né_é", "12", "ab1", "déjà"]),
        ];
        for (pattern, want) in want {
            assert_eq!(tokens(pattern, text).as_deref(), Some(*want), "{pattern}");
        }
    }

    #[test]
    fn other_patterns_are_refused() {
        let patterns = [
            "",
            r"\w",
            r"\w*",
            r"\w+\d",
            r"(?i)\w+",
            r"a|b",
            r"[a-z",
            r"\b[\w-]+\b",
            r"\w+\w+",
            r"\b[a-z]+",
            r"[]+",
            r"[z-a]+",
            r"\w{2,3}",
            r"(\w)(\w+)",
            r"[[a]+",
        ];
        for pattern in patterns {
            assert!(TokenPattern::parse(pattern).is_none(), "{pattern}");
        }
    }
}
