"""An emulated org, a hook in this process, people who are armed for it, and the page of their programme."""

import json
import os
import subprocess
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MUSTER = os.environ["MUSTER"]
PEOPLE = 30
PASSWORD = "Tr0ub4dor&3"


class Hook(BaseHTTPRequestHandler):
    """Says yes to the one password that everybody has."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        right = json.loads(body)["data"]["context"]["credential"]["password"] == PASSWORD
        command = {"type": "com.okta.action.update", "value": {"credential": "VERIFIED" if right else "UNVERIFIED"}}
        answer = json.dumps({"commands": [command]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Nobody reads it."""


class Rehearsal:
    """All of it, in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.started = []
        self.hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.hook.serve_forever, daemon=True).start()
        options = ["--port", "0", "--limit", "all=unlimited", "--allow-http-hooks"]
        _, told = self.start("emulator", *options)
        self.org, token = told["url"], told["token"]
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "OKTA_ORG_URL": self.org, "OKTA_API_TOKEN": token,
            "MUSTER_HOOK_SECRET": "shared-secret-0123456789",
        }
        people = "".join(f"p{at:02}@example.com,First{at},Last{at},Sales\n" for at in range(PEOPLE))
        (folder / "people.csv").write_text(f"email,firstName,lastName,groups\n{people}")
        self.run("import", "people.csv", "--mode", "hook", "--create-groups", "--yes")
        self.run("hook", "register", "--url", f"http://127.0.0.1:{self.hook.server_port}/in")
        self.page_process, told = self.start("programme", "serve", "--listen", "127.0.0.1:0", "--plan-groups")
        self.page = told["url"]

    def run(self, *words):
        """A command that ends well."""
        subprocess.run([MUSTER, *words], cwd=self.folder, env=self.environment, check=True, timeout=120,
                       stdout=subprocess.DEVNULL)

    def start(self, *words):
        """A command that goes on; its process, and its first line, which is JSON."""
        environment = getattr(self, "environment", {"PATH": os.environ["PATH"], "HOME": str(self.folder)})
        process = subprocess.Popen([MUSTER, *words], cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True)
        self.started.append(process)
        return process, json.loads(process.stdout.readline())

    def sign_in(self, at: int) -> None:
        """One person signs in with the old password."""
        body = json.dumps({"username": f"p{at:02}@example.com", "password": PASSWORD}).encode()
        request = urllib.request.Request(f"{self.org}/api/v1/authn", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.load(answer)["status"] == "SUCCESS"

    def end(self):
        """Everything that was started ends."""
        for process in reversed(self.started):
            process.terminate()
            process.wait(timeout=30)
        self.hook.shutdown()
