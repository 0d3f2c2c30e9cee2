//! Repeatable chance: the same seed gives the same numbers on every machine.

/// A xoshiro256++ generator, with the few distributions that the corpus needs.
pub(crate) struct Dice {
    state: [u64; 4],
}

impl Dice {
    /// Returns the stream of `seed` and `number`; streams do not depend on each other.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let mut mixer = seed ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        Self {
            state: std::array::from_fn(|_| split_mix(&mut mixer)),
        }
    }

    /// Returns `count` bits, at most 64.
    pub(crate) fn bits(&mut self, count: u32) -> u64 {
        self.next() >> (64 - count)
    }

    /// Returns a number in `0..below`.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        ((u128::from(self.next()) * below as u128) >> 64) as usize
    }

    /// Returns one of `choices`.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Returns a number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        self.bits(53) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Returns true once in `1 / share` times.
    pub(crate) fn is(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Returns a waiting time with the rate `lambda`.
    pub(crate) fn exponential(&mut self, lambda: f64) -> f64 {
        -(1.0 - self.unit()).ln() / lambda
    }

    /// Returns a number whose logarithm is normal around `mu`.
    pub(crate) fn log_normal(&mut self, mu: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.unit();
        (mu + sigma * radius * angle.cos()).exp()
    }

    /// Returns a number of at least 1 with a heavy tail.
    pub(crate) fn pareto(&mut self, alpha: f64) -> f64 {
        (1.0 - self.unit()).powf(-1.0 / alpha)
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
