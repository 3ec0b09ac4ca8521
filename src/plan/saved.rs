//! Measured costs as text, so that the next process need not find them out again.
//!
//! ```text
//! manylane-models 1 9f86d081884c7d65
//! 0.1.0 <TAB> 1790000000 <TAB> cost:00c0ffee00c0ffee:9 <TAB> thread avx2 Some CPU <TAB> 1.1e-9 1e-9
//! 0.1.0 <TAB> 1790000000 <TAB> latency <TAB> gpu Some GPU, its driver 1.2 <TAB> 4.1e-5
//! ```
//! The first line has the format's number and a checksum of all that follows. Each other line has the version of the
//! library that measured, when (seconds since 1970), what, on which device, and the samples, the newest last. Lines of
//! other versions and devices are kept for whoever they belong to.
//!
//! A file is whole and sane or it is not used at all: a wrong checksum, a line of another form, a number that cannot have
//! been measured.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::plan::cost::Quantity;
use crate::plan::tuning;

/// Lines of a file; the oldest make room, such as those of kernels that were changed since.
pub const MOST: usize = 4096;

/// The beginning of the first line.
const HEAD: &str = "manylane-models 1 ";

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The version of the library that measured.
    pub version: String,
    /// When its newest sample was saved, in seconds since 1970.
    pub stamp: u64,
    /// What was measured.
    pub quantity: Quantity,
    /// On what.
    pub device: String,
    /// The samples, the newest last.
    pub values: Vec<f64>,
}

impl Entry {
    fn key(&self) -> (&str, Quantity, &str) {
        (&self.version, self.quantity, &self.device)
    }
}

/// A text that can stand in a line for a device: whatever a driver calls itself, without what separates.
pub fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of these entries.
pub fn print(entries: &[Entry]) -> String {
    let mut body = String::new();
    for Entry { version, stamp, quantity, device, values } in entries {
        let values: Vec<String> = values.iter().map(|value| format!("{value:e}")).collect();
        let _ = writeln!(body, "{version}\t{stamp}\t{}\t{device}\t{}", what(*quantity), values.join(" "));
    }
    format!("{HEAD}{:016x}\n{body}", checksum(&body))
}

/// The entries of a text.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let (head, body) = text.split_once('\n').ok_or("it has no first line")?;
    let sum = head.strip_prefix(HEAD).ok_or("it does not begin as such a file of this format does")?;
    if sum != format!("{:016x}", checksum(body)) {
        return Err("its checksum is wrong".into());
    }
    body.lines()
        .zip(2..)
        .map(|(line, number)| entry(line).ok_or_else(|| format!("line {number} makes no sense: `{line}`")))
        .collect()
}

/// Adds newer entries to those of a file: samples of the same thing go behind what is there, or in its place where
/// `replaces` says so.
pub fn merge(old: Vec<Entry>, new: impl IntoIterator<Item = (Entry, bool)>) -> Vec<Entry> {
    let owned = |entry: &Entry| {
        let (version, quantity, device) = entry.key();
        (version.to_owned(), quantity, device.to_owned())
    };
    let mut all: BTreeMap<_, Entry> = old.into_iter().map(|entry| (owned(&entry), entry)).collect();
    for (mut entry, replaces) in new {
        let before = all.remove(&owned(&entry)).filter(|_| !replaces);
        if let Some(before) = before {
            entry.stamp = entry.stamp.max(before.stamp);
            entry.values.splice(0..0, before.values);
        }
        let beyond = entry.values.len().saturating_sub(tuning::MODEL_SAMPLES);
        entry.values.drain(..beyond);
        all.insert(owned(&entry), entry);
    }
    let mut all: Vec<Entry> = all.into_values().collect();
    if all.len() > MOST {
        all.sort_by_key(|entry| std::cmp::Reverse(entry.stamp));
        all.truncate(MOST);
        all.sort_by(|a, b| a.key().cmp(&b.key()));
    }
    all
}

fn entry(line: &str) -> Option<Entry> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [version, stamp, what, device, values] = *fields.as_slice() else { return None };
    let quantity = quantity(what)?;
    let values: Option<Vec<f64>> =
        values.split(' ').map(|value| value.parse().ok().filter(|value| quantity.allows(*value))).collect();
    let entry = Entry {
        version: version.to_owned(),
        stamp: stamp.parse().ok()?,
        quantity,
        device: device.to_owned(),
        values: values?,
    };
    (!version.is_empty() && !device.is_empty()).then_some(entry)
}

fn what(quantity: Quantity) -> String {
    match quantity {
        Quantity::Cost { kernel, class } => format!("cost:{kernel:016x}:{class}"),
        Quantity::Latency => "latency".to_owned(),
        Quantity::Rate => "rate".to_owned(),
    }
}

fn quantity(text: &str) -> Option<Quantity> {
    match text {
        "latency" => Some(Quantity::Latency),
        "rate" => Some(Quantity::Rate),
        _ => {
            let (kernel, class) = text.strip_prefix("cost:")?.split_once(':')?;
            let class = class.parse().ok().filter(|class| *class < 64)?;
            Some(Quantity::Cost { kernel: u64::from_str_radix(kernel, 16).ok()?, class })
        }
    }
}

/// FNV-1a: against damage, not against malice.
fn checksum(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry_of(kernel: u64, stamp: u64, values: &[f64]) -> Entry {
        Entry {
            version: "0.1.0".into(),
            stamp,
            quantity: Quantity::Cost { kernel, class: 5 },
            device: plain("thread avx2\tSome\n CPU"),
            values: values.to_vec(),
        }
    }

    #[test]
    fn what_is_printed_is_parsed() {
        let link = |quantity, value| Entry { quantity, ..entry_of(0, 3, &[value]) };
        let entries = vec![
            entry_of(u64::MAX, 0, &[1.0 / 3.0 * 1e-9, 1e-13, 1e3]),
            entry_of(1, u64::MAX, &[f64::MIN_POSITIVE.max(1e-12)]),
            link(Quantity::Latency, 4.1e-5),
            link(Quantity::Rate, 1.25e10),
        ];
        assert_eq!(parse(&print(&entries)).unwrap(), entries);
        assert_eq!(entries[0].device, "thread avx2 Some CPU");
        assert_eq!(parse(&print(&[])).unwrap(), []);
    }

    #[test]
    fn no_damage_goes_unseen() {
        let text = print(&[entry_of(1, 2, &[1e-9, 2e-9]), entry_of(3, 4, &[3e-9])]);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let damaged = String::from_utf8(bytes).unwrap();
            assert!(parse(&damaged).is_err(), "byte {at} of {text}");
            assert!(parse(&text[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn what_cannot_have_been_measured_is_refused() {
        for value in ["NaN", "inf", "-1e-9", "0", "1e-14", "1e4", "x", ""] {
            let body = format!("0.1.0\t1\tcost:0f:3\tthread\t1e-9 {value}\n");
            let text = format!("{HEAD}{:016x}\n{body}", checksum(&body));
            assert!(parse(&text).unwrap_err().contains("line 2"), "{value}");
        }
        for line in ["", "a", "0.1.0\t1\tcost:0f:99\tthread\t1e-9", "0.1.0\t1\tcosts\tthread\t1e-9"] {
            let body = format!("{line}\n");
            assert!(parse(&format!("{HEAD}{:016x}\n{body}", checksum(&body))).is_err(), "{line}");
        }
    }

    #[test]
    fn merging_loses_nothing_but_the_oldest() {
        let old = vec![entry_of(1, 10, &[1e-9; 5]), entry_of(2, 10, &[2e-9])];
        let new = [
            (entry_of(1, 20, &[3e-9; 6]), false),
            (entry_of(2, 20, &[4e-9]), true),
            (entry_of(3, 5, &[5e-9]), false),
        ];
        let merged = merge(old.clone(), new);
        let values: Vec<&[f64]> = merged.iter().map(|entry| &*entry.values).collect();
        let mut first = vec![1e-9; tuning::MODEL_SAMPLES - 6];
        first.extend([3e-9; 6]);
        assert_eq!(values, [&first[..], &[4e-9], &[5e-9]]);
        let other = Entry { version: "0.0.9".into(), ..old[0].clone() };
        assert_eq!(merge(vec![other.clone()], [(old[0].clone(), false)]), [other, old[0].clone()]);

        let many = merge(vec![], (0..MOST as u64 + 10).map(|k| (entry_of(k, k, &[1e-9]), false)));
        assert_eq!(many.len(), MOST);
        assert!(many.iter().all(|entry| entry.stamp >= 10), "the oldest have gone");
    }
}
