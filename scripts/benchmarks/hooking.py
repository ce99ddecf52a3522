"""The password-import hook under load: beside the bare verification of the same hashes on the same cores, at five times
what is possible, with a replica that is killed, with users that nobody knows, and with a million credentials."""
import base64, json, os, pathlib, signal, statistics, subprocess, time

SECRET = "a-secret-of-the-bench"
KINDS = [("ssha256", "SHA-256, salted", 20_000, None), ("bcrypt:10", "bcrypt, cost 10", 400, 0.9),
         ("argon2id", "Argon2id", 400, 0.9)]


class Hook:
    """A `muster hook serve` with a certificate of its own."""

    def __init__(self, bench, credentials, name):
        self.folder = bench.folder / name
        self.folder.mkdir(exist_ok=True)
        self.ca = self.folder / "ca.pem"
        self.ca.unlink(missing_ok=True)
        command = [bench.muster, "hook", "serve", "--credentials", credentials, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                   "--self-signed", "--ca-out", self.ca, "--audit", self.folder / "audit.jsonl"]
        begin = time.monotonic()
        self.process = subprocess.Popen(command, env=environment(bench), cwd=self.folder, stdout=subprocess.PIPE,
                                        stderr=open(self.folder / "stderr", "w"), text=True)
        bench.processes.append(self.process)
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.started = time.monotonic() - begin

    def memory(self):
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()


def environment(bench):
    return {"PATH": os.environ["PATH"], "HOME": str(bench.folder), "MUSTER_HOOK_SECRET": SECRET, "MUSTER_HOOK_KEY": bench.hook_key}


def measure(bench, findings):
    bench.hook_key = base64.b64encode(os.urandom(32)).decode()
    load, rate = bench.example("muster", "hook_load"), bench.example("muster-passwords", "verify_rate")
    rows = []
    for kind, name, people, wanted in KINDS:
        source, known, credentials = population(bench, kind, people)
        bare = int(subprocess.run([rate, source, known, "5"], check=True, capture_output=True, text=True).stdout)
        hook = Hook(bench, credentials, "one")
        called(bench, load, hook, known, "--seconds", "2")
        told = called(bench, load, hook, known, "--seconds", "10", "--connections", "16", "--wrong", "0.2", "--unknown", "0.1")
        part = told["answered"] / told["seconds"] / bare
        ok = "" if wanted is None else "ok" if part >= wanted and not told["wrong_answers"] else "short"
        rows.append([name, f"{bare:,}", f"{told['answered'] / told['seconds']:,.0f}", f"{part:.2f}", f"{told['ms']['p50']:.0f}",
                     f"{told['ms']['p99']:.0f}", told["wrong_answers"], ok])
        if wanted:
            flood(bench, findings, load, hook, known, name, bare)
        hook.end()
    findings.table(["hash", "bare/s", "sign-ins/s", "part", "p50 ms", "p99 ms", "wrong", "wanted 0.9"], rows)
    replicas(bench, findings, load)
    strangers(bench, findings, load)
    if not bench.quick:
        million(bench, findings)


def population(bench, kind, people):
    stem = bench.folder / f"hook-{kind.replace(':', '-')}-{people}"
    source, known, credentials = (stem.with_suffix(suffix) for suffix in (".csv", ".known.csv", ".credentials"))
    if not credentials.exists():
        subprocess.run([bench.muster, "generate", "-q", "-n", str(people), "--hashes", kind, "-o", source, "--known", known], check=True)
        subprocess.run([bench.muster, "hook", "export", source, "--all", "--out", credentials, "-q"], check=True, env=environment(bench),
                       stdout=subprocess.DEVNULL)
    return source, known, credentials


def called(bench, load, hooks, known, *options):
    hooks = hooks if isinstance(hooks, list) else [hooks]
    urls = [word for hook in hooks for word in ("--url", hook.url)]
    roots = bench.folder / "roots.pem"
    roots.write_text("".join(hook.ca.read_text() for hook in hooks))
    command = [load, *urls, "--ca", roots, "--known", known, *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment(bench)).stdout)


def flood(bench, findings, load, hook, known, name, bare):
    """Five times what the cores can verify: what is answered is right and in time, the rest is told to come again."""
    told = called(bench, load, hook, known, "--seconds", "15", "--rate", str(5 * bare), "--wrong", "0.2", "--unknown", "0.1")
    part = told["answered"] / told["seconds"] / bare
    ok = told["wrong_answers"] == 0 and told["latest_of_any_ms"] <= 2900
    shown = (f"{told['answered']:,} of {told['calls']:,} answered ({part:.2f} of the bare rate), {told['wrong_answers']} wrong, "
             f"{told['busy']:,} told to come again, {told['no_answer']} without an answer; latest after {told['latest_of_any_ms']:,.0f} ms")
    findings.figure(f"{name}, five times as many as possible", told["latest_of_any_ms"], shown, "none wrong, none after 2,900 ms", ok)


def replicas(bench, findings, load):
    """Two behind a balancer, one of them killed under load; Okta asks once more."""
    _, known, credentials = population(bench, "bcrypt:10", 400)
    hooks = [Hook(bench, credentials, name) for name in ("one", "two")]
    roots = bench.folder / "roots.pem"
    roots.write_text("".join(hook.ca.read_text() for hook in hooks))
    command = [load, "--url", hooks[0].url, "--url", hooks[1].url, "--ca", roots, "--known", known, "--seconds", "10", "--connections", "8",
               "--wrong", "0.2", "--retry"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(bench))
    time.sleep(4)
    hooks[1].end(signal.SIGKILL)
    told = json.loads(running.communicate()[0])
    hooks[0].end()
    lost = told["no_answer"] + told["busy"]
    shown = f"{told['calls']:,} calls, {told['wrong_answers']} wrong answers, {told['retried']:,} asked once more, {lost} lost for good"
    findings.figure("one of two replicas killed under load", lost, shown, "no wrong answer, at most those in flight lost",
                    told["wrong_answers"] == 0 and lost <= 8)


def strangers(bench, findings, load):
    """Whether time tells who is known: the same single caller, wrong passwords of known users beside unknown ones."""
    mixed = "bcrypt:4,argon2id,ssha512,pbkdf2-sha256:4096"
    _, known, credentials = population(bench, mixed, 2_000)
    hook, raw = Hook(bench, credentials, "one"), bench.folder / "raw.csv"
    seconds = "20" if bench.quick else "120"
    told = called(bench, load, hook, known, "--seconds", seconds, "--connections", "1", "--wrong", "0.5", "--unknown", "0.5", "--raw", raw)
    hook.end()
    times = {"wrong": [], "unknown": []}
    for line in raw.read_text().splitlines():
        kind, _, micros = line.split(",")
        times[kind].append(int(micros))
    better = advantage(times["wrong"], times["unknown"])
    medians = {kind: statistics.median(values) for kind, values in times.items()}
    shown = (f"{told['calls']:,} calls; median {medians['wrong']:,.0f} µs known, {medians['unknown']:,.0f} µs unknown; a guess by the best "
             f"threshold is right in {50 + 50 * better:.1f} % of cases")
    findings.figure("known and unknown users", better, shown, "no better than by chance: below 53 %", better < 0.06)


def advantage(one, other):
    """The greatest distance between the two distributions (Kolmogorov and Smirnov)."""
    one, other = sorted(one), sorted(other)
    at, best, i, j = sorted(one + other), 0.0, 0, 0
    for value in at:
        while i < len(one) and one[i] <= value:
            i += 1
        while j < len(other) and other[j] <= value:
            j += 1
        best = max(best, abs(i / len(one) - j / len(other)))
    return best


def million(bench, findings):
    """Start-up and memory with a million credentials."""
    _, known, credentials = population(bench, "ssha512", 1_000_000)
    hook = Hook(bench, credentials, "one")
    first = hook.memory()
    told = called(bench, bench.example("muster", "hook_load"), hook, known, "--seconds", "5")
    findings.figure("a million credentials: ready after", hook.started, f"{hook.started:.2f} s", "below 5 s", hook.started < 5)
    findings.figure("memory at the start", first, f"{first:.0f} MiB")
    findings.figure("memory after the calls", hook.memory(), f"{hook.memory():.0f} MiB, {told['answered'] / told['seconds']:,.0f} sign-ins/s")
    findings.figure("the file", credentials.stat().st_size, f"{credentials.stat().st_size / 2**20:,.0f} MiB")
    hook.end()
