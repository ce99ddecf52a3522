"""Django, Werkzeug, PHPass, WordPress, Drupal, ASP.NET, Spring."""

import base64
import hashlib
import importlib.metadata
import struct

import argon2
import django
from argon2.low_level import Type, hash_secret
from django.conf import settings
from django.contrib.auth import hashers
from passlib import hash as passlib
from werkzeug.security import generate_password_hash

import crypts
from programs import passlib_version, php, php_version, werkzeug2
from table import SHORT, USUAL, row, salt_bytes, salt_text

ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
DJANGO = f"Django {django.__version__}"


def djangos():
    settings.configure()
    base = "django.contrib.auth.hashers."
    plain = [
        (hashers.PBKDF2PasswordHasher(), "pbkdf2-sha256", "hash", {"iterations": 5000}),
        (hashers.PBKDF2SHA1PasswordHasher(), "pbkdf2-sha1", "hook", {"iterations": 5000}),
        (hashers.MD5PasswordHasher(), "md5", "hash", {}),
        (hashers.SHA1PasswordHasher(), "sha1", "hash", {}),
    ]
    for hasher, notation, route, options in plain:
        for password in USUAL:
            text = hasher.encode(password, salt_text(22, ALNUM), **options)
            meant = {"settlement": f"notation={notation}"} if notation in ["md5", "sha1"] else {}
            row(notation, DJANGO, route, password, text, **meant)
    scrypt, argon = hashers.ScryptPasswordHasher(), hashers.Argon2PasswordHasher()
    argon.time_cost, argon.memory_cost, argon.parallelism = 2, 1024, 2
    for password in USUAL[:3]:
        row("scrypt", DJANGO, "hook", password, scrypt.encode(password, salt_text(22, ALNUM), n=2**11, r=8, p=1))
        row("argon2id", DJANGO, "hook", password, argon.encode(password, salt_text(22, ALNUM)))
    plain_bcrypt, digest_bcrypt = hashers.BCryptPasswordHasher(), hashers.BCryptSHA256PasswordHasher()
    for password in SHORT:
        salt = crypts.bcrypt_salt("2b", 5).encode()
        row("bcrypt", DJANGO, "hash", password, plain_bcrypt.encode(password, salt))
    for password in USUAL:
        salt = crypts.bcrypt_salt("2b", 5).encode()
        row("bcrypt-sha256", DJANGO, "hook", password, digest_bcrypt.encode(password, salt))
    for password in USUAL[:3]:
        row("md5", DJANGO, "hash", password, hashers.UnsaltedMD5PasswordHasher().encode(password, ""),
            settlement="notation=md5")
        row("sha1", DJANGO, "hash", password, hashers.UnsaltedSHA1PasswordHasher().encode(password, ""))
        row("unusable", DJANGO, "reset", "", hashers.make_password(None))


def werkzeugs():
    new = "Werkzeug " + importlib.metadata.version("werkzeug")
    for password in USUAL[:3]:
        text = generate_password_hash(password, "pbkdf2:sha256:5000", 16)
        row("pbkdf2-sha256", new, "hash", password, text)
        row("pbkdf2-sha512", new, "hash", password, generate_password_hash(password, "pbkdf2:sha512:4096", 16))
        row("pbkdf2-sha1", new, "hook", password, generate_password_hash(password, "pbkdf2:sha1:5000", 16))
        row("scrypt", new, "hook", password, generate_password_hash(password, "scrypt:2048:8:1", 16))
    for method in ["sha256", "sha1", "md5", "sha512"]:
        for password in USUAL[:3]:
            row(f"hmac-{method}", "Werkzeug 2.0.3", "hook", password, werkzeug2(method, password),
                settlement=f"notation=hmac-{method}")


def phpasses():
    for ident in "PH":
        for password in USUAL:
            maker = passlib.phpass.using(rounds=8, ident=ident, salt=salt_text(8))
            row("phpass", passlib_version(), "hook", password, maker.hash(password))
    code = (
        'echo "\\$wp" . password_hash(base64_encode(hash_hmac("sha384", trim($argv[1]), "wp-sha384", true)), '
        'PASSWORD_BCRYPT, ["cost" => 5]);'
    )
    for password in [*USUAL, " blanks around "]:
        row("wordpress-bcrypt", php_version(), "hook", password, php(code, password))
    drupal = (
        '$l = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"; $n = 1 << strpos($l, $argv[2][0]);'
        '$s = substr($argv[2], 1); $h = hash("sha512", $s . $argv[1], true);'
        'do { $h = hash("sha512", $h . $argv[1], true); } while (--$n);'
        '$out = ""; $i = 0; do { $v = ord($h[$i++]); $out .= $l[$v & 63]; if ($i < 64) $v |= ord($h[$i]) << 8;'
        '$out .= $l[($v >> 6) & 63]; if ($i++ >= 64) break; if ($i < 64) $v |= ord($h[$i]) << 16;'
        '$out .= $l[($v >> 12) & 63]; if ($i++ >= 64) break; $out .= $l[($v >> 18) & 63]; } while ($i < 64);'
        'echo substr("\\$S\\$" . $argv[2] . $out, 0, 55);'
    )
    for password in USUAL:
        row("drupal7", php_version() + " (Drupal layout)", "hook", password, php(drupal, password, "7" + salt_text(8)))
        md5 = hashlib.md5(password.encode()).hexdigest()
        row("drupal7", php_version() + " (Drupal layout)", "hook", password, "U" + php(drupal, md5, "6" + salt_text(8)))


def b64(raw):
    return base64.b64encode(raw).decode()


def aspnets():
    published = "ASP.NET Core's own test vectors"
    row("pbkdf2-sha1", published, "hook", "my password",
        "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==")
    for digest, route, text in [
        ("sha1", "hook", "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M"),
        ("sha256", "hash", "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ="),
        ("sha512", "hook", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw"),
        ("sha512", "hash", "AQAAAAIAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A=="),
        ("sha256", "hash", "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw=="),
    ]:
        row(f"pbkdf2-{digest}", published, route, "my password", text)
    for password in USUAL:
        salt = salt_bytes(16)
        key = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 32)
        row("pbkdf2-sha1", "hashlib (ASP.NET layout)", "hook", password, b64(b"\0" + salt + key))
        salt = salt_bytes(16)
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 10000, 32)
        text = b64(b"\1" + struct.pack(">III", 1, 10000, 16) + salt + key)
        row("pbkdf2-sha256", "hashlib (ASP.NET layout)", "hash", password, text)
        for digest, name in [("sha1", "aspnet-membership"), ("sha256", "aspnet-membership-sha256")]:
            salt = salt_bytes(16)
            value = hashlib.new(digest, salt + password.encode("utf-16-le")).digest()
            row("aspnet-membership", "hashlib (ASP.NET layout)", "hook", password, algorithm=name,
                hashedPassword=b64(value), salt=b64(salt))


def springs():
    made = "hashlib (Spring Security layout)"
    for password in SHORT[:3]:
        row("bcrypt", crypts.PYTHON_BCRYPT + " (Spring)", "hash", password, "{bcrypt}" + crypts.bcrypt_text(password, "2a"))
    for password in USUAL[:3]:
        salt = salt_bytes(8)
        key = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 185000, 32)
        row("pbkdf2-sha1", made, "hook", password, "{pbkdf2}" + (salt + key).hex())
        salt = salt_bytes(16)
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 310000, 32)
        row("pbkdf2-sha256", made, "hash", password, "{pbkdf2@SpringSecurity_v5_8}" + (salt + key).hex())
        salt = salt_bytes(64)
        key = hashlib.scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32, maxmem=1 << 26)
        row("scrypt", made, "hook", password, "{scrypt}$e0801$" + b64(salt) + "$" + b64(key))
        salt = salt_bytes(16)
        key = hashlib.scrypt(password.encode(), salt=salt, n=1 << 16, r=8, p=1, dklen=32, maxmem=1 << 28)
        row("scrypt", made, "hook", password, "{scrypt@SpringSecurity_v5_8}$100801$" + b64(salt) + "$" + b64(key))
        text = hash_secret(password.encode(), salt_bytes(16), 3, 1 << 12, 1, 32, Type.ID).decode()
        row("argon2id", f"argon2-cffi {argon2.__version__} (Spring)", "hook", password, "{argon2}" + text)
        text = hash_secret(password.encode(), salt_bytes(16), 2, 1 << 14, 1, 32, Type.ID).decode()
        row("argon2id", f"argon2-cffi {argon2.__version__} (Spring)", "hook", password, "{argon2@SpringSecurity_v5_8}" + text)
        salt = salt_bytes(8)
        value = salt + password.encode()
        for _ in range(1024):
            value = hashlib.sha256(value).digest()
        row("iterated-digest", made, "hook", password, "{sha256}" + (salt + value).hex())
        for name, digest in [("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-256", "sha256")]:
            salt = "{" + b64(salt_bytes(32)) + "}"
            value = hashlib.new(digest, (password + salt).encode()).hexdigest()
            row(digest, made, "hash", password, "{" + name + "}" + salt + value)


def make():
    for part in [djangos, werkzeugs, phpasses, aspnets, springs]:
        part()
