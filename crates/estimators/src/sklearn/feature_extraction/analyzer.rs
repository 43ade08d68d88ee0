//! From a document to its n-grams, as the vectorizers' `build_analyzer` does.
//!
//! | attribute                              | meaning                                                            |
//! |----------------------------------------|--------------------------------------------------------------------|
//! | `lowercase`                            | `str.lower` first                                                  |
//! | `strip_accents`                        | then compatibility decomposition without marks (`unicode`), or without all that is not ASCII (`ascii`) |
//! | `analyzer`                             | `word`, `char`, or `char_wb`: characters inside words              |
//! | `token_pattern`                        | finds words, see `token_pattern.rs`                                |
//! | `stop_words`                           | `english`, a list or a set: words left out, before n-grams         |
//! | `ngram_range`                          | shortest and longest n-gram                                        |
//! | `input`, `preprocessor`, `tokenizer`   | `content` and None: a file's names and Python functions are refused |
//!
//! Source of truth: `_VectorizerMixin` in `sklearn/feature_extraction/text.py`. Letters, lower case and
//! decomposition are those of a recent Unicode; an old Python knows fewer characters.

use std::borrow::Cow;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::stop_words::ENGLISH;
use super::token_pattern::{TokenPattern, is_space};
use crate::{ReadError, State};

/// Longer n-grams than this are refused: a document has as many as it has characters, each this long.
const LONGEST: usize = 64;

#[derive(Debug)]
pub(super) struct Analyzer {
    lowercase: bool,
    accents: Accents,
    shortest: usize,
    longest: usize,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accents {
    Kept,
    ToAscii,
    WithoutMarks,
}

#[derive(Debug)]
enum Unit {
    Words { pattern: TokenPattern, stop_words: HashSet<Box<str>> },
    Characters,
    CharactersInWords,
}

/// Buffers that are used again for each document.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    ngram: String,
    places: Vec<(usize, usize)>,
}

impl Analyzer {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        for function in ["preprocessor", "tokenizer"] {
            if let Some(it) = state.optional(function) {
                return Err(it.unsupported("is a Python function, which is never run"));
            }
        }
        if let Some(it) =
            state.optional("input").filter(|it| it.value().as_str() != Some("content"))
        {
            return Err(it.unsupported("is not 'content': files are not read"));
        }
        let (shortest, longest) = ngram_range(state)?;
        Ok(Self {
            lowercase: state.flag("lowercase")?,
            accents: Accents::read(state)?,
            shortest,
            longest,
            unit: Unit::read(state)?,
        })
    }

    /// Calls `visit` with each n-gram of a document.
    pub(super) fn each(&self, document: &str, scratch: &mut Scratch, visit: &mut impl FnMut(&str)) {
        let text = self.prepared(document);
        match &self.unit {
            Unit::Words { pattern, stop_words } => {
                pattern.find(&text, &mut scratch.places);
                if !stop_words.is_empty() {
                    scratch.places.retain(|&(start, end)| !stop_words.contains(&text[start..end]));
                }
                self.word_ngrams(&text, scratch, visit);
            }
            Unit::Characters => {
                let text = with_single_spaces(&text);
                characters(&text, &mut scratch.places);
                for n in self.shortest..=self.longest.min(scratch.places.len()) {
                    runs(&text, &scratch.places, n, visit);
                }
            }
            Unit::CharactersInWords => {
                for word in text.split(is_space).filter(|it| !it.is_empty()) {
                    self.ngrams_in_word(word, scratch, visit);
                }
            }
        }
    }

    fn prepared<'a>(&self, document: &'a str) -> Cow<'a, str> {
        let text = match self.lowercase {
            true if document.is_ascii() && !document.bytes().any(|it| it.is_ascii_uppercase()) => {
                Cow::Borrowed(document)
            }
            true => Cow::Owned(document.to_lowercase()),
            false => Cow::Borrowed(document),
        };
        match self.accents {
            _ if text.is_ascii() => text,
            Accents::Kept => text,
            Accents::ToAscii => text.nfkd().filter(char::is_ascii).collect::<String>().into(),
            Accents::WithoutMarks => {
                let stays = |c: &char| canonical_combining_class(*c) == 0;
                text.nfkd().filter(stays).collect::<String>().into()
            }
        }
    }

    /// Words alone, then two, three … in a row with a space between.
    fn word_ngrams(&self, text: &str, scratch: &mut Scratch, visit: &mut impl FnMut(&str)) {
        let Scratch { ngram, places } = scratch;
        for n in self.shortest..=self.longest.min(places.len()) {
            for words in places.windows(n) {
                if let [(start, end)] = *words {
                    visit(&text[start..end]);
                    continue;
                }
                ngram.clear();
                for (i, &(start, end)) in words.iter().enumerate() {
                    if i != 0 {
                        ngram.push(' ');
                    }
                    ngram.push_str(&text[start..end]);
                }
                visit(ngram);
            }
        }
    }

    /// The n-grams of a word between two spaces; one shorter than n counts once, and none longer.
    fn ngrams_in_word(&self, word: &str, scratch: &mut Scratch, visit: &mut impl FnMut(&str)) {
        let Scratch { ngram, places } = scratch;
        ngram.clear();
        ngram.push(' ');
        ngram.push_str(word);
        ngram.push(' ');
        characters(ngram, places);
        for n in self.shortest..=self.longest {
            if places.len() <= n {
                visit(ngram);
                break;
            }
            runs(ngram, places, n, visit);
        }
    }
}

/// The start and end of each character.
fn characters(text: &str, places: &mut Vec<(usize, usize)>) {
    places.clear();
    places.extend(text.char_indices().map(|(at, c)| (at, at + c.len_utf8())));
}

/// Each `n` characters in a row.
fn runs(text: &str, places: &[(usize, usize)], n: usize, visit: &mut impl FnMut(&str)) {
    for run in places.windows(n) {
        if let (Some((start, _)), Some((_, end))) = (run.first(), run.last()) {
            visit(&text[*start..*end]);
        }
    }
}

/// Two or more characters of white space become one space; a single one stays what it is.
fn with_single_spaces(text: &str) -> Cow<'_, str> {
    let follows = |(a, b): (char, char)| is_space(a) && is_space(b);
    if !text.chars().zip(text.chars().skip(1)).any(follows) {
        return Cow::Borrowed(text);
    }
    let mut single = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_space) {
        let (before, spaces) = rest.split_at(start);
        single.push_str(before);
        let end = spaces.find(|c| !is_space(c)).unwrap_or(spaces.len());
        let (spaces, after) = spaces.split_at(end);
        single.push_str(if spaces.chars().nth(1).is_some() { " " } else { spaces });
        rest = after;
    }
    single.push_str(rest);
    Cow::Owned(single)
}

fn ngram_range(state: &State<'_>) -> Result<(usize, usize), ReadError> {
    let range = state.get("ngram_range")?;
    let bounds = range.as_ints()?;
    let bound = |it: i64| usize::try_from(it).ok();
    match bounds.as_slice() {
        &[low, high] => match (bound(low), bound(high)) {
            (Some(low @ 1..), Some(high)) if low <= high && high <= LONGEST => Ok((low, high)),
            _ => Err(range.unsupported(format!("is ({low}, {high}), beyond 1 to {LONGEST}"))),
        },
        _ => Err(range.wrong("a shortest and a longest n-gram")),
    }
}

impl Accents {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(it) = state.optional("strip_accents") else { return Ok(Self::Kept) };
        match it.value().as_str() {
            Some("ascii") => Ok(Self::ToAscii),
            Some("unicode") => Ok(Self::WithoutMarks),
            _ if it.value().as_bool() == Some(false) => Ok(Self::Kept),
            _ => Err(it.unsupported("is neither 'ascii' nor 'unicode'")),
        }
    }
}

impl Unit {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let analyzer = state.get("analyzer")?;
        match analyzer.value().as_str() {
            Some("word") => {
                let pattern = TokenPattern::read(&state.get("token_pattern")?)?;
                Ok(Self::Words { pattern, stop_words: stop_words(state)? })
            }
            Some("char") => Ok(Self::Characters),
            Some("char_wb") => Ok(Self::CharactersInWords),
            _ => Err(analyzer.unsupported("is a Python function, which is never run")),
        }
    }
}

fn stop_words(state: &State<'_>) -> Result<HashSet<Box<str>>, ReadError> {
    let Some(it) = state.optional("stop_words") else { return Ok(HashSet::new()) };
    match it.value().as_str() {
        Some("english") => Ok(ENGLISH.iter().map(|&word| word.into()).collect()),
        Some(other) => Err(it.unsupported(format!("is {other:?}, no list of stop words"))),
        None => Ok(it.as_texts()?.into_iter().map(String::into_boxed_str).collect()),
    }
}
