//! Read bytes into a tree: one pass, bounded depth, and whatever can be understood is.

use bumpalo::Bump;

use super::{Json, Member};

/// How deep lists and objects may lie in each other; what is deeper is kept as its own text.
pub const DEPTH_MAX: usize = 64;

/// An arena that grew larger than this is given back instead of being used again.
const ARENA_BYTES_KEPT_MAX: usize = 8 * 1024 * 1024;

/// Where the trees live. One is enough for many payloads, one after the other.
#[derive(Debug, Default)]
pub struct Arena {
    bump: Bump,
}

impl Arena {
    /// An empty arena.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forget all trees and keep the memory for the next, unless it is too much.
    pub fn clear(&mut self) {
        if self.bump.allocated_bytes() > ARENA_BYTES_KEPT_MAX {
            self.bump = Bump::new();
        } else {
            self.bump.reset();
        }
    }

    /// Keep a copy of a text as long as the trees.
    pub fn keep(&self, text: &str) -> &str {
        self.bump.alloc_str(text)
    }
}

/// The bytes are not JSON, not even leniently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where in the (possibly repaired) text reading had to stop.
    pub offset: usize,
}

/// Read one JSON value that fills `bytes`.
///
/// More is accepted than JSON allows, since SDKs send it: NaN and Infinity (as null), lone
/// surrogates and invalid UTF-8 (as U+FFFD), raw control characters. NUL is left out of strings.
///
/// # Errors
///
/// The text is cut off, or something stands where no value can.
pub fn read<'a>(bytes: &'a [u8], arena: &'a Arena) -> Result<Json<'a>, Unreadable> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => arena.bump.alloc_str(&String::from_utf8_lossy(bytes)),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        text,
        at: 0,
        arena,
        elements: Vec::new(),
        members: Vec::with_capacity(64),
        scratch: String::new(),
    };
    let value = reader.value(DEPTH_MAX)?;
    reader.skip_blank();
    if reader.at == text.len() {
        Ok(value)
    } else {
        Err(reader.unreadable())
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    arena: &'a Arena,
    /// Elements of the lists that are still open, the innermost last.
    elements: Vec<Json<'a>>,
    /// Members of the objects that are still open, the innermost last.
    members: Vec<Member<'a>>,
    scratch: String,
}

impl<'a> Reader<'a> {
    fn unreadable(&self) -> Unreadable {
        Unreadable { offset: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// The text from `start` to here. Both always lie beside an ASCII character.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self
            .text
            .as_bytes()
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, depth_left: usize) -> Result<Json<'a>, Unreadable> {
        self.skip_blank();
        match self.peek() {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'{' | b'[') if depth_left == 0 => self.too_deep(),
            Some(b'{') => self.object(depth_left - 1),
            Some(b'[') => self.list(depth_left - 1),
            Some(b'0'..=b'9' | b'-' | b'+' | b'.') => self.number(),
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Result<Json<'a>, Unreadable> {
        if self.take("null") || self.take("NaN") || self.take("Infinity") {
            Ok(Json::Null)
        } else if self.take("true") {
            Ok(Json::Bool(true))
        } else if self.take("false") {
            Ok(Json::Bool(false))
        } else {
            Err(self.unreadable())
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<Json<'a>, Unreadable> {
        self.at += 1;
        let first = self.members.len();
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b'"') => {}
                Some(b'}') => break,
                _ => return Err(self.unreadable()),
            }
            let key = self.string()?;
            self.skip_blank();
            if self.peek() != Some(b':') {
                return Err(self.unreadable());
            }
            self.at += 1;
            let value = self.value(depth_left)?;
            self.members.push(Member { key, value });
            if !self.another(b'}')? {
                break;
            }
        }
        self.at += 1;
        let members = self
            .arena
            .bump
            .alloc_slice_copy(self.members.get(first..).unwrap_or_default());
        self.members.truncate(first);
        Ok(Json::Object(members))
    }

    fn list(&mut self, depth_left: usize) -> Result<Json<'a>, Unreadable> {
        self.at += 1;
        let first = self.elements.len();
        loop {
            self.skip_blank();
            if self.peek() == Some(b']') {
                break;
            }
            let element = self.value(depth_left)?;
            self.elements.push(element);
            if !self.another(b']')? {
                break;
            }
        }
        self.at += 1;
        let elements = self
            .arena
            .bump
            .alloc_slice_copy(self.elements.get(first..).unwrap_or_default());
        self.elements.truncate(first);
        Ok(Json::List(elements))
    }

    /// Step over a comma; say no when the end stands there instead.
    fn another(&mut self, end: u8) -> Result<bool, Unreadable> {
        self.skip_blank();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == end => Ok(false),
            _ => Err(self.unreadable()),
        }
    }

    fn number(&mut self) -> Result<Json<'a>, Unreadable> {
        let start = self.at;
        if matches!(self.peek(), Some(b'-' | b'+')) {
            self.at += 1;
        }
        if self.take("Infinity") || self.take("NaN") {
            return Ok(Json::Null);
        }
        let whole = self.digits();
        let mut fraction = 0;
        if self.peek() == Some(b'.') {
            self.at += 1;
            fraction = self.digits();
        }
        if whole + fraction == 0 {
            return Err(self.unreadable());
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'-' | b'+') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.unreadable());
            }
        }
        Ok(Json::Number(self.since(start)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    /// A string whose opening quote is next.
    fn string(&mut self) -> Result<&'a str, Unreadable> {
        self.at += 1;
        let start = self.at;
        self.skip_plain();
        if self.peek() == Some(b'"') {
            let plain = self.since(start);
            self.at += 1;
            return Ok(plain);
        }
        self.scratch.clear();
        let mut piece = start;
        loop {
            let plain = self.since(piece);
            self.scratch.push_str(plain);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => self.at += 1,
                None => return Err(self.unreadable()),
            }
            piece = self.at;
            self.skip_plain();
        }
        self.at += 1;
        Ok(self.arena.bump.alloc_str(&self.scratch))
    }

    /// Step to the next quote, backslash or NUL, eight bytes at a time.
    fn skip_plain(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(eight) = bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*eight);
            let hits =
                zero_bytes(word ^ QUOTES) | zero_bytes(word ^ BACKSLASHES) | zero_bytes(word);
            if hits != 0 {
                self.at += hits.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while let Some(byte) = self.peek()
            && !matches!(byte, b'"' | b'\\' | 0)
        {
            self.at += 1;
        }
    }

    /// One escape, whose backslash is next, into the scratch.
    fn escape(&mut self) -> Result<(), Unreadable> {
        let Some(letter) = self
            .text
            .get(self.at + 1..)
            .and_then(|rest| rest.chars().next())
        else {
            return Err(self.unreadable());
        };
        self.at += 1 + letter.len_utf8();
        let character = match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode_escape(),
            // Quote, backslash and slash stand for themselves; so does what JSON does not know.
            other => other,
        };
        if character != '\0' {
            self.scratch.push(character);
        }
        Ok(())
    }

    /// The four digits behind `\u`, together with those of a second half if there is one.
    fn unicode_escape(&mut self) -> char {
        let Some(unit) = self.four_digits() else {
            return char::REPLACEMENT_CHARACTER;
        };
        if let Some(character) = char::from_u32(unit) {
            return character;
        }
        let behind_first = self.at;
        if unit < 0xDC00
            && self.take("\\u")
            && let Some(low @ 0xDC00..=0xDFFF) = self.four_digits()
        {
            let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        self.at = behind_first;
        char::REPLACEMENT_CHARACTER
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// Keep a list or object that lies too deep as its own text, without descending into it.
    fn too_deep(&mut self) -> Result<Json<'a>, Unreadable> {
        let start = self.at;
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']') => open -= 1,
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(_) => {}
                None => return Err(self.unreadable()),
            }
            self.at += 1;
            if open == 0 {
                let raw = self.since(start);
                return Ok(Json::Text(raw));
            }
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const QUOTES: u64 = ONES * b'"' as u64;
const BACKSLASHES: u64 = ONES * b'\\' as u64;

/// Mark the zero bytes of a word by their high bit; the lowest mark is always a true one.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH_BITS
}
