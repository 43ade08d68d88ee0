//! Chunk size, tile size and thread count change neither output nor error, for every table of
//! `tests/pandas` and every way to read its columns.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reading;

use std::fs;
use std::path::Path;

use reading::{LARGE, Pieces, delimiter_of, for_each_tile, reader};
use table::csv::{Chunk, Column, Kind, Plan, Values};
use table::{Error, ordered};

/// Every case small enough to be cut at every byte.
fn small_tables() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pandas");
    let mut tables: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::read(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "csv") && file.len() < 2000 {
            tables.push((path.file_stem().unwrap().to_string_lossy().into_owned(), file));
        }
    }
    let random = fs::read_to_string(folder.join("random.jsonl")).unwrap();
    for (number, line) in random.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let table = line["table"].as_str().unwrap();
        tables.push((format!("random {number}"), table.as_bytes().to_vec()));
    }
    assert!(tables.len() > 400, "{}", tables.len());
    tables
}

/// All that reading and writing a table shows: output bytes, columns, the error.
fn transcript(name: &str, file: &[u8], kind: Kind, pieces: Pieces) -> String {
    let (mut output, mut columns) = (Vec::new(), Vec::new());
    let end = run(name, file, kind, pieces, &mut output, &mut columns);
    format!("{columns:?} {} {end:?}", String::from_utf8_lossy(&output))
}

fn run(
    name: &str,
    file: &[u8],
    kind: Kind,
    pieces: Pieces,
    output: &mut Vec<u8>,
    columns: &mut Vec<String>,
) -> Result<(), Error> {
    let mut reader = reader(file, delimiter_of(name), pieces)?;
    let n_columns = reader.header().names().len();
    let wanted: Vec<(usize, Kind)> = (0..n_columns).map(|column| (column, kind)).collect();
    // One output replaces the last column, one is appended.
    let outputs = [reader.header().names()[n_columns - 1].clone(), "is it?".to_owned()];
    let plan = Plan::new(reader.header(), &wanted, &outputs)?;
    reader.header().write(&outputs, output)?;
    columns.resize(n_columns, String::new());
    for_each_tile(&mut reader, &plan, pieces, |tile| {
        for (column, shown) in tile.columns.iter().zip(&mut *columns) {
            match column {
                Column::Number(numbers) => numbers.iter().for_each(|n| *shown += &format!("{n} ")),
                Column::Text(text) => text.iter().for_each(|cell| *shown += &format!("{cell:?} ")),
            }
        }
        let lines: Vec<i64> = (0..tile.n_rows()).map(|row| tile.line(row) as i64).collect();
        let odd: Vec<bool> = lines.iter().map(|line| line % 2 == 1).collect();
        tile.write(&[Values::Int(&lines), Values::Bool(&odd)], output)
    })
}

#[test]
fn chunk_size_and_tile_size_change_neither_output_nor_error() {
    for (name, file) in small_tables() {
        for kind in [Kind::Text, Kind::Number] {
            let whole = transcript(&name, &file, kind, LARGE);
            for chunk_bytes in (1..file.len().min(40) + 2).chain([64, 100, 250]) {
                for rows_per_tile in [1, 2, 3] {
                    let pieces = Pieces { chunk_bytes, rows_per_tile };
                    // What came before an error depends on the cut, the error does not.
                    let cut = transcript(&name, &file, kind, pieces);
                    let comparable = |text: &str| match text.find("Err(") {
                        Some(error) => text[error..].to_owned(),
                        None => text.to_owned(),
                    };
                    assert_eq!(
                        comparable(&cut),
                        comparable(&whole),
                        "{name}, {kind:?}, {pieces:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn threads_give_the_same_bytes_as_one_thread() {
    let mut file = b"i,x,t\n".to_vec();
    for row in 0..3000 {
        file.extend_from_slice(
            format!("{row},{},\"a\n{}\"\n", f64::from(row) / 7.0, row % 11).as_bytes(),
        );
    }
    let on_threads = |n_threads: usize| {
        let pieces = Pieces { chunk_bytes: 500, rows_per_tile: 7 };
        let mut reader = reader(&file, b',', pieces).unwrap();
        let outputs = ["double", "t"];
        let plan = Plan::new(reader.header(), &[(1, Kind::Number)], &outputs).unwrap();
        let mut output = Vec::new();
        reader.header().write(&outputs, &mut output).unwrap();
        let predict = |chunk: Chunk| -> Result<Vec<u8>, Error> {
            let mut part = Vec::new();
            let mut tiles = chunk.tiles(&plan, pieces.rows_per_tile);
            while let Some(tile) = tiles.next()? {
                let Column::Number(x) = &tile.columns[0] else { panic!("numbers were wanted") };
                let double: Vec<f64> = x.iter().map(|x| x * 2.0).collect();
                let float: Vec<f32> = x.iter().map(|&x| x as f32).collect();
                tile.write(&[Values::Float64(&double), Values::Float32(&float)], &mut part)?;
            }
            Ok(part)
        };
        let append = |part: Vec<u8>| -> Result<(), Error> {
            output.extend_from_slice(&part);
            Ok(())
        };
        ordered::map_ordered(|| reader.next_chunk(), n_threads, 3, predict, append).unwrap();
        output
    };
    let one = on_threads(1);
    assert_eq!(one.iter().filter(|&&byte| byte == b'\n').count(), 3001);
    for n_threads in [2, 4, 9] {
        assert!(on_threads(n_threads) == one, "{n_threads} threads");
    }
}
