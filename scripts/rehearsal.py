"""What scripts/bench and scripts/kill have in common: the binary, made-up people, an emulated org to rehearse with,
and what the org says of itself. Standard library only, Python 3.8."""
import hashlib, http.client, json, os, pathlib, signal, subprocess, sys, time
from typing import NamedTuple
from urllib.parse import urlsplit

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
# Made in no time, and of different sizes; the notation matters to nobody here.
HASHES = "ssha512,ssha256,none"


class Ran(NamedTuple):
    """What a command took: exit code, wall and CPU seconds, peak memory in MiB."""

    code: int
    wall: float
    cpu: float
    memory: float


def binary(profile="debug"):
    """The binary to test: the one that MUSTER names, or the one of this tree, which is built."""
    named = os.environ.get("MUSTER")
    if named:
        return pathlib.Path(named).resolve()
    release = ["--release"] if profile == "release" else []
    subprocess.run(["cargo", "build", "-q", "--locked", *release], cwd=ROOT, check=True)
    return TARGET / profile / "muster"


def people(muster, folder, count, *options):
    """A file of made-up people, made once."""
    path = pathlib.Path(folder) / f"people-{count}.csv"
    if not path.exists():
        subprocess.run([muster, "generate", "-q", "-n", str(count), "--hashes", HASHES, "-o", path, *options], check=True)
    return path


def digest(names):
    """As the org makes its `logins_sha256`."""
    return hashlib.sha256("".join(f"{name}\n" for name in sorted(names, key=str.encode)).encode()).hexdigest()


def environment(org, folder):
    """Nothing of the caller's settings: only the org and a home of its own."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "OKTA_ORG_URL": org, "OKTA_API_TOKEN": "test"}


def ended(process):
    """Waits for a process, and reads what the kernel has counted for it: nothing, if it was waited for before."""
    if process.returncode is not None:
        return process.returncode, 0.0, 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ran(command, **options):
    """Runs a command to its end."""
    began = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], **{"stdout": subprocess.DEVNULL, **options})
    code, cpu, memory = ended(process)
    return Ran(code, time.monotonic() - began, cpu, memory)


class Org:
    """An emulated org without limits, other than the options say."""

    def __init__(self, muster, *options, port=0):
        self.command = [str(muster), "emulator", "-q", "--limit", "all=unlimited", *options]
        self.port = port
        self.start()

    def start(self):
        command = [*self.command, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = self.process.stdout.readline()
        if not told:
            sys.exit(f"the emulated org does not start: {self.process.stderr.read().strip()}")
        self.url = json.loads(told)["url"]
        self.port = urlsplit(self.url).port

    def kill(self):
        """As a power cut would, and not to be asked for its counts any more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.process.terminate()
            _, self.cpu, self.memory = ended(self.process)
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()

    def text(self, path):
        """One of its own paths, which no real org has."""
        place = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            place.request("GET", f"/_emulator/{path}")
            return place.getresponse().read().decode()
        finally:
            place.close()

    def ask(self, path):
        return json.loads(self.text(path))

    def lines(self, path):
        return [json.loads(line) for line in self.text(path).splitlines()]
