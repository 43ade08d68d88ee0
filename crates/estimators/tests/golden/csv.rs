//! The small CSV files of golden cases: quoted where needed, `\n` at the end of a record.

/// The header and the records.
pub(crate) fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut records = vec![];
    let mut record = vec![];
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            _ => cell.push(c),
        }
    }
    let header = if records.is_empty() { vec![] } else { records.remove(0) };
    (header, records)
}
