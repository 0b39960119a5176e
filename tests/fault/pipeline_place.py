"""A folder in which pipeline.sh publishes a made-up org, for tests that hurt it. Each change() makes the next good run publish
something else, so that a catalog is either the old one, byte for byte, or the new one."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("BIN", ROOT / "bin"))
HANG = 60  # seconds; far beyond what any run here takes
PROGRAMS = ("okta-fetch", "okta-map", "catalog-emit", "yaml2json")
WHOLE = "cat > /dev/null; cat org.ndjson"


class Place:
    def __init__(self, users=300):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="okta-faults-"))
        self.users, self.version, self.extra = users, 0, []
        (self.folder / "bin").mkdir()
        self.mend()
        self.configure()
        self.change()
        self.new = None
        assert self.run().status == 0, "the first run fails: " + self.last.text
        self.old = self.catalog.read_bytes()
        self.change()

    @property
    def catalog(self):
        return self.folder / "catalog" / "default.yaml"

    @property
    def state(self):
        return self.folder / "state" / "default"

    def status(self):
        return json.loads((self.state / "status.json").read_text())

    def configure(self, *lines, schedule="{ frequency: { hours: 1 }, timeout: { seconds: 30 } }", key="'the secret of this test'"):
        provider = ["oktaUrl: https://acme.okta.com", "clientId: 0oa1", "keyId: k", "privateKey: " + key, "schedule: " + schedule, *lines]
        (self.folder / "config.yaml").write_text("okta:\n" + "".join("  %s\n" % line for line in provider))

    def mend(self):
        """The real stages, but for okta-fetch, which gives what is stored."""
        for name in PROGRAMS[1:]:
            self.link(name, BIN / name)
        self.fake("okta-fetch", WHOLE)

    def link(self, name, target):
        path = self.folder / "bin" / name
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    def fake(self, name, script):
        path = self.folder / "bin" / name
        path.unlink(missing_ok=True)
        path.write_text("#!/bin/sh\n%s\n" % script)
        path.chmod(0o755)

    def change(self):
        """The org has one more group from now on."""
        self.version += 1
        groups = [{"id": "00g%d" % n, "profile": {"name": "team %d" % n}} for n in range(20 + self.version)]
        users = [{"id": "00u%d" % n, "profile": {"login": "u%d@x.org" % n, "email": "u%d@x.org" % n, "displayName": "User %d" % n}} for n in range(self.users)]
        lines = [{"kind": "OktaOrg", "version": 1, "id": "default", "oktaUrl": "https://acme.okta.com"}]
        lines += [{"kind": "OktaGroup", "group": g} for g in groups]
        lines += [{"kind": "OktaMembers", "groupId": "00g0", "userIds": [u["id"] for u in users]}]
        lines += [{"kind": "OktaUser", "user": u} for u in users]
        lines += [{"kind": "End", "groups": len(groups), "users": len(users), "memberships": len(users)}]
        (self.folder / "org.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))

    def command(self, *options):
        return ["dash", str(ROOT / "pipeline.sh"), "--config", "config.yaml", "--state", "state", *(options or ["--once"])]

    def start(self, *options, environment=None, command=None):
        self.out = tempfile.TemporaryFile()
        # What ignores SIGINT passes that on, as sh does to what it starts with &.
        command = ["env", "--default-signal=INT,QUIT", *(command or self.command(*options))]
        return subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.out,
                                env={**os.environ, "BIN": str(self.folder / "bin"), **(environment or {})}, start_new_session=True)

    def finish(self, process):
        try:
            process.wait(HANG)
            hung = False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            hung = True
        self.out.seek(0)
        text = self.out.read().decode(errors="replace") + ("(killed after %d s)\n" % HANG if hung else "")
        self.last = Outcome(process.returncode, hung, text)
        return self.last

    def run(self, *options, **how):
        return self.finish(self.start(*options, **how))

    def processes(self):
        """{pid: what it runs} of all that run in this folder."""
        found = {}
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "cwd") == str(self.folder):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                pass
        return found

    def left_over(self):
        """Processes that are still there; those that end take a moment."""
        until = time.monotonic() + HANG
        while self.processes() and time.monotonic() < until:
            time.sleep(0.02)
        return self.processes()

    def what_stayed(self):
        """'old', 'new' or what is wrong."""
        try:
            found = self.catalog.read_bytes()
        except OSError as error:
            return "the catalog is gone: %s" % error
        if found == self.old:
            return "old"
        # Of a catalog, everything is there or nothing is.
        if found.count(b"\nkind: User") == self.users and found.count(b"\nkind: Group") == 20 + self.version:
            return "new"
        return "a catalog that is neither the old nor the new one"

    def settle(self):
        """The fault is gone: the next run is good and publishes what there is. None, or what is wrong."""
        self.mend()
        self.configure()
        if self.run().status != 0:
            return "the next run fails: " + self.last.text
        if self.what_stayed() not in ("new", "old") or b"team-%d" % (19 + self.version) not in self.catalog.read_bytes():
            return "the next run publishes something else"
        if sorted(os.listdir(self.folder / "catalog")) != ["default.yaml"]:
            return "left over: %s" % os.listdir(self.folder / "catalog")
        self.old = self.catalog.read_bytes()
        self.change()
        return None

    def remove(self):
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)


class Outcome:
    def __init__(self, status, hung, text):
        self.status, self.hung, self.text = status, hung, text

    def said(self):
        lines = [line for line in self.text.strip().split("\n") if line.startswith("okta-catalog: ")]
        return lines[-1][len("okta-catalog: "):] if lines else ""
