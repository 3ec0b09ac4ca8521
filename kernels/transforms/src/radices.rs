//! Into which passes a length falls.

/// The largest radix of a pass, where factors can be put together.
///
/// A pass reads and writes everything once and does one complex multiply-add for each unit of its radix, so few large
/// passes win as long as the reads come from a cache; and each pass is a launch. Chosen by count, not by measurement: no
/// GPU was at hand. 16 lets 2^20 be done in five passes.
pub const LARGEST: u32 = 16;

/// The largest prime that a pass does: a length with a larger one goes by Bluestein's algorithm, whose two transforms of at
/// least twice the length cost a place about as much as 100 units of a radix.
pub const LARGEST_PRIME: u32 = 31;

/// The radices whose product is `n`, largest first; `None` where a prime of `n` is too large. `[1]` for 1, which is one
/// pass that copies.
///
/// Fewest passes first, least work (the sum of the radices) second: over all products of the primes, from the smallest
/// length on, which are few.
pub fn radices(n: u32) -> Option<Vec<u32>> {
    if n <= 1 {
        return (n == 1).then(|| vec![1]);
    }
    let mut divisors: Vec<u32> = vec![1];
    let mut left = n;
    for prime in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, LARGEST_PRIME] {
        let mut powers = vec![1u32];
        while left.is_multiple_of(prime) {
            left /= prime;
            powers.push(powers[powers.len() - 1] * prime);
        }
        divisors = powers.iter().flat_map(|power| divisors.iter().map(move |d| d * power)).collect();
    }
    if left != 1 {
        return None;
    }
    divisors.sort_unstable();
    let may_be_one = |r: u32| r > 1 && (r <= LARGEST || r <= LARGEST_PRIME && is_prime(r));
    let candidates: Vec<u32> = divisors.iter().copied().filter(|r| may_be_one(*r)).collect();
    // For each divisor: passes, sum of radices, the radix of the last one. The first is that of 1.
    let mut best = vec![(0u32, 0u32, 1u32)];
    for (at, d) in divisors.iter().enumerate().skip(1) {
        let choices = candidates.iter().filter(|r| d.is_multiple_of(**r)).filter_map(|r| {
            let before = divisors[..at].binary_search(&(d / r)).ok()?;
            Some((best[before].0 + 1, best[before].1 + r, *r))
        });
        best.push(choices.min()?);
    }
    let mut found = Vec::new();
    let mut d = n;
    while d > 1 {
        let radix = best[divisors.binary_search(&d).ok()?].2;
        found.push(radix);
        d /= radix;
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Some(found)
}

fn is_prime(n: u32) -> bool {
    (2..n).all(|d| !n.is_multiple_of(d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_product_is_the_length_and_none_is_too_large() {
        for n in 1..5_000u32 {
            let mut left = n;
            let largest = (2..=n).rev().find(|p| n.is_multiple_of(*p) && is_prime(*p)).unwrap_or(1);
            let Some(found) = radices(n) else {
                assert!(largest > LARGEST_PRIME, "{n}");
                continue;
            };
            assert!(largest <= LARGEST_PRIME, "{n}");
            for radix in &found {
                assert!(*radix <= LARGEST || is_prime(*radix), "{n}: {found:?}");
                left /= radix;
            }
            assert_eq!((left, found.iter().product()), (1, n), "{found:?}");
        }
        assert_eq!(radices(0), None);
    }

    #[test]
    fn passes_are_few() {
        assert_eq!(radices(1 << 20), Some(vec![16; 5]));
        assert_eq!(radices(1 << 31).map(|r| r.len()), Some(8));
        assert_eq!(radices(1920).map(|r| r.len()), Some(3));
        assert_eq!(radices(1024), Some(vec![16, 8, 8]));
        assert_eq!(radices(97), None);
    }
}
