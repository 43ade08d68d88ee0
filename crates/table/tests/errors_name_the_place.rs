//! Each way a table can be refused: what is said, and where.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reading;

use reading::{LARGE, for_each_tile, reader};
use std::io::Cursor;
use table::csv::{Kind, Plan, Reader, ReaderOptions};
use table::{Error, ErrorKind};

/// Reads the table's columns, all as `kind`.
fn read(file: &[u8], kinds: &[Kind]) -> Result<(), Error> {
    let mut reader = reader(file, b',', LARGE)?;
    let wanted: Vec<(usize, Kind)> = kinds.iter().copied().enumerate().collect();
    let plan = Plan::new::<&str>(reader.header(), &wanted, &[])?;
    for_each_tile(&mut reader, &plan, LARGE, |_| Ok(()))
}

fn said(file: &[u8], kinds: &[Kind]) -> String {
    read(file, kinds).unwrap_err().to_string()
}

const NUMBERS: &[Kind] = &[Kind::Number, Kind::Number];
const TEXTS: &[Kind] = &[Kind::Text, Kind::Text];

#[test]
fn a_cell_that_is_no_number_is_shown_with_line_and_column() {
    let file = b"age,x\n1,2\n\n\"3\n\",4\nten,5\n";
    assert_eq!(said(file, NUMBERS), "data.csv line 6, column age: \"ten\" is not a number");
    let long = format!("age\n{}\n", "x".repeat(70_000));
    let text = said(long.as_bytes(), &[Kind::Number]);
    assert!(text.len() < 150 && text.contains("xx\"… is not a number"), "{text}");
    let text = said(b"a\n1\0\xff\n", &[Kind::Number]);
    assert_eq!(text, "data.csv line 2, column a: \"1\\0\u{fffd}\" is not a number");
}

#[test]
fn a_row_that_is_too_long_says_how_many_fields_were_expected() {
    let text = said(b"a,b\n1,2\n\n3,4,\"5\n\",6\n", &[]);
    assert_eq!(text, "data.csv line 4: the row has 4 fields, the header has 2");
    let error = read(b"a,b\n\n1,2,\n3,4,\n", NUMBERS).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RowTooLong { found: 3, expected: 2 });
    let want = "data.csv line 3: the row has 3 fields, the header has 2; \
                pandas would take the first column as the index: name every column";
    assert_eq!(error.to_string(), want);
}

#[test]
fn a_quote_that_is_never_closed_is_named_by_the_line_its_record_starts_on() {
    let want = "data.csv line 3: a quote is opened and never closed";
    assert_eq!(said(b"a,b\n1,2\n3,\"4\n5,6\n", TEXTS), want);
    assert_eq!(said(b"a,\"b\n", &[]), "data.csv line 1: a quote is opened and never closed");
    // What stands before it is read, and its errors come first.
    let text = said(b"a,b\n1,x\n3,\"4\n5,6\n", NUMBERS);
    assert_eq!(text, "data.csv line 2, column b: \"x\" is not a number");
}

#[test]
fn bytes_that_are_no_text_are_refused_only_in_a_wanted_text_column() {
    let file = b"a,b\n1,2\n3,\xff\n";
    let want = "data.csv line 3, column b: the text is not UTF-8, or has a NUL byte";
    assert_eq!(said(file, TEXTS), want);
    read(file, &[Kind::Number]).unwrap();
    assert_eq!(said(b"a,b\n1,2\n3,x\0y\n", TEXTS), want);
    read(b"a,b\n1,\0\n", &[Kind::Text]).unwrap();
    assert_eq!(said(b"a,\xff\n", &[]), "data.csv line 1: the name of column 2 is not UTF-8");
}

#[test]
fn the_first_fault_in_the_files_order_counts() {
    let kinds = [Kind::Text, Kind::Number, Kind::Text];
    let line_and_column = |file: &[u8]| {
        let place = read(file, &kinds).unwrap_err().place().clone();
        (place.line.unwrap(), place.column.unwrap_or_default())
    };
    assert_eq!(line_and_column(b"a,b,c\nx,1,\xff\ny,z,y\n"), (2, "c".to_owned()));
    assert_eq!(line_and_column(b"a,b,c\nx,z,\xff\n"), (2, "b".to_owned()));
    assert_eq!(line_and_column(b"a,b,c\n\xff,z,y\n"), (2, "a".to_owned()));
    assert_eq!(line_and_column(b"a,b,c\nx,1,y\n\nx,1,\xff,2\n"), (4, "c".to_owned()));
    assert_eq!(line_and_column(b"a,b,c\nx,1,y\nx,1,y,2\n\xff,1,2\n"), (3, String::new()));
}

#[test]
fn an_empty_file_is_told_from_one_with_a_header_alone() {
    for file in ["", "\n", " \t\r\n\n", "\u{feff}", "\u{feff}\n"] {
        let error = read(file.as_bytes(), &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty, "{file:?}");
    }
    assert_eq!(said(b"", &[]), "data.csv: the file is empty: there is no header");
    for file in ["a", "a\n", "a\n\n \n"] {
        assert!(reader(file.as_bytes(), b',', LARGE).unwrap().next_chunk().unwrap().is_none());
    }
    assert_eq!(said(b"\xff\xfea\0", &[]), "data.csv: the file is UTF-16; save it as UTF-8");
}

#[test]
fn a_record_beyond_the_limit_is_refused_whatever_the_chunk_size() {
    for chunk_bytes in [1, 7, 16, 100] {
        let end = |file: &str| {
            let source = Box::new(Cursor::new(file.as_bytes().to_vec()));
            let limit = ReaderOptions { chunk_bytes, max_record_bytes: 16, ..Default::default() };
            let mut reader = Reader::new(source, "data.csv", limit)?;
            while reader.next_chunk()?.is_some() {}
            Ok::<(), Error>(())
        };
        end("a,b\n123456789,1234\n\n123456789,12345\n1234567890,12345").unwrap();
        let error = end("a,b\n1,2\n123456789,1234567\n").unwrap_err();
        assert_eq!((error.kind(), error.place().line), (ErrorKind::RecordTooLarge, Some(3)));
        let error = end("a,b\n1,\"2\n3,4\n5,6\n7,8\n9,0\n").unwrap_err();
        assert_eq!((error.kind(), error.place().line), (ErrorKind::RecordTooLarge, Some(2)));
        let error = end("a,b,c,d,e,f,g,h,i,j\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RecordTooLarge);
    }
}

#[test]
fn what_the_caller_cannot_ask_for_is_refused() {
    let reader = reader(b"a,b\n", b',', LARGE).unwrap();
    for wanted in [&[(2, Kind::Text)][..], &[(0, Kind::Text), (0, Kind::Number)]] {
        let error = Plan::new::<&str>(reader.header(), wanted, &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
    }
    for delimiter in *b"\"\n\r\0" {
        let options = ReaderOptions { delimiter, ..ReaderOptions::default() };
        let error = Reader::new(Box::new(std::io::empty()), "data.csv", options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
    }
}
