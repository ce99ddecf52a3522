//! A text of JSON, taken out of its quotes without leaving a copy behind: a parser's own buffer for escapes would
//! keep the password after us.

use zeroize::Zeroizing;

/// The text that `raw` stands for: a string of JSON with its quotes. None if it is no string, or half a letter.
pub(super) fn text(raw: &str) -> Option<Zeroizing<String>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    // Escapes are never shorter than what they stand for: there is room from the start.
    let mut text = Zeroizing::new(String::with_capacity(inner.len()));
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at)?);
        let (letter, after) = escaped(rest.get(at + 1..)?)?;
        text.push(letter);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// The letter of an escape, behind its backslash, and what comes after it.
fn escaped(rest: &str) -> Option<(char, &str)> {
    let mut letters = rest.chars();
    let letter = match letters.next()? {
        same @ ('"' | '\\' | '/') => same,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return by_number(letters.as_str()),
        _ => return None,
    };
    Some((letter, letters.as_str()))
}

/// `XXXX`, or two of them where the letter is beyond the first 65,536.
fn by_number(rest: &str) -> Option<(char, &str)> {
    let (high, rest) = unit(rest)?;
    if !(0xd800..0xdc00).contains(&high) {
        // A low half on its own is no letter.
        return Some((char::from_u32(high)?, rest));
    }
    let (low, rest) = unit(rest.strip_prefix("\\u")?)?;
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)?, rest))
}

fn unit(rest: &str) -> Option<(u32, &str)> {
    let (digits, after) = (rest.get(..4)?, rest.get(4..)?);
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten().map(|unit| (unit, after))
}
