//! Compressed bodies: requests are unpacked within a bound, larger responses are packed if the caller takes it.

use std::io::{self, Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::Failure;

/// Below it the headers would cost more than is saved.
const MIN_BYTES: usize = 1024;
/// What a zstd stream may ask for: 8 MiB, as RFC 8878 recommends for HTTP.
const WINDOW_LOG_MAX: u32 = 23;
const ZSTD_LEVEL: i32 = 1;

/// A request's body as it was before it was packed, at most `limit` bytes.
pub(crate) fn unpacked(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, Failure> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else { return Ok(body) };
    let name = encoding.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    let unpacked = match name.as_str() {
        "" | "identity" => return Ok(body),
        "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(&body[..]), limit),
        "deflate" => bounded(ZlibDecoder::new(&body[..]), limit),
        "zstd" => zstd_reader(&body).and_then(|it| bounded(it, limit)),
        _ => {
            let text = "Content-Encoding must be gzip, deflate, zstd or identity";
            return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
        }
    };
    match unpacked {
        Ok(Some(bytes)) => Ok(bytes.into()),
        Ok(None) => Err(too_large(limit)),
        Err(err) => Err(Failure {
            causes: vec![err.to_string()],
            ..Failure::bad(format!("The body cannot be unpacked as {name}"))
        }),
    }
}

/// A body with too many bytes.
pub(crate) fn too_large(limit: usize) -> Failure {
    let text = format!("The body is too large: at most {limit} bytes are taken");
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, text)
}

fn zstd_reader(body: &[u8]) -> io::Result<impl Read + '_> {
    let mut reader = zstd::stream::read::Decoder::with_buffer(body)?;
    reader.window_log_max(WINDOW_LOG_MAX)?;
    Ok(reader)
}

/// All bytes, or none if there are more than `limit`.
fn bounded(reader: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|it| it.len() <= limit))
}

/// Packs a response that is large enough, if the caller takes it.
pub(crate) fn pack(request: &HeaderMap, headers: &mut HeaderMap, body: Bytes) -> Bytes {
    if body.len() < MIN_BYTES || headers.contains_key(CONTENT_ENCODING) || !is_text(headers) {
        return body;
    }
    headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    let (name, packed) = match accepted(request) {
        Some(Packing::Zstd) => ("zstd", zstd::bulk::compress(&body, ZSTD_LEVEL)),
        Some(Packing::Gzip) => ("gzip", gzip(&body)),
        None => return body,
    };
    match packed {
        Ok(packed) if packed.len() < body.len() => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            packed.into()
        }
        _ => body,
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/") || kind.starts_with("application/json")
}

fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstd,
}

/// The better of what the caller takes, by its own preference first. `*` is read as gzip, if that is not named: whoever
/// means zstd says so.
fn accepted(request: &HeaderMap) -> Option<Packing> {
    let (mut gzip, mut zstd, mut any) = (None, None, None);
    let texts = request.get_all(ACCEPT_ENCODING).iter().filter_map(|it| it.to_str().ok());
    for item in texts.flat_map(|it| it.split(',')) {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => &mut gzip,
            "zstd" => &mut zstd,
            "*" => &mut any,
            _ => continue,
        };
        *place = Some(quality(parameters));
    }
    let (gzip, zstd) = (gzip.or(any).unwrap_or(0.0), zstd.unwrap_or(0.0));
    match gzip.max(zstd) {
        0.0 => None,
        most if most == zstd => Some(Packing::Zstd),
        _ => Some(Packing::Gzip),
    }
}

/// How much a coding is wanted, from 0 to 1. One whose weight cannot be read is not used.
fn quality(parameters: &str) -> f32 {
    let weight = parameters.split(';').find_map(|it| {
        let (name, value) = it.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let number = weight.map_or(Ok(1.0), str::parse::<f32>).unwrap_or(0.0);
    if (0.0..=1.0).contains(&number) { number } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: http::HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    fn round(accept: &str) -> (String, Bytes) {
        let mut headers = with(CONTENT_TYPE, "application/json");
        let body = Bytes::from("[1,2,3]".repeat(1000));
        let packed = pack(&with(ACCEPT_ENCODING, accept), &mut headers, body.clone());
        let name = headers.get(CONTENT_ENCODING).map_or("", |it| it.to_str().unwrap()).to_owned();
        let unpacked = match name.as_str() {
            "" => packed,
            name => unpacked(&with(CONTENT_ENCODING, name), packed, 7000).unwrap(),
        };
        assert_eq!(unpacked, body);
        (name, unpacked)
    }

    #[test]
    fn the_callers_preference_decides() {
        assert_eq!(round("gzip, deflate, br").0, "gzip");
        assert_eq!(round("gzip, zstd").0, "zstd");
        assert_eq!(round("gzip;q=1.0, zstd;q=0.5").0, "gzip");
        assert_eq!(round("gzip;q=0").0, "");
        assert_eq!(round("br").0, "");
        assert_eq!(round("*").0, "gzip");
        assert_eq!(round("*, zstd").0, "zstd");
    }

    #[test]
    fn a_coding_that_is_refused_is_not_used() {
        for refused in ["gzip;Q=0", "gzip; q = 0.000", "gzip;q=0, *", "*, gzip;q=0", "*;q=0"] {
            assert_eq!(round(refused).0, "", "{refused}");
        }
        for unclear in ["gzip;q=nan", "gzip;q=x", "gzip;q=2", "gzip;q=-1", "gzip;q="] {
            assert_eq!(round(unclear).0, "", "{unclear}");
        }
        assert_eq!(round("*;q=0, zstd;Q=0.1").0, "zstd");
    }

    #[test]
    fn a_bomb_is_refused_at_the_bound() {
        let zeros = vec![0; 10 << 20];
        let bombs =
            [("gzip", gzip(&zeros).unwrap()), ("zstd", zstd::bulk::compress(&zeros, 19).unwrap())];
        for (name, bomb) in bombs {
            assert!(bomb.len() < zeros.len() / 50, "{name}: {}", bomb.len());
            let refused = unpacked(&with(CONTENT_ENCODING, name), bomb.into(), 1 << 20);
            assert_eq!(refused.unwrap_err().status, StatusCode::PAYLOAD_TOO_LARGE, "{name}");
        }
    }

    #[test]
    fn what_is_not_packed_as_said_is_refused() {
        let refused = |name: &str, body: &'static str| {
            unpacked(&with(CONTENT_ENCODING, name), body.into(), 100).unwrap_err()
        };
        assert_eq!(refused("gzip", "{}").text, "The body cannot be unpacked as gzip");
        assert_eq!(refused("zstd", "{}").status, StatusCode::BAD_REQUEST);
        assert_eq!(refused("br", "{}").status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
