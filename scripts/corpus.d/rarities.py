"""What came later, at the end of the table, with dice of its own: the rows before stay as they are."""

import base64
import crypt
import hashlib
import os
import random
import sys

from passlib.crypto._blowfish import raw_bcrypt

from programs import passlib_version, run
from table import BLANKS, LETTERS, PLAIN, USUAL, row

DICE = random.Random(20261122)
RADIX64 = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def salt():
    return "".join(DICE.choice(RADIX64) for _ in range(21)) + DICE.choice(".Oeu")


def bcrypts():
    """Okta's sample of an import has two columns, and no work factor: it means 10."""
    for password in [PLAIN, LETTERS, BLANKS]:
        text = crypt.crypt(password, "$2b$10$" + salt())
        row("bcrypt-assumed-10", "libxcrypt 4.4.33", "hash", password, hashedPassword=text[29:], salt=text[7:29])
    # Of 1997: the zero at the end of the password is not hashed.
    for password in [PLAIN, LETTERS, BLANKS]:
        letters = salt()
        value = raw_bcrypt(password.encode(), "2", letters.encode(), 5).decode()
        row("bcrypt-2", passlib_version(), "reset", password, f"$2$05${letters}{value}")


def werkzeugs():
    code = "import sys; from werkzeug.security import generate_password_hash as make; print(make(sys.argv[1], 'sha384', 16))"
    for password in USUAL[:3]:
        text = run(sys.executable, "-W", "ignore", "-c", code, password,
                   env={**os.environ, "PYTHONPATH": os.environ["WERKZEUG2"]})
        row("hmac-sha384", "Werkzeug 2.0.3", "hook", password, text, settlement="notation=hmac-sha384")


def aspnets():
    """SqlMembership's password, format and salt, in one cell."""
    for password in USUAL[:3]:
        raw = DICE.randbytes(16)
        value = hashlib.sha1(raw + password.encode("utf-16-le")).digest()
        text = "|".join([base64.b64encode(value).decode(), "1", base64.b64encode(raw).decode()])
        row("aspnet-membership", "hashlib (ASP.NET layout)", "hook", password, text)


def make():
    for part in [bcrypts, werkzeugs, aspnets]:
        part()
