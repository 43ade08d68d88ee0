//! The first numbers of numpy's `RandomState`: the Mersenne Twister MT19937 of M. Matsumoto and T. Nishimura (1998).

const N: usize = 624;
const M: usize = 397;

/// What `numpy.random.RandomState(seed).randint(0, end, 1)` draws: the first draw below `end`, by a mask of bits and
/// rejection. 0 if `end` is 0.
#[must_use]
pub fn first_below(seed: u32, end: u32) -> u32 {
    let Some(largest) = end.checked_sub(1).filter(|it| *it != 0) else { return 0 };
    let mask = u32::MAX >> largest.leading_zeros();
    let mut state = seeded(seed);
    loop {
        twist(&mut state);
        // One in two draws is below at least: many before this returns are not to be expected.
        if let Some(drawn) = state.iter().map(|it| tempered(*it) & mask).find(|it| *it <= largest) {
            return drawn;
        }
    }
}

fn seeded(seed: u32) -> [u32; N] {
    let mut state = [0; N];
    let mut last = seed;
    for (i, place) in (1_u32..).zip(&mut state) {
        *place = last;
        last = (last ^ (last >> 30)).wrapping_mul(1_812_433_253).wrapping_add(i);
    }
    state
}

fn twist(state: &mut [u32; N]) {
    for i in 0..N {
        let y = (state[i] & 0x8000_0000) | (state[(i + 1) % N] & 0x7fff_ffff);
        let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
        state[i] = state[(i + M) % N] ^ (y >> 1) ^ odd;
    }
}

fn tempered(mut x: u32) -> u32 {
    x ^= x >> 11;
    x ^= (x << 7) & 0x9d2c_5680;
    x ^= (x << 15) & 0xefc6_0000;
    x ^ (x >> 18)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// numpy 1.16.6, 1.21.6 and 2.5.5: `[RandomState(s).randint(0, e, 1)[0] for s, e in …]`.
    #[test]
    fn draws_are_those_of_numpy() {
        let drawn = WANT.map(|(seed, end, _)| first_below(seed, end));
        assert_eq!(drawn, WANT.map(|it| it.2));
        assert_eq!((first_below(7, 1), first_below(7, 0)), (0, 0));
    }

    const WANT: [(u32, u32, u32); 10] = [
        (0, 4, 0),
        (0, 64, 44),
        (1, 5, 3),
        (2, 3, 0),
        (42, 7, 6),
        (42, 1000, 102),
        (123, 13, 2),
        (99999, 100, 75),
        (4294967295, 64, 35),
        (7, 2147483647, 327741615),
    ];
}
