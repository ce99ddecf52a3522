"""Plain digests in columns, NTLM, MySQL."""

import base64
import hashlib

from passlib import hash as passlib

from programs import passlib_version
from table import USUAL, row, salt_bytes


def b64(raw):
    return base64.b64encode(raw).decode()


def columns():
    names = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
    for digest, algorithm in names.items():
        route = "hook" if digest == "sha384" else "hash"
        for at, password in enumerate(USUAL):
            secret = password.encode()
            unsalted = hashlib.new(digest, secret)
            row(digest, "hashlib", route, password, hashedPassword=unsalted.hexdigest(), algorithm=algorithm)
            row(digest, "hashlib", route, password, hashedPassword=b64(unsalted.digest()), algorithm=algorithm)
            for order in ["PREFIX", "POSTFIX"]:
                salt = salt_bytes(8 + at)
                raw = hashlib.new(digest, salt + secret if order == "PREFIX" else secret + salt).digest()
                encode = b64 if at % 2 else bytes.hex
                row(digest, "hashlib", route, password, hashedPassword=encode(raw), salt=encode(salt),
                    algorithm=algorithm, saltOrder=order)


def rounds():
    """The raw digest, digested again (Jasypt and many others)."""
    for digest, algorithm in [("md5", "MD5"), ("sha1", "SHA-1"), ("sha256", "SHA-256"), ("sha512", "SHA-512")]:
        for at, password in enumerate(USUAL[:3]):
            salt = salt_bytes(8)
            raw = (salt if at else b"") + password.encode()
            for _ in range(1000):
                raw = hashlib.new(digest, raw).digest()
            salted = {"salt": b64(salt), "saltOrder": "PREFIX"} if at else {}
            row("iterated-digest", "hashlib", "hook", password, hashedPassword=b64(raw), algorithm=algorithm,
                iterations="1000", **salted)


def pbkdf2_columns():
    for digest, route, name in [("sha1", "hook", "SHA1_HMAC"), ("sha256", "hash", "SHA256_HMAC"), ("sha512", "hash", "SHA512_HMAC")]:
        for password in USUAL[:3]:
            salt = salt_bytes(16)
            key = hashlib.pbkdf2_hmac(digest, password.encode(), salt, 5000, 24)
            row(f"pbkdf2-{digest}", "hashlib", route, password, hashedPassword=b64(key), salt=b64(salt),
                algorithm="PBKDF2", iterations="5000", keySize="24", digestAlgorithm=name)


def windows_and_mysql():
    for password in USUAL:
        text = passlib.nthash.hash(password)
        row("ntlm", passlib_version(), "hook", password, text, settlement="notation=ntlm")
        row("ntlm", passlib_version(), "hook", password, hashedPassword=text.upper(), algorithm="NTLM")
        row("ntlm", passlib_version(), "hook", password, passlib.bsd_nthash.hash(password))
        row("ntlm", passlib_version(), "hook", password, "{NT}" + text)
        row("mysql41", passlib_version(), "hook", password, passlib.mysql41.hash(password))
        row("md5", passlib_version(), "hash", password, passlib.hex_md5.hash(password), settlement="notation=md5")
        row("md4", passlib_version(), "hook", password, hashedPassword=passlib.hex_md4.hash(password), algorithm="MD4")
        row("sha1", passlib_version(), "hash", password, passlib.hex_sha1.hash(password), settlement="notation=sha1")
        row("sha256", passlib_version(), "hash", password, passlib.hex_sha256.hash(password), settlement="notation=sha256")
        row("sha512", passlib_version(), "hash", password, passlib.hex_sha512.hash(password), settlement="notation=sha512")


def make():
    for part in [columns, rounds, pbkdf2_columns, windows_and_mysql]:
        part()
