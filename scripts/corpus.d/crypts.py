"""crypt(3) and its kin, bcrypt, and the strings of Argon2, scrypt and PBKDF2."""

import base64
import crypt

import argon2
import bcrypt
from argon2.low_level import Type, hash_secret
from passlib import hash as passlib

from programs import htpasswd, mkpasswd, mkpasswd_version, openssl, openssl_version, passlib_version, php, php_version
from table import BLANKS, DICE, EIGHT, LETTERS, LONG, PLAIN, SHORT, USUAL, row, salt_bytes, salt_text

PYTHON_BCRYPT = f"bcrypt {bcrypt.__version__} (Python)"
XCRYPT = "libxcrypt 4.4.33"
RADIX64 = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def bcrypt_salt(prefix, cost):
    # The last letter carries two bits only.
    return f"${prefix}${cost:02}$" + salt_text(21, RADIX64) + DICE.choice(".Oeu")


def bcrypt_text(password, prefix="2b", cost=5):
    return bcrypt.hashpw(password.encode(), bcrypt_salt(prefix, cost).encode()).decode()


def bcrypts():
    for password in SHORT:
        row("bcrypt", PYTHON_BCRYPT, "hash", password, bcrypt_text(password))
    for password in SHORT:
        row("bcrypt", XCRYPT, "hash", password, crypt.crypt(password, bcrypt_salt("2a", 5)))
    for password in [PLAIN, LETTERS, LONG]:
        code = 'echo password_hash($argv[1], PASSWORD_BCRYPT, ["cost" => 5]);'
        row("bcrypt", php_version() + " (Laravel)", "hash", password, php(code, password))
    row("bcrypt", "htpasswd 2.4", "hash", EIGHT, htpasswd("BC5", EIGHT))
    for password in SHORT:
        row("bcrypt-2x", XCRYPT, "hook", password, crypt.crypt(password, bcrypt_salt("2x", 5)))
    # Passwords whose bytes above 127 make a difference.
    row("bcrypt-2x", XCRYPT, "hook", "ÄÖÜäöüßé", crypt.crypt("ÄÖÜäöüßé", bcrypt_salt("2x", 5)))
    for password in SHORT[:3]:
        text = bcrypt_text(password, cost=6)
        cells = {"hashedPassword": text[29:], "salt": text[7:29], "algorithm": "BCRYPT", "workFactor": "6"}
        row("bcrypt", PYTHON_BCRYPT, "hash", password, **cells)
    pepper = "0f4c-pepper-of-the-old-shop"
    for password in [PLAIN, LETTERS, BLANKS]:
        text = bcrypt_text(password + pepper, "2a")
        row("bcrypt", PYTHON_BCRYPT + " (Devise)", "hook", password, text, settlement=f"pepper={pepper}")
    for version in [1, 2]:
        for password in USUAL:
            maker = passlib.bcrypt_sha256.using(rounds=5, version=version, salt=salt_text(21, RADIX64) + ".")
            row("bcrypt-sha256", passlib_version(), "hook", password, maker.hash(password))


def argon2s():
    made = f"argon2-cffi {argon2.__version__}"
    for name, kind in [("argon2id", Type.ID), ("argon2i", Type.I), ("argon2d", Type.D)]:
        for password, lanes in zip(USUAL, [1, 2, 4, 1]):
            text = hash_secret(password.encode(), salt_bytes(16), 2, 512, lanes, 32, kind)
            row(name, made, "hook", password, text.decode())
    for password in USUAL[:3]:
        text = hash_secret(password.encode(), salt_bytes(8), 3, 64, 1, 24, Type.I, version=16).decode()
        row("argon2i", made, "hook", password, text.replace("$v=16", ""))
    for name in ["argon2i", "argon2id"]:
        code = f'echo password_hash($argv[1], PASSWORD_{name.upper()}, ["memory_cost" => 1024, "time_cost" => 2, "threads" => 1]);'
        row(name, php_version() + " (Laravel)", "hook", LETTERS, php(code, LETTERS))


def scrypts():
    for password in USUAL:
        maker = passlib.scrypt.using(rounds=10, block_size=8, parallelism=1, salt=salt_bytes(16))
        row("scrypt", passlib_version(), "hook", password, maker.hash(password))
    row("scrypt", passlib_version(), "hook", LETTERS, passlib.scrypt.using(rounds=7, parallelism=3).hash(LETTERS))
    for password in USUAL:
        # 2^9, r 8, p 1.
        row("scrypt", XCRYPT, "hook", password, crypt.crypt(password, "$7$76..../...." + salt_text(16)))


def pbkdf2s():
    for notation, route, maker in [
        ("pbkdf2-sha1", "hook", passlib.pbkdf2_sha1),
        ("pbkdf2-sha256", "hash", passlib.pbkdf2_sha256),
        ("pbkdf2-sha512", "hash", passlib.pbkdf2_sha512),
    ]:
        for password in USUAL:
            text = maker.using(rounds=6000, salt=salt_bytes(16)).hash(password)
            row(notation, passlib_version(), route, password, text)
    import hashlib

    for digest, route in [("sha1", "hook"), ("sha256", "hash"), ("sha512", "hash")]:
        for password in USUAL[:3]:
            salt, size = salt_bytes(16), 32
            key = hashlib.pbkdf2_hmac(digest, password.encode(), salt, 5000, size)
            plain = lambda raw: base64.b64encode(raw).decode().rstrip("=")
            text = f"$pbkdf2-{digest}$i=5000,l={size}${plain(salt)}${plain(key)}"
            row(f"pbkdf2-{digest}", "hashlib (PHC string)", route, password, text)
    for password in USUAL[:2]:
        text = passlib.pbkdf2_sha256.using(rounds=1000, salt=salt_bytes(16)).hash(password)
        row("pbkdf2-sha256", passlib_version(), "hook", password, text)


def crypts():
    for password in USUAL:
        row("md5-crypt", openssl_version(), "hook", password, openssl("-1", salt_text(8), password))
        row("apr1", openssl_version(), "hook", password, openssl("-apr1", salt_text(8), password))
        row("sha256-crypt", openssl_version(), "hook", password, openssl("-5", salt_text(16), password))
        row("sha512-crypt", openssl_version(), "hook", password, openssl("-6", salt_text(16), password))
    row("md5-crypt", XCRYPT, "hook", "", crypt.crypt("", "$1$" + salt_text(8)))
    row("md5-crypt", XCRYPT, "hook", BLANKS, crypt.crypt(BLANKS, "$1$" + salt_text(4)))
    row("apr1", "htpasswd 2.4", "hook", BLANKS, htpasswd("m", BLANKS))
    for password in USUAL:
        for name, marker in [("sha256-crypt", "5"), ("sha512-crypt", "6")]:
            text = crypt.crypt(password, f"${marker}$rounds=1500${salt_text(10)}")
            row(name, XCRYPT, "hook", password, text)
        row("yescrypt", mkpasswd_version(), "hook", password, mkpasswd("yescrypt", password, "-R", "1"))
        row("sha1-crypt", XCRYPT, "hook", password, crypt.crypt(password, f"$sha1$1200${salt_text(8)}$"))
    # Usual ones; classic, write-once, two lanes, more time.
    for cost in ["j75", "j9T", "jA5", ".75", "/75", "j85.0", "j75/.", ".75.0", "/75.0"]:
        row("yescrypt", XCRYPT, "hook", LETTERS, crypt.crypt(LETTERS, f"$y${cost}${salt_text(20)}"))
    row("sha1-crypt", passlib_version(), "hook", BLANKS, passlib.sha1_crypt.using(rounds=777).hash(BLANKS))


def des():
    for password in SHORT:
        text = crypt.crypt(password, salt_text(2))
        row("des-crypt", XCRYPT, "hook", password, text, algorithm="descrypt")
        row("des-crypt", XCRYPT, "hook", password, "{CRYPT}" + crypt.crypt(password, salt_text(2)))
    for password in USUAL:
        text = crypt.crypt(password, "_J9.." + salt_text(4))
        row("bsdi-crypt", XCRYPT, "hook", password, text, algorithm="bsdicrypt")
    for password in SHORT:
        text = passlib.ldap_bsdi_crypt.using(rounds=1001).hash(password)
        row("bsdi-crypt", passlib_version(), "hook", password, text)


def unverifiable():
    for password in USUAL[:3]:
        row("gost-yescrypt", XCRYPT, "reset", password, crypt.crypt(password, f"$gy$j75${salt_text(20)}"))
        row("sun-md5", XCRYPT, "reset", password, crypt.crypt(password, f"$md5,rounds=100${salt_text(8)}$"))


def make():
    for part in [bcrypts, argon2s, scrypts, pbkdf2s, crypts, des, unverifiable]:
        part()
