//! What a row costs: `cargo run --release -p table --example csv_speed`.
//!
//! Prints the nanoseconds per row on one thread for chunking, parsing and writing, each chunk at its
//! best of several runs. The table's rows have 8 random doubles of 17 digits, and once more with text and
//! columns nobody asked for.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::hint::black_box;
use std::io::Cursor;
use std::time::Instant;

use table::Error;
use table::csv::{DEFAULT_ROWS_PER_TILE, Kind, Plan, Reader, ReaderOptions, Values};

const N_ROWS: usize = 200_000;
const N_RUNS: usize = 15;

fn main() -> Result<(), Error> {
    let numbers = table_of(&["n"; 8]);
    let all: Vec<_> = (0..8).map(|column| (column, Kind::Number)).collect();
    measure("8 doubles", &numbers, &all)?;
    measure("8 doubles, 2 wanted", &numbers, &[(1, Kind::Number), (6, Kind::Number)])?;
    let mixed = table_of(&["i", "n", "t", "i", "t", "s", "q", "n"]);
    let some = [(0, Kind::Number), (1, Kind::Number), (2, Kind::Text), (6, Kind::Text)];
    measure("mixed with quotes, 4 of 8 wanted", &mixed, &some)?;
    measure("mixed with quotes, none wanted", &mixed, &[])
}

fn measure(what: &str, file: &[u8], wanted: &[(usize, Kind)]) -> Result<(), Error> {
    let mut chunk_ns = f64::MAX;
    let (mut chunks, mut plan) = (Vec::new(), None);
    for _ in 0..N_RUNS {
        let source = Box::new(Cursor::new(file.to_vec()));
        let mut reader = Reader::new(source, "random.csv", ReaderOptions::default())?;
        chunks.clear();
        let start = Instant::now();
        while let Some(chunk) = reader.next_chunk()? {
            chunks.push(chunk);
        }
        chunk_ns = chunk_ns.min(start.elapsed().as_nanos() as f64);
        plan = Some(Plan::new(reader.header(), wanted, &["prediction"])?);
    }
    let Some(plan) = plan else { return Ok(()) };
    let mut random = Random(7);
    let predictions: Vec<f64> = (0..DEFAULT_ROWS_PER_TILE).map(|_| random.double()).collect();
    let (mut parse_ns, mut write_ns) = (0.0, 0.0);
    for chunk in &chunks {
        // The best of each chunk's runs: what other processes do meanwhile falls out.
        let (mut parse, mut write) = (f64::MAX, f64::MAX);
        for _ in 0..N_RUNS {
            let mut output = Vec::with_capacity(2 * chunk.bytes().len());
            let start = Instant::now();
            let mut writing = 0.0;
            let mut tiles = chunk.tiles(&plan, DEFAULT_ROWS_PER_TILE);
            while let Some(tile) = tiles.next()? {
                black_box(&tile.columns);
                let values = predictions.get(..tile.n_rows()).unwrap_or_default();
                let start = Instant::now();
                tile.write(&[Values::Float64(values)], &mut output)?;
                writing += start.elapsed().as_nanos() as f64;
            }
            parse = parse.min(start.elapsed().as_nanos() as f64 - writing);
            write = write.min(writing);
            black_box(&output);
        }
        parse_ns += parse;
        write_ns += write;
    }
    let n_rows = N_ROWS as f64;
    println!("{what} ({} bytes a row)", file.len() / N_ROWS);
    println!(
        "  chunking      {:7.1} ns/row  {:.1} GB/s",
        chunk_ns / n_rows,
        file.len() as f64 / chunk_ns
    );
    println!("  parse         {:7.1} ns/row", parse_ns / n_rows);
    println!("  copy + append {:7.1} ns/row", write_ns / n_rows);
    Ok(())
}

fn table_of(columns: &[&str]) -> Vec<u8> {
    let mut random = Random(1);
    let names: Vec<String> = (0..columns.len()).map(|column| format!("c{column}")).collect();
    let mut table = names.join(",");
    for _ in 0..N_ROWS {
        table.push('\n');
        for (column, kind) in columns.iter().enumerate() {
            if column > 0 {
                table.push(',');
            }
            let x = random.double();
            table += &match *kind {
                "n" => format!("{x:?}"),
                "i" => format!("{}", (x * 1e5) as i64),
                "t" => format!("category {}", (x.abs() * 50.0) as i64),
                "s" => "a longer text that no model asked for, as there is in most tables"
                    .replace(',', ";"),
                _ => format!("\"Town {}, State\"", (x.abs() * 50.0) as i64),
            };
        }
    }
    table.push('\n');
    table.into_bytes()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    /// Between -1 and 1, all bits random.
    fn double(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}
