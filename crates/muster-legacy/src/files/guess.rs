//! The guess at an encoding that nothing declares, for a file that is not UTF-8.
//!
//! chardetng was made for web pages. A file of people has few words with accents, often a single one, and
//! on those it names Asian and Cyrillic encodings readily. So its word counts only where the shape of the
//! words agrees; for words of Latin letters the answer is windows-1252 unless there is much evidence.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::files::evidence::Evidence;

/// Encodings of languages that are written in Latin letters.
const LATIN: [&str; 12] = [
    "windows-1250",
    "windows-1252",
    "windows-1254",
    "windows-1257",
    "windows-1258",
    "ISO-8859-2",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-10",
    "ISO-8859-13",
    "ISO-8859-15",
    "macintosh",
];

/// From so many words on, the detector is trusted between the Latin encodings.
const MANY_WORDS: usize = 100;

/// The most likely encoding.
pub(super) fn guess(evidence: &Evidence) -> &'static Encoding {
    let latin = is_latin(&evidence.words);
    if is_damaged_utf8(evidence, latin) {
        return UTF_8;
    }
    let detected = detect(&evidence.words);
    let accepted = if latin {
        LATIN.contains(&detected.name()) && !is_western(&evidence.words)
    } else {
        is_foreign(&evidence.words) && !detected.decode_without_bom_handling(&evidence.words).1
    };
    if accepted { detected } else { WINDOWS_1252 }
}

/// Western letters hardly ever form valid UTF-8 by accident, those of other scripts now and then. Where
/// both readings are possible, UTF-8 is the one that makes faults visible.
fn is_damaged_utf8(evidence: &Evidence, latin: bool) -> bool {
    let weight = if latin { 10 } else { 1 };
    evidence.valid > 0 && evidence.valid.saturating_mul(weight) >= evidence.invalid
}

fn detect(words: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(words, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether the words with accents consist of Latin letters for the rest.
fn is_latin(words: &[u8]) -> bool {
    let letters = words.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let others = words.iter().filter(|byte| !byte.is_ascii()).count();
    letters * 10 >= (letters + others) * 4
}

/// Whether there are words wholly outside of ASCII, as in any other script.
fn is_foreign(words: &[u8]) -> bool {
    words.split(u8::is_ascii).map(<[u8]>::len).max().unwrap_or_default() >= 3
}

/// Whether the words make sense as windows-1252, or are too few to say that they do not.
fn is_western(words: &[u8]) -> bool {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(words);
    let count = text.split_whitespace().count();
    let odd = text.split_whitespace().filter(|word| has_symbol_in_word(word)).count();
    let few = count < MANY_WORDS;
    if few { odd * 5 < count.max(1) } else { detect(words) == WINDOWS_1252 }
}

/// Whether a sign that no name has stands next to a letter: `£ukasz` is a name in another encoding.
fn has_symbol_in_word(word: &str) -> bool {
    let characters: Vec<char> = word.chars().collect();
    let lettered = |window: &[char]| window.iter().any(char::is_ascii_alphabetic);
    let symbol = |character: &char| "¤¥£¦¨¯¸¹²³¼½¾¿×÷¢¬".contains(*character) || character.is_control();
    characters.windows(2).any(|window| lettered(window) && window.iter().any(symbol))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &[u8]) -> &'static str {
        let mut evidence = Evidence::default();
        evidence.feed(text);
        evidence.finish();
        guess(&evidence).name()
    }

    #[test]
    fn a_single_western_name_is_western() {
        let names = "5 € “Bob” O’Brién Müller José François Åse Weiß Øystein Töölö Määttä Þórður Zoë Æ NÚÑEZ \
                     PEÑA ÉLÉONORE Jörg Noëlle Gonçalves João Conceição Søren Kjær Håkon Bjørnsson Åkerström \
                     Íñigo Käthe Günther Straße D’Été Nuño Niccolò Perù Lefèvre Señora Škoda Žan Œuvre Ýmir \
                     Ólafsdóttir Guðrún Ragnheiður Köhler-Groß Citroën Hääyöaie Jyväskylä Ångström Blåbærgrød";
        for name in names.split_ascii_whitespace() {
            assert_eq!(of(&WINDOWS_1252.encode(name).0), "windows-1252", "{name}");
        }
    }

    #[test]
    fn polish_is_not_western() {
        let names = "Łukasz Wałęsa Paweł Michał Małgorzata Błażej Stanisław Żółć";
        assert_eq!(of(&encoding_rs::WINDOWS_1250.encode(names).0), "windows-1250");
    }

    #[test]
    fn other_scripts_are_recognised() {
        let cases = [
            (encoding_rs::WINDOWS_1251, "Фёдор Иванович Шаляпин, Мария Смирнова, Ольга Кузнецова"),
            (encoding_rs::SHIFT_JIS, "山田太郎, 鈴木一郎, 佐藤花子, カタカナ, ひらがな"),
            (encoding_rs::GBK, "王小明, 李雷, 韩梅梅, 张伟, 刘洋, 中华人民共和国"),
            (encoding_rs::EUC_KR, "김철수, 이영희, 박지성, 대한민국, 서울특별시"),
        ];
        for (encoding, text) in cases {
            assert_eq!(of(&encoding.encode(text).0), encoding.name());
        }
    }

    #[test]
    fn few_bad_bytes_among_many_good_ones_are_utf8() {
        assert_eq!(of("Müller José ".repeat(10).as_bytes()), "UTF-8");
        let mut text = "Müller José ".repeat(10).into_bytes();
        text.extend_from_slice(b"Wei\xDF");
        assert_eq!(of(&text), "UTF-8");
    }
}
