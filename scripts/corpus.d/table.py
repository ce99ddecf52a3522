"""The table of the corpus, and the passwords that are in it."""

import csv
import random

COLUMNS = [
    "notation", "made_by", "route", "password", "passwordHash", "hashedPassword", "salt", "algorithm", "workFactor",
    "saltOrder", "iterations", "keySize", "digestAlgorithm", "credentialData", "secretData", "settlement",
]

PLAIN = "Herbst-2024"
LETTERS = "Grüße aus Köln \N{CLOUD WITH RAIN}"
BLANKS = "correct horse battery staple"
EIGHT = "Xk7-Qm2p"
LONG = "The quick brown fox jumps over the lazy dog, and sleeps all day under the old apple tree."
# Three for most, with a long one; four where the notation looks at 72 bytes or fewer.
USUAL = [PLAIN, LETTERS, LONG, EIGHT]
SHORT = [PLAIN, LETTERS, BLANKS, EIGHT]

# Salts are the same each time wherever the implementation takes one.
DICE = random.Random(20241127)
ROWS = []


def row(notation, made_by, route, password, text="", **cells):
    """One row; `text` is its passwordHash."""
    if text:
        cells["passwordHash"] = text
    assert not text.startswith("*0"), f"crypt refused to make {notation}"
    unknown = set(cells) - set(COLUMNS)
    assert not unknown, unknown
    ROWS.append({"notation": notation, "made_by": made_by, "route": route, "password": password, **cells})


def salt_bytes(size):
    return DICE.randbytes(size)


def salt_text(size, letters="./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"):
    return "".join(DICE.choice(letters) for _ in range(size))


def write(path):
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(ROWS)
