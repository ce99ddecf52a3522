"""What directories keep in userPassword."""

import base64
import hashlib
import struct

from passlib import hash as passlib

import crypts
from programs import mkpasswd, mkpasswd_version, passlib_version, slappasswd
from table import BLANKS, LETTERS, PLAIN, USUAL, row, salt_bytes

OPENLDAP = "slappasswd 2.5 (OpenLDAP)"


def passlibs():
    salted = [
        ("ssha", passlib.ldap_salted_sha1), ("smd5", passlib.ldap_salted_md5),
        ("ssha256", passlib.ldap_salted_sha256), ("ssha512", passlib.ldap_salted_sha512),
    ]
    for notation, maker in salted:
        for password in USUAL:
            row(notation, passlib_version(), "hash", password, maker.using(salt=salt_bytes(8)).hash(password))
    for notation, maker in [("sha1", passlib.ldap_sha1), ("md5", passlib.ldap_md5)]:
        for password in USUAL[:3]:
            row(notation, passlib_version(), "hash", password, maker.hash(password))
    pbkdf2 = [
        ("pbkdf2-sha1", "hook", passlib.ldap_pbkdf2_sha1), ("pbkdf2-sha256", "hash", passlib.ldap_pbkdf2_sha256),
        ("pbkdf2-sha512", "hash", passlib.ldap_pbkdf2_sha512),
    ]
    for notation, route, maker in pbkdf2:
        for password in USUAL[:3]:
            text = maker.using(rounds=5000, salt=salt_bytes(16)).hash(password)
            row(notation, passlib_version(), route, password, text)


def openldaps():
    schemes = [
        ("{SSHA}", None, "ssha", "hash"), ("{SMD5}", None, "smd5", "hash"), ("{SHA}", None, "sha1", "hash"),
        ("{MD5}", None, "md5", "hash"), ("{SSHA256}", "pw-sha2", "ssha256", "hash"),
        ("{SSHA384}", "pw-sha2", "ssha384", "hook"), ("{SSHA512}", "pw-sha2", "ssha512", "hash"),
        ("{SHA256}", "pw-sha2", "sha256", "hash"), ("{SHA384}", "pw-sha2", "sha384", "hook"),
        ("{SHA512}", "pw-sha2", "sha512", "hash"), ("{PBKDF2}", "pw-pbkdf2", "pbkdf2-sha1", "hook"),
        ("{PBKDF2-SHA256}", "pw-pbkdf2", "pbkdf2-sha256", "hash"),
        ("{PBKDF2-SHA512}", "pw-pbkdf2", "pbkdf2-sha512", "hash"), ("{ARGON2}", "argon2", "argon2i", "hook"),
    ]
    for scheme, module, notation, route in schemes:
        for password in USUAL[:3]:
            if text := slappasswd(scheme, module, password):
                row(notation, OPENLDAP, route, password, text)


def wrapped():
    """Other people's strings behind a scheme."""
    for password in [PLAIN, LETTERS, BLANKS]:
        row("bcrypt", crypts.PYTHON_BCRYPT, "hash", password, "{BCRYPT}" + crypts.bcrypt_text(password, "2a"))
        row("bcrypt", crypts.PYTHON_BCRYPT, "hash", password, "{CRYPT}" + crypts.bcrypt_text(password, "2b"))
        text = mkpasswd("sha256crypt", password, "-R", "1200")
        row("sha256-crypt", mkpasswd_version(), "hook", password, "{CRYPT}" + text)
        text = mkpasswd("sha512crypt", password)
        row("sha512-crypt", mkpasswd_version(), "hook", password, "{CRYPT}" + text)
        text = mkpasswd("md5crypt", password)
        row("md5-crypt", mkpasswd_version(), "hook", password, "{crypt}" + text)
        text = passlib.ldap_salted_sha1.using(salt=salt_bytes(4)).hash(password)
        row("ssha", passlib_version() + " (LDIF)", "hash", password, base64.b64encode(text.encode()).decode())


def ds389():
    """{PBKDF2_SHA256} of 389 DS: iterations in four bytes, 64 bytes of salt, 256 bytes of key."""
    for password in USUAL[:3]:
        salt = salt_bytes(64)
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 4100, 256)
        text = base64.b64encode(struct.pack(">I", 4100) + salt + key).decode()
        row("pbkdf2-sha256", "hashlib (389 DS layout)", "hook", password, "{PBKDF2_SHA256}" + text)


def make():
    for part in [passlibs, openldaps, wrapped, ds389]:
        part()
