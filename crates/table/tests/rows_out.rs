//! What is written for which rows: own bytes first, values behind or in place.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reading;

use reading::{LARGE, for_each_tile, reader};
use table::csv::{Kind, Plan, TextColumn, Values};
use table::{Error, ErrorKind};

/// The table with these outputs, each with the same values from its first row on.
fn write(file: &str, outputs: &[(&str, Values<'_>)]) -> Result<String, Error> {
    let mut reader = reader(file.as_bytes(), b',', LARGE)?;
    let names: Vec<&str> = outputs.iter().map(|(name, _)| *name).collect();
    let plan = Plan::new(reader.header(), &[], &names)?;
    let mut out = Vec::new();
    reader.header().write(&names, &mut out)?;
    let values: Vec<Values<'_>> = outputs.iter().map(|(_, values)| *values).collect();
    for_each_tile(&mut reader, &plan, LARGE, |tile| tile.write(&values, &mut out))?;
    Ok(String::from_utf8(out).unwrap())
}

const TWO: Values<'_> = Values::Float64(&[1.5, 1e-7]);

#[test]
fn rows_keep_their_bytes_and_line_endings() {
    let table = "a, b\r\n002,\"x, \"\"y\"\"\"\r\n1e-7 ,NA";
    let want = "a, b,p\r\n002,\"x, \"\"y\"\"\",1.5\r\n1e-7 ,NA,1e-07";
    assert_eq!(write(table, &[("p", TWO)]).unwrap(), want);
    assert_eq!(write("a\r1\r2\r", &[("p", TWO)]).unwrap(), "a,p\r1,1.5\r2,1e-07\r");
    assert_eq!(write("\u{feff}a\n1\n2\n", &[("p", TWO)]).unwrap(), "\u{feff}a,p\n1,1.5\n2,1e-07\n");
}

#[test]
fn blank_lines_are_left_out_and_short_rows_filled_up() {
    let table = "\n\na,b,c\n\n1\n \t\n2,x\n\n";
    assert_eq!(write(table, &[("p", TWO)]).unwrap(), "a,b,c,p\n1,,,1.5\n2,x,,1e-07\n");
}

#[test]
fn an_output_of_an_existing_name_takes_its_place() {
    let table = "a,b,c\n\"1,\n\",2,3\n4,5,\"6\"\n";
    let labels = ["yes".to_owned(), "no, \"never\"".to_owned()];
    let codes = Values::Codes { codes: &[1, 0], labels: &labels };
    let want = "a,b,c\n\"1,\n\",1.5,3\n4,1e-07,\"6\"\n";
    assert_eq!(write(table, &[("b", TWO)]).unwrap(), want);
    let want = "a,b,c,p\n\"no, \"\"never\"\"\",2,1.5,7\nyes,5,1e-07,-8\n";
    let outputs = [("c", TWO), ("p", Values::Int(&[7, -8])), ("a", codes)];
    assert_eq!(write(table, &outputs).unwrap(), want);
}

#[test]
fn a_replaced_column_that_a_short_row_lacks_is_filled_in() {
    let table = "a,b,c,d\n1\n1,2,3\n";
    assert_eq!(write(table, &[("c", TWO)]).unwrap(), "a,b,c,d\n1,,1.5,\n1,2,1e-07,\n");
    let want = "a,b,c,d\n1,7,,1.5\n1,8,3,1e-07\n";
    assert_eq!(write(table, &[("d", TWO), ("b", Values::Int(&[7, 8]))]).unwrap(), want);
}

#[test]
fn a_row_never_becomes_a_blank_line() {
    let missing = Values::Float64(&[f64::NAN, 2.0]);
    assert_eq!(write("a\n1\n2\n", &[("a", missing)]).unwrap(), "a\n\"\"\n2.0\n");
    assert_eq!(write("a\n1\n2\n", &[("p", missing)]).unwrap(), "a,p\n1,\n2,2.0\n");
}

#[test]
fn values_are_written_as_pandas_writes_them() {
    let text: TextColumn =
        [Some("x,y"), None, Some(" é "), Some("\r"), Some("\"")].into_iter().collect();
    let outputs = [
        ("f", Values::Float64(&[5.0, f64::NAN, f64::NEG_INFINITY, 1e16, -0.0])),
        ("g", Values::Float32(&[0.1, f32::INFINITY, f32::NAN, 1e-5, 16_777_216.0])),
        ("b", Values::Bool(&[true, false, true, false, true])),
        ("t,\"", Values::Text(&text)),
    ];
    let want = "i,f,g,b,\"t,\"\"\"\n1,5.0,0.1,True,\"x,y\"\n2,,inf,False,\n3,-inf,,True, é \n\
                4,1e+16,1e-05,False,\"\r\"\n5,-0.0,16777216.0,True,\"\"\"\"\n";
    assert_eq!(write("i\n1\n2\n3\n4\n5\n", &outputs).unwrap(), want);
}

#[test]
fn values_that_do_not_fit_the_rows_are_refused() {
    let kind = |outputs: &[(&str, Values<'_>)]| write("a\n1\n2\n", outputs).unwrap_err().kind();
    assert_eq!(kind(&[("p", Values::Int(&[1]))]), ErrorKind::Usage);
    assert_eq!(kind(&[("p", Values::Int(&[1, 2, 3]))]), ErrorKind::Usage);
    assert_eq!(
        kind(&[("p", Values::Codes { codes: &[0, 1], labels: &[String::new()] })]),
        ErrorKind::Usage
    );
    assert_eq!(kind(&[("p", TWO), ("p", TWO)]), ErrorKind::Usage);
    let mut reader = reader(b"a\n1\n2\n", b',', LARGE).unwrap();
    let plan = Plan::new(reader.header(), &[(0, Kind::Text)], &["p"]).unwrap();
    let end = for_each_tile(&mut reader, &plan, LARGE, |tile| tile.write(&[], &mut Vec::new()));
    assert_eq!(end.unwrap_err().kind(), ErrorKind::Usage);
}
