"""Stages killed at random moments: after each the catalog is, byte for byte, the last one published or the next good one, the run
has the right status, and a message that names what was killed."""
import collections
import os
import random
import signal
import subprocess
import time

from pipeline_place import BIN, Place

STAGES = ("okta-fetch", "okta-map", "catalog-emit")
# Whatever else lives in a run: timeout, the shell of the stages, jq, tee, flock...
OTHERS = "another"
WHOLE = "cat > /dev/null; head -n 60 org.ndjson; tail -n +61 org.ndjson"


def good_catalog(place):
    """What the next good run publishes, as the stages alone make it."""
    path = place.folder / "expected.yaml"
    path.write_bytes(place.old)
    with open(place.folder / "org.ndjson") as org:
        mapped = subprocess.run([BIN / "okta-map", "--names", place.folder / "expected.names"], stdin=org, capture_output=True, check=True)
    subprocess.run([BIN / "catalog-emit", "-o", path], input=mapped.stdout, capture_output=True, check=True)
    return path.read_bytes()


class Kills:
    def __init__(self, seed):
        self.place, self.hits, self.statuses = Place(users=120), collections.Counter(), collections.Counter()
        self.random, self.missed = random.Random(seed), 0
        # How long each lives: for the stages a guess that follows what is met.
        self.life = {**dict.fromkeys(STAGES, 0.05), "run": 0.3}
        self.place.fake("okta-fetch", WHOLE)
        self.expected = good_catalog(self.place)

    def victims(self, target):
        found = {}
        for pid, command in self.place.processes().items():
            if "pipeline.sh" in command or not command:
                continue
            stage = next((name for name in STAGES if "bin/%s " % name in command and "stages.sh" not in command), OTHERS)
            if stage == target:
                found[pid] = command
        return found

    def find(self, target, process):
        """(pid, command) as soon as there is one, or None when the run has ended before."""
        while process.poll() is None:
            found = self.victims(target)
            if found:
                return self.random.choice(sorted(found.items()))
        return None

    def once(self):
        """Kills one; None, or what is wrong."""
        target = OTHERS if self.random.random() < 0.15 else min(STAGES, key=lambda name: (self.hits[name], self.random.random()))
        process = self.place.start()
        if target == OTHERS:
            time.sleep(self.random.uniform(0, self.life["run"]))
        victim = self.find(target, process)
        killed = False
        if victim:
            time.sleep(self.random.uniform(0, self.life[target]) if target != OTHERS else 0)
            try:
                os.kill(victim[0], signal.SIGKILL)
                killed = True
            except ProcessLookupError:
                pass
            if target in STAGES:
                self.life[target] *= 1.05 if killed else 0.9
        self.place.finish(process)
        return self.judge(target, killed, victim)

    def judge(self, target, killed, victim):
        run, left = self.place.last, self.place.left_over()
        found = self.place.catalog.read_bytes() if self.place.catalog.exists() else b""
        stayed = "old" if found == self.place.old else "new" if found == self.expected else "neither the last catalog nor the next"
        wrong = None
        if run.hung or left:
            wrong = "hangs" if run.hung else "left behind: %s" % left
        elif stayed not in ("old", "new"):
            wrong = stayed + " is there"
        elif run.status == 0 and stayed != "new":
            wrong = "exit 0, and nothing new"
        elif run.status != 0 and not run.said():
            wrong = "exit %d without a word" % run.status
        elif run.status != 0 and not killed:
            wrong = "nothing was killed, exit %d" % run.status
        elif target in STAGES and run.status not in (0, 70):
            wrong = "exit %d" % run.status
        elif target in STAGES and run.status == 70 and (stayed != "old" or "%s was killed by signal 9" % target not in run.text):
            wrong = "%s is there, and it is not said what was killed" % stayed
        self.missed += not killed
        self.hits[target] += killed
        self.statuses["%d %s" % (run.status, stayed)] += killed
        if stayed == "new":
            self.go_on()
        return wrong and "%s; killed was %s; it said: %s" % (wrong, victim, run.text)

    def go_on(self):
        self.place.old = self.expected
        self.place.change()
        self.expected = good_catalog(self.place)

    def settle(self):
        """Without a kill the next run is good, and leaves nothing in the folder that it should not."""
        run = self.place.run()
        if run.status or self.place.catalog.read_bytes() != self.expected:
            return "the next run is not good: %s" % run.text
        left = sorted(os.listdir(self.place.folder / "catalog"))
        self.go_on()
        return None if left == ["default.yaml"] else "left in the catalog's folder: %s" % left


def work(count, seed):
    kills = Kills(seed)
    wrong = None
    begun = time.monotonic()
    kills.place.run()
    kills.life["run"] = time.monotonic() - begun
    if kills.place.catalog.read_bytes() == kills.expected:
        kills.go_on()
    while sum(kills.hits.values()) < count and not wrong:
        wrong = kills.once()
        if not wrong and kills.random.random() < 0.05:
            wrong = kills.settle()
    kills.place.remove()
    return wrong, kills.hits, kills.statuses, kills.missed


def wrapper_kills(count, seed):
    """The wrapper itself is killed: nothing goes on, the catalog is a good one, the next run is good."""
    kills, wrong = Kills(seed), None
    for _ in range(count):
        begun = time.monotonic()
        wrong = wrong or kills.settle()
        longest = time.monotonic() - begun
        process = kills.place.start()
        time.sleep(kills.random.uniform(0, longest))
        process.kill()
        kills.place.finish(process)
        left = kills.place.left_over()
        found = kills.place.catalog.read_bytes()
        if left or found not in (kills.place.old, kills.expected):
            wrong = wrong or "left behind: %s; a good catalog: %s" % (left, found in (kills.place.old, kills.expected))
        if found == kills.expected:
            kills.go_on()
        if wrong:
            break
    kills.place.remove()
    return wrong
