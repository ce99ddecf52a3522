"""Keycloak, Auth0, Firebase."""

import base64
import hashlib
import hmac
import json

import argon2
import cryptography
from argon2.low_level import Type, hash_secret, hash_secret_raw
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from passlib import hash as passlib

import crypts
from programs import passlib_version
from table import PLAIN, SHORT, USUAL, row, salt_bytes, salt_text

HAND = "hashlib"


def b64(raw):
    return base64.b64encode(raw).decode()


def keycloaks():
    for algorithm, digest, size, notation, route in [
        ("pbkdf2", "sha1", 64, "pbkdf2-sha1", "hook"), ("pbkdf2-sha256", "sha256", 64, "pbkdf2-sha256", "hash"),
        ("pbkdf2-sha512", "sha512", 64, "pbkdf2-sha512", "hash"),
    ]:
        for password in USUAL:
            salt = salt_bytes(16)
            key = hashlib.pbkdf2_hmac(digest, password.encode(), salt, 5000, size)
            keycloak(notation, HAND, route, password, {"hashIterations": 5000, "algorithm": algorithm,
                     "additionalParameters": {}}, key, salt)
    for password in USUAL:
        salt = salt_bytes(16)
        key = hash_secret_raw(password.encode(), salt, 3, 1024, 1, 32, Type.ID)
        more = {"hashLength": ["32"], "memory": ["1024"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"]}
        keycloak("argon2id", f"argon2-cffi {argon2.__version__}", "hook", password, {"hashIterations": 3,
                 "algorithm": "argon2", "additionalParameters": more}, key, salt)


def keycloak(notation, made, route, password, data, key, salt):
    """In two columns, and for one password the whole credential in one cell."""
    secret = json.dumps({"value": b64(key), "salt": b64(salt), "additionalParameters": {}})
    data = json.dumps(data)
    row(notation, made + " (Keycloak layout)", route, password, credentialData=data, secretData=secret)
    if password == PLAIN:
        whole = json.dumps({"type": "password", "secretData": secret, "credentialData": data})
        row(notation, made + " (Keycloak layout)", route, password, whole)


def auth0(notation, route, password, custom, made=HAND):
    row(notation, made + " (Auth0 layout)", route, password, json.dumps(custom))


def auth0s():
    for password in SHORT[:3]:
        auth0("bcrypt", "hash", password, {"algorithm": "bcrypt", "hash": {"value": crypts.bcrypt_text(password)}},
              crypts.PYTHON_BCRYPT)
    for password in USUAL[:3]:
        digests(password)
        derived(password)


def digests(password):
    secret = password.encode()
    for digest, route in [("md5", "hash"), ("sha1", "hash"), ("sha256", "hash"), ("sha512", "hash")]:
        raw = hashlib.new(digest, secret).digest()
        auth0(digest, route, password, {"algorithm": digest, "hash": {"value": raw.hex(), "encoding": "hex"}})
        salt = salt_text(12)
        raw = hashlib.new(digest, salt.encode() + secret).digest()
        auth0(digest, route, password, {"algorithm": digest, "hash": {"value": b64(raw), "encoding": "base64"},
              "salt": {"value": salt, "encoding": "utf8", "position": "prefix"}})
        salt = salt_bytes(9)
        raw = hashlib.new(digest, secret + salt).digest()
        auth0(digest, route, password, {"algorithm": digest, "hash": {"value": raw.hex(), "encoding": "hex"},
              "salt": {"value": salt.hex(), "encoding": "hex", "position": "suffix"}})
    for digest in ["sha256", "sha512"]:
        key = salt_text(16)
        raw = hmac.new(key.encode(), secret, digest).digest()
        auth0(f"hmac-{digest}", "hook", password, {"algorithm": "hmac", "hash": {"value": raw.hex(), "encoding": "hex",
              "digest": digest, "key": {"value": key, "encoding": "utf8"}}})
    text = passlib.ldap_salted_sha1.using(salt=salt_bytes(8)).hash(password)
    auth0("ssha", "hash", password, {"algorithm": "ldap", "hash": {"value": text}}, passlib_version())


def derived(password):
    secret = password.encode()
    for digest, notation, route in [("sha256", "pbkdf2-sha256", "hash"), ("sha512", "pbkdf2-sha512", "hash")]:
        salt = salt_bytes(16)
        key = hashlib.pbkdf2_hmac(digest, secret, salt, 5000, 64)
        plain = lambda raw: b64(raw).rstrip("=")
        text = f"$pbkdf2-{digest}$i=5000,l=64${plain(salt)}${plain(key)}"
        auth0(notation, route, password, {"algorithm": "pbkdf2", "hash": {"value": text, "encoding": "utf8"}})
    text = hash_secret(secret, salt_bytes(16), 2, 1024, 1, 32, Type.ID).decode()
    auth0("argon2id", "hook", password, {"algorithm": "argon2", "hash": {"value": text, "encoding": "utf8"}},
          f"argon2-cffi {argon2.__version__}")
    salt = salt_bytes(16)
    key = hashlib.scrypt(secret, salt=salt, n=2048, r=8, p=1, dklen=64)
    auth0("scrypt", "hook", password, {"algorithm": "scrypt", "hash": {"value": b64(key), "encoding": "base64"},
          "salt": {"value": b64(salt), "encoding": "base64"}, "cost": 2048, "blockSize": 8, "parallelization": 1,
          "keylen": 64})


SIGNER = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="


def firebases():
    project = f"firebase={SIGNER}:Bw==:8:14"
    row("firebase-scrypt", "Firebase's published example", "hook", "user1password", algorithm="firebase-scrypt",
        hashedPassword="lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
        salt="42xEC+ixf3L2lw==", settlement=project)
    for at, password in enumerate(USUAL):
        salt = salt_bytes(10)
        key = hashlib.scrypt(password.encode(), salt=salt + b"\x07", n=1 << 11, r=8, p=1, dklen=64)[:32]
        cipher = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
        value = cipher.update(base64.b64decode(SIGNER)) + cipher.finalize()
        encode = b64 if at % 2 else lambda raw: base64.urlsafe_b64encode(raw).decode()
        row("firebase-scrypt", f"hashlib, cryptography {cryptography.__version__}", "hook", password,
            algorithm="firebase-scrypt", hashedPassword=encode(value), salt=encode(salt),
            settlement=f"firebase={SIGNER}:Bw==:8:11")


def make():
    for part in [keycloaks, auth0s, firebases]:
        part()
