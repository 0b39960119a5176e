"""Accelerated years: pipeline.sh on its schedule, one run after the other, against a simulated org that fails at random, while its
processes are killed at random. After every event the published catalog is whole: everybody whom the org has, under a name
that the org gave.
"""
import json
import os
import random
import signal
import ssl
import subprocess
import time
import urllib.request

import yaml
from pipeline_place import BIN, ROOT, Place

FAULTS = [{"do": "reset"}, {"do": "reset-body"}, {"do": "truncate"}, {"do": "status", "status": 503}, {"do": "429", "seconds": 1},
          {"do": "revoke"}, {"do": "forget-nonces"}, {"do": "cut"}, {"do": "body", "body": "[{"}, {"do": "slow", "seconds": 2}]
EVENTS = ["fault"] * 6 + ["change"] * 4 + ["kill stage"] * 4 + ["kill loop", "kill wrapper", "down", "break configuration"]


class Soak:
    def __init__(self, seed):
        random.seed(seed)
        self.place, self.org, self.port, self.counts, self.names = Place(), None, "0", {}, {}
        for folder in ("catalog", "state"):
            subprocess.run(["rm", "-rf", self.place.folder / folder], check=True)
        self.place.link("okta-fetch", BIN / "okta-fetch")
        self.start_org()
        self.write_configuration()
        self.wrapper = None
        self.start_wrapper()

    def start_org(self):
        folder = self.place.folder / "org"
        sim = [ROOT / "tests/okta-sim/okta-sim"]
        self.org = subprocess.Popen(sim + ["--dir", folder, "--users", "60", "--groups", "8", "--port", self.port, "--rate-limit", "users=60000,groups=60000,group=60000"],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        subprocess.run(sim + ["--wait", folder], check=True)
        self.text = (folder / "app-config.yaml").read_text()
        self.port = self.text.split("localhost:")[1].split()[0]
        for name in ("key.pem", "ca.pem"):
            self.text = self.text.replace(name, str(folder / name))

    def write_configuration(self):
        new = self.place.folder / "config.yaml.new"
        new.write_text(self.text.split("        schedule:")[0] + "        schedule: { frequency: { seconds: 1 }, timeout: { seconds: 20 } }\n"
                       "        publish: { command: 'cp \"$OKTA_CATALOG_FILE\" pushed.yaml' }\n")
        new.rename(self.place.folder / "config.yaml")

    def start_wrapper(self):
        self.log = open(self.place.folder / "log", "ab")
        self.wrapper = subprocess.Popen(["dash", ROOT / "pipeline.sh", "--config", "config.yaml", "--state", "state"], cwd=self.place.folder,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env={**os.environ, "BIN": str(self.place.folder / "bin")})

    def tell(self, what, body):
        context = ssl.create_default_context(cafile=self.place.folder / "org" / "ca.pem")
        request = urllib.request.Request("https://localhost:%s/_sim/%s" % (self.port, what), json.dumps(body).encode())
        urllib.request.urlopen(request, context=context, timeout=30).read()

    def ask(self):
        if self.wrapper.poll() is None:
            self.wrapper.send_signal(signal.SIGUSR1)

    def total(self):
        """Runs that ended, over all lives of status.json."""
        try:
            return sum(self.place.status()["runs"].values())
        except (OSError, ValueError, KeyError):
            return 0

    def wait_for_runs(self, more):
        until, want = time.monotonic() + 90, self.total() + more
        while self.total() < want:
            if time.monotonic() > until:
                raise AssertionError("no run ends any more")
            if self.wrapper.poll() is not None:
                self.start_wrapper()
            time.sleep(0.05)

    def event(self):
        what = random.choice(EVENTS)
        self.counts[what] = self.counts.get(what, 0) + 1
        if what == "fault":
            self.tell("fault", {**random.choice(FAULTS), "match": random.choice(["/users", "/groups", "/token", "/api"]), "nth": random.randint(1, 4)})
        elif what == "change":
            users = [json.loads(line)["id"] for line in open(self.place.folder / "org" / "users.ndjson")]
            user, name = random.choice(users), "Name %d" % random.randrange(10**6)
            self.names[user].add(name)
            self.tell("change", {"id": user, "profile": {"displayName": name}})
        elif what == "down":
            self.org.terminate()
            self.org.wait()
            self.ask()
            self.wait_for_runs(1)
            self.start_org()
        elif what == "break configuration":
            (self.place.folder / "config.yaml").write_text("catalog: [")
            self.wait_for_runs(1)
            self.write_configuration()
        else:
            self.kill(what.split()[1])

    def kill(self, what):
        shells = [pid for pid, command in self.place.processes().items() if "pipeline.sh" in command]
        victims = {"stage": [pid for pid in self.place.processes() if pid not in shells], "wrapper": [self.wrapper.pid],
                   "loop": [pid for pid in shells if pid != self.wrapper.pid]}[what]
        for pid in random.sample(victims, min(1, len(victims))):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if what == "wrapper":
            self.wrapper.wait()
            self.start_wrapper()

    def check_catalog(self):
        """Whole, to a reader of YAML that is not ours: everybody whom the org has, under a name that it gave."""
        documents = [d for d in yaml.load_all(self.place.catalog.read_bytes(), yaml.CSafeLoader) if d]
        users = {d["metadata"]["annotations"]["okta.com/user-id"]: d["spec"]["profile"]["displayName"] for d in documents if d["kind"] == "User"}
        assert users.keys() == self.names.keys(), "not the users of the org: %s" % (users.keys() ^ self.names.keys())
        wrong = {i: name for i, name in users.items() if name not in self.names[i]}
        assert not wrong, "names that the org never gave: %s" % wrong
        groups = sum(d["kind"] == "Group" for d in documents)
        assert groups == self.groups, "%d groups of %d" % (groups, self.groups)

    def read_truth(self):
        folder = self.place.folder / "org"
        users = [json.loads(line) for line in open(folder / "users.ndjson")]
        self.groups = sum(json.loads(line)["type"] != "BUILT_IN" for line in open(folder / "groups.ndjson"))
        for user in users:
            profile = user["profile"]
            names = {profile.get("displayName"), "%s %s" % (profile.get("firstName"), profile.get("lastName"))}
            self.names.setdefault(user["id"], set()).update(names)

    def work(self, seconds):
        begun = time.monotonic()
        self.wait_for_runs(1)
        self.read_truth()
        while time.monotonic() - begun < seconds:
            self.check_catalog()
            if random.random() < 0.5:
                self.event()
            self.ask()
            self.wait_for_runs(1)
        self.check_catalog()

    def end(self):
        """Without faults the next runs are good, and TERM leaves nothing. None, or what is wrong."""
        self.tell("clear-faults", {})
        self.ask()
        self.wait_for_runs(2)
        state = self.place.status()
        self.wrapper.terminate()
        self.wrapper.wait()
        left = self.place.left_over()
        return None if state["consecutiveFailures"] == 0 and not left else "%s; left: %s" % (state, left)


def soak(seconds, seed, verdict):
    one, wrong = Soak(seed), None
    try:
        one.work(seconds)
        runs = one.place.status()["runs"]
        wrong_end = one.end()
    except Exception as error:  # whatever it is: a soak that stops leaves nothing running
        wrong, runs, wrong_end = "%r\n%s" % (error, (one.place.folder / "log").read_text()[-2000:]), {}, "did not come to that"
        one.wrapper.kill()
    verdict("a simulated org for %d s, runs: %s; %s: the catalog was whole all the time" % (seconds, runs, one.counts), wrong)
    verdict("then runs are good, and TERM leaves nothing", wrong_end)
    one.org.terminate()
    one.org.wait()
    one.place.remove()
