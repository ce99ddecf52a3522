"""Programs that make hashes."""

import os
import re
import subprocess
import sys


def run(*command, text=None, env=None):
    done = subprocess.run(command, input=text, capture_output=True, check=True, text=True, env=env)
    return done.stdout.strip("\n")


def php(code, *arguments):
    return run("php", "-r", code, "--", *arguments)


def php_version():
    return "PHP " + php("echo PHP_VERSION;")


def mkpasswd(method, password, *options):
    return run("mkpasswd", "-s", "-m", method, *options, text=password)


def mkpasswd_version():
    return "mkpasswd " + run("mkpasswd", "--version").split()[1].rstrip(",")


def htpasswd(flags, password):
    return run("htpasswd", "-ni" + flags, "u", text=password).split(":", 1)[1].strip()


def openssl(flag, salt, password):
    return run("openssl", "passwd", flag, "-salt", salt, "-stdin", text=password)


def openssl_version():
    return " ".join(run("openssl", "version").split()[:2])


def slappasswd(scheme, module, password, *options):
    """None where OpenLDAP is not at hand."""
    root = os.environ.get("SLAPD")
    if not root:
        return None
    modules = ["-o", f"module-path={root}/usr/lib/ldap", "-o", f"module-load={module}"] if module else []
    return run(f"{root}/usr/sbin/slappasswd", *modules, *options, "-h", scheme, "-s", password)


def werkzeug2(method, password):
    """A hash of the old Werkzeug, which can't live in this process beside the new one."""
    code = (
        "import sys; from werkzeug.security import generate_password_hash as make;"
        "print(make(sys.argv[1], method=sys.argv[2], salt_length=12))"
    )
    path = os.pathsep.join([os.environ["WERKZEUG2"]])
    return run(sys.executable, "-c", code, password, method, env={**os.environ, "PYTHONPATH": path})


def passlib_version():
    import passlib

    return f"passlib {re.sub('[^0-9.]', '', passlib.__version__)}"
