//! Many lines in few bytes: each is written as its distance from the one before, in groups of seven bits, the lowest
//! first. Neighbours take a byte each. The order is kept.

/// The lines as bytes.
pub fn packed(lines: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(lines.len() + 8);
    let mut before = 0;
    for line in lines {
        push(&mut bytes, folded(line.wrapping_sub(before)));
        before = *line;
    }
    bytes
}

/// The lines in these bytes. What is cut off is left out.
pub fn unpacked(bytes: &[u8]) -> Vec<u64> {
    let (mut lines, mut before) = (Vec::new(), 0_u64);
    let (mut number, mut shift) = (0_u64, 0_u32);
    for byte in bytes {
        number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
        shift += 7;
        if byte & 0x80 == 0 {
            before = before.wrapping_add(unfolded(number));
            lines.push(before);
            (number, shift) = (0, 0);
        }
    }
    lines
}

fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_bits(number));
}

fn low_bits(number: u64) -> u8 {
    u8::try_from(number & 0x7f).unwrap_or_default()
}

/// A step back is a large number when it wraps: the sign goes to the lowest bit.
fn folded(step: u64) -> u64 {
    let sign = (step.cast_signed() >> 63).cast_unsigned();
    (step << 1) ^ sign
}

fn unfolded(number: u64) -> u64 {
    (number >> 1) ^ (number & 1).wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_in_their_order() {
        for lines in [
            vec![],
            vec![0],
            vec![2, 3, 4, 90],
            vec![7, 3, 3, 1 << 40],
            vec![u64::MAX, 0, u64::MAX, 1 << 63, (1 << 63) - 1],
        ] {
            assert_eq!(unpacked(&packed(&lines)), lines);
        }
    }

    #[test]
    fn neighbours_take_a_byte_each() {
        let lines: Vec<u64> = (5_000_000..5_000_200).collect();
        assert!(packed(&lines).len() < 210);
    }

    #[test]
    fn what_is_cut_off_or_odd_is_no_panic() {
        let bytes = packed(&[1, 1 << 50]);
        assert_eq!(unpacked(&bytes[..bytes.len() - 1]), [1]);
        unpacked(&[0xff; 40]);
    }
}
