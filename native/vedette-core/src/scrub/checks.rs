//! Whether digits that look like a number of some kind are one.

use std::net::IpAddr;

/// A credit card: a known beginning, and digits that satisfy Luhn's formula.
pub(super) fn is_card(text: &str) -> bool {
    let digits = digits_of(text);
    let begins = |ways: &[&[u8]]| ways.iter().any(|way| digits.starts_with(way));
    let is_known = match digits.len() {
        16 => {
            begins(&[b"\x04", b"\x06\x00\x01\x01", b"\x06\x05", b"\x06\x04"])
                || matches!(digits.as_slice(), [5, 1..=5, ..] | [2, 2..=7, ..])
        }
        15 => matches!(digits.as_slice(), [3, 4 | 7, ..]),
        14 => matches!(digits.as_slice(), [3, 0 | 6 | 8, ..]),
        13 | 19 => begins(&[b"\x04"]),
        _ => false,
    };
    is_known && luhn(&digits)
}

/// The number of a mobile device.
pub(super) fn is_imei(text: &str) -> bool {
    let digits = digits_of(text);
    digits.len() == 15 && luhn(&digits)
}

/// An international account number: its digits, the first four behind the others, are 1 mod 97.
pub(super) fn is_iban(text: &str) -> bool {
    let (Some(head), Some(tail)) = (text.get(..4), text.get(4..)) else {
        return false;
    };
    let remainder = tail.bytes().chain(head.bytes()).fold(0_u32, |rest, byte| {
        let value = char::from(byte).to_digit(36).unwrap_or(0);
        (rest * if value < 10 { 10 } else { 100 } + value) % 97
    });
    remainder == 1
}

/// An address of the Internet.
pub(super) fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// Anything.
pub(super) fn always(_: &str) -> bool {
    true
}

fn digits_of(text: &str) -> Vec<u8> {
    let bytes = text.bytes().filter(u8::is_ascii_digit);
    bytes.map(|byte| byte - b'0').collect()
}

fn luhn(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().enumerate().map(|(place, digit)| {
        let value = u32::from(*digit) << (place % 2);
        if value > 9 { value - 9 } else { value }
    });
    sum.sum::<u32>() % 10 == 0
}
