//! CityHash64 in version 1.0 (G. Pike, J. Alakuijala, 2011), by which CatBoost knows categories.
//!
//! Source of truth: `util/digest/city.cpp` in CatBoost's source.

const K0: u64 = 0xc3a5_c85c_97cb_3127;
const K1: u64 = 0xb492_b66f_be98_f273;
const K2: u64 = 0x9ae1_6a3b_2f90_404f;
const K3: u64 = 0xc949_d7c7_509e_6557;
const PAIR: u64 = 0x9ddf_ea08_eb38_2d69;

/// A category's hash: the lower half of its text's.
pub(super) fn category(text: &str) -> u32 {
    city_hash(text.as_bytes()) as u32
}

fn city_hash(text: &[u8]) -> u64 {
    match text.len() {
        0..=16 => up_to_16(text),
        17..=32 => up_to_32(text),
        33..=64 => up_to_64(text),
        _ => longer(text),
    }
}

/// 8 bytes from `at` on; the caller has looked at the length.
fn word(text: &[u8], at: usize) -> u64 {
    u64::from(half(text, at)) | u64::from(half(text, at + 4)) << 32
}

fn half(text: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]])
}

fn shift_mix(x: u64) -> u64 {
    x ^ (x >> 47)
}

fn pair(low: u64, high: u64) -> u64 {
    let a = shift_mix((low ^ high).wrapping_mul(PAIR));
    shift_mix((high ^ a).wrapping_mul(PAIR)).wrapping_mul(PAIR)
}

fn up_to_16(text: &[u8]) -> u64 {
    let n = text.len();
    match n {
        9.. => {
            let (a, b) = (word(text, 0), word(text, n - 8));
            pair(a, b.wrapping_add(n as u64).rotate_right(n as u32)) ^ b
        }
        4.. => {
            let a = u64::from(half(text, 0));
            pair((n as u64).wrapping_add(a << 3), u64::from(half(text, n - 4)))
        }
        1.. => {
            let [a, b, c] = [text[0], text[n >> 1], text[n - 1]].map(u64::from);
            let (y, z) = (a + (b << 8), n as u64 + (c << 2));
            shift_mix(y.wrapping_mul(K2) ^ z.wrapping_mul(K3)).wrapping_mul(K2)
        }
        0 => K2,
    }
}

fn up_to_32(text: &[u8]) -> u64 {
    let n = text.len();
    let (a, b) = (word(text, 0).wrapping_mul(K1), word(text, 8));
    let (c, d) = (word(text, n - 8).wrapping_mul(K2), word(text, n - 16).wrapping_mul(K0));
    let low = a.wrapping_sub(b).rotate_right(43).wrapping_add(c.rotate_right(30)).wrapping_add(d);
    let high = a.wrapping_add((b ^ K3).rotate_right(20)).wrapping_sub(c).wrapping_add(n as u64);
    pair(low, high)
}

/// Two halves of 33 to 64 bytes, mixed alike: four words from `at` on, starting with `a` and `z`.
fn half_of_64(text: &[u8], at: usize, mut a: u64, mut z: u64) -> (u64, u64) {
    let mut b = a.wrapping_add(z).rotate_right(52);
    let mut c = a.rotate_right(37);
    a = a.wrapping_add(word(text, at + 8));
    c = c.wrapping_add(a.rotate_right(7));
    a = a.wrapping_add(word(text, at + 16));
    z = z.wrapping_add(a);
    b = b.wrapping_add(a.rotate_right(31)).wrapping_add(c);
    (z, b)
}

fn up_to_64(text: &[u8]) -> u64 {
    let n = text.len();
    let z = word(text, 24);
    let start = (n as u64).wrapping_add(word(text, n - 16)).wrapping_mul(K0);
    let v = half_of_64(text, 0, word(text, 0).wrapping_add(start), z);
    let start = word(text, 16).wrapping_add(word(text, n - 32));
    let w = half_of_64(text, n - 32, start, word(text, n - 8));
    let low = v.0.wrapping_add(w.1).wrapping_mul(K2);
    let r = shift_mix(low.wrapping_add(w.0.wrapping_add(v.1).wrapping_mul(K0)));
    shift_mix(r.wrapping_mul(K0).wrapping_add(v.1)).wrapping_mul(K2)
}

/// 32 bytes from `at` on.
fn weak(text: &[u8], at: usize, a: u64, b: u64) -> (u64, u64) {
    let [w, x, y, z] = [0, 8, 16, 24].map(|it| word(text, at + it));
    let start = a.wrapping_add(w);
    let b = b.wrapping_add(start).wrapping_add(z).rotate_right(21);
    let a = start.wrapping_add(x).wrapping_add(y);
    (a.wrapping_add(z), b.wrapping_add(a.rotate_right(44)).wrapping_add(start))
}

fn longer(text: &[u8]) -> u64 {
    let n = text.len();
    let mut x = word(text, 0);
    let mut y = word(text, n - 16) ^ K1;
    let mut z = word(text, n - 56) ^ K0;
    let mut v = weak(text, n - 64, n as u64, y);
    let mut w = weak(text, n - 32, (n as u64).wrapping_mul(K1), K0);
    z = z.wrapping_add(shift_mix(v.1).wrapping_mul(K1));
    x = z.wrapping_add(x).rotate_right(39).wrapping_mul(K1);
    y = y.rotate_right(33).wrapping_mul(K1);
    for at in (0..(n - 1) / 64 * 64).step_by(64) {
        let mixed = x.wrapping_add(y).wrapping_add(v.0).wrapping_add(word(text, at + 16));
        x = mixed.rotate_right(37).wrapping_mul(K1);
        let mixed = y.wrapping_add(v.1).wrapping_add(word(text, at + 48));
        y = mixed.rotate_right(42).wrapping_mul(K1);
        x ^= w.1;
        y ^= v.0;
        z = (z ^ w.0).rotate_right(33);
        v = weak(text, at, v.1.wrapping_mul(K1), x.wrapping_add(w.0));
        w = weak(text, at + 32, z.wrapping_add(w.1), y);
        std::mem::swap(&mut z, &mut x);
    }
    let low = pair(v.0, w.0).wrapping_add(shift_mix(y).wrapping_mul(K1)).wrapping_add(z);
    pair(low, pair(v.1, w.1).wrapping_add(x))
}
