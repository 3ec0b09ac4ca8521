//! Values that are hard for some operation, and random ones.

/// Zeros and subnormals; 0.5, 0.75, 1, 1.5, 2.5 and 2^22, 2^23, 2^24, 2^31, 2^32 with their neighbours; exponents; 1e30,
/// MAX and infinities; NaN, quiet and signalling.
pub const NASTY_FLOATS: [u32; 56] = [
    0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x007fffff, 0x807fffff, 0x00800000, 0x80800000,
    0x3effffff, 0x3f000000, 0x3f000001, 0xbeffffff, 0xbf000000, 0xbf000001, 0x3f800000, 0xbf800000,
    0x3f7fffff, 0x3fc00000, 0x3fbfffff, 0x3f400000, 0x3f3fffff, 0x40200000, 0xc0200000, 0x4a7fffff,
    0x4a800001, 0x4affffff, 0x4b000000, 0x4b000001, 0xcaffffff, 0xcb000001, 0x4b800000, 0x4effffff,
    0x4f000000, 0x4f000001, 0xceffffff, 0xcf000000, 0xcf000001, 0x4f7fffff, 0x4f800000, 0x4f800001,
    0xbf7fffff, 0x43000000, 0xc3160000, 0xc2fc0000, 0x437f0000, 0xc38b0000, 0x7149f2ca, 0xf149f2ca,
    0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fffffff, 0x7f800001,
];

pub const NASTY_INTEGERS: [i32; 32] = [
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    10,
    -10,
    31,
    32,
    33,
    63,
    -31,
    -32,
    255,
    256,
    -256,
    65_535,
    65_536,
    16_777_215,
    16_777_217,
    i32::MAX,
    i32::MAX - 1,
    i32::MIN,
    i32::MIN + 1,
    i32::MIN + 127,
    0x7fff_ff80,
    0x7fff_ffbf,
    0x5555_5555,
    -0x5555_5555,
    0x00ff_00ff,
];

/// As `NASTY_FLOATS`, of doubles: zeros, subnormals, halves, the ends of 32 and 64 bits and of whole numbers, of single
/// floats with what rounds to them, infinities and NaN.
pub const NASTY_DOUBLES: [u64; 36] = [
    0x0000_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x0000_0000_0000_0001,
    0x800f_ffff_ffff_ffff,
    0x0010_0000_0000_0000,
    0x3fdf_ffff_ffff_ffff,
    0x3fe0_0000_0000_0000,
    0xbfe0_0000_0000_0000,
    0xbfe0_0000_0000_0001,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0xbfef_ffff_ffff_ffff,
    0x3ff8_0000_0000_0000,
    0xc004_0000_0000_0000,
    0x41df_ffff_ffc0_0000,
    0x41df_ffff_ffe0_0000,
    0x41e0_0000_0000_0000,
    0xc1e0_0000_0000_0000,
    0xc1e0_0000_0020_0000,
    0x41ef_ffff_ffe0_0000,
    0x41f0_0000_0000_0000,
    0x432f_ffff_ffff_ffff,
    0x4330_0000_0000_0000,
    0x4340_0000_0000_0001,
    0x43df_ffff_ffff_ffff,
    0x43e0_0000_0000_0000,
    0xc3e0_0000_0000_0000,
    0x43ef_ffff_ffff_ffff,
    0x43f0_0000_0000_0000,
    0x47ef_ffff_e000_0000,
    0x47ef_ffff_f000_0000,
    0x36a0_0000_0000_0000,
    0x7fef_ffff_ffff_ffff,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
];

pub const NASTY_LONGS: [i64; 36] = [
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    -10,
    31,
    32,
    33,
    63,
    64,
    65,
    -63,
    -64,
    255,
    -256,
    65_535,
    0x00ff_00ff_00ff_00ff,
    i32::MAX as i64,
    i32::MIN as i64,
    u32::MAX as i64,
    1 << 32,
    (1 << 24) + 1,
    (1 << 53) - 1,
    (1 << 53) + 1,
    (1 << 62) + (1 << 38),
    (1 << 62) + (1 << 38) + 1,
    0x5555_5555_5555_5555,
    -0x5555_5555_5555_5555,
    i64::MAX,
    i64::MAX - 1,
    i64::MIN,
    i64::MIN + 1,
    0x0123_4567_89ab_cdef,
];

/// Random numbers, and the seed for whoever has to see a failure again.
pub struct Random(u64);

impl Random {
    pub fn new() -> Self {
        let seed = match std::env::var("MANYLANE_SEED") {
            Ok(seed) => seed.parse().expect("MANYLANE_SEED is a number"),
            Err(_) => {
                std::time::SystemTime::UNIX_EPOCH.elapsed().expect("a clock after 1970").as_nanos() as u64
            }
        };
        println!("MANYLANE_SEED={seed}");
        Random(seed)
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x >> 32) as u32
    }

    pub fn float(&mut self) -> f32 {
        let bits = self.next();
        match self.next() % 4 {
            0 => f32::from_bits(bits),
            1 => (bits as i32 >> (self.next() % 32)) as f32 * 0.5,
            2 => f32::from_bits(bits & 0x007f_ffff | 0x3f00_0000 | bits & 0x8000_0000),
            _ => f32::from_bits(NASTY_FLOATS[bits as usize % NASTY_FLOATS.len()]),
        }
    }

    pub fn double(&mut self) -> f64 {
        let bits = self.long();
        match self.next() % 5 {
            0 => f64::from_bits(bits as u64),
            1 => bits as f64 * 0.5,
            // Beside what a single float can hold, halfway included.
            2 => f64::from_bits(f64::from(self.float()).to_bits() ^ (bits as u64 & 3) << 28),
            3 => f64::from(self.float()),
            _ => f64::from_bits(NASTY_DOUBLES[bits as u64 as usize % NASTY_DOUBLES.len()]),
        }
    }

    pub fn long(&mut self) -> i64 {
        let bits = (u64::from(self.next()) << 32 | u64::from(self.next())) as i64;
        match self.next() % 4 {
            0 => bits,
            1 => NASTY_LONGS[bits as u64 as usize % NASTY_LONGS.len()],
            _ => bits >> (self.next() % 64),
        }
    }

    pub fn integer(&mut self) -> i32 {
        let bits = self.next() as i32;
        if self.next().is_multiple_of(2) { bits } else { bits >> (self.next() % 32) }
    }
}
