"""Thousands of runs in a row, several providers side by side in one wrapper: nothing grows, be it files and their bytes, descriptors,
processes or memory. okta-fetch is a saved org; which one changes all the time, and some fail. All else is real."""
import json
import os
import pathlib
import random
import subprocess
import time

from pipeline_place import ROOT, Place

PROVIDERS = 8
SCHEDULE = "{ frequency: { seconds: 1 }, timeout: { seconds: 30 } }"
# What is measured, and by how much it may differ between two samples that are worth the same.
MEASURES = (("files", 8), ("KiB of files", 64), ("descriptors of a process", 2), ("shells", 0), ("zombies", 2), ("KiB of memory of the shells", 136 * (PROVIDERS + 1)))


class Runs:
    def __init__(self, seed):
        self.place, self.random = Place(users=40), random.Random(seed)
        for folder in ("catalog", "state"):
            subprocess.run(["rm", "-rf", self.place.folder / folder], check=True)
        self.write_orgs()
        self.configure()
        self.log = self.place.folder / "log"
        with open(self.log, "ab") as log:
            self.wrapper = subprocess.Popen(["dash", ROOT / "pipeline.sh", "--config", "config.yaml", "--state", "state"], cwd=self.place.folder,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "BIN": str(self.place.folder / "bin")})

    def write_orgs(self):
        """Two orgs that differ, one without its end, none at all."""
        folder = self.place.folder
        whole = (folder / "org.ndjson").read_text()
        (folder / "good-1").write_text(whole)
        (folder / "good-2").write_text(whole.replace("User 7", "Another 7").replace('"team 3"', '"team three"'))
        (folder / "bad").write_text(whole[:len(whole) // 2])
        self.choose("good-1")
        self.place.fake("okta-fetch", "cat > /dev/null; sed \"s/\\\"default\\\"/\\\"$(echo \"$*\" | sed 's/.*--id //; s/ .*//')\\\"/\" org.ndjson")

    def choose(self, name):
        link = self.place.folder / "org.new"
        link.symlink_to(name)
        os.replace(link, self.place.folder / "org.ndjson")

    def configure(self):
        lines = ["okta:"]
        for number in range(PROVIDERS):
            lines += ["  p%d:" % number, "    oktaUrl: https://acme.okta.com", "    clientId: 0oa1", "    keyId: k", "    privateKey: secret",
                      "    schedule: " + SCHEDULE, "    publish: { command: 'cp \"$OKTA_CATALOG_FILE\" pushed-$OKTA_CATALOG_ID' }"]
        (self.place.folder / "config.yaml").write_text("\n".join(lines) + "\n")

    def states(self):
        return [json.loads(path.read_text()) for path in sorted((self.place.folder / "state").glob("*/status.json"))]

    def ended(self):
        return sum(sum(state.get("runs", {}).values()) for state in self.states())

    def sample(self):
        """As MEASURES names it; of the shells that stay, none of a run."""
        # A run's own folder may be gone while it is looked at: os.walk passes over that.
        files = [pathlib.Path(folder, name) for folder, _, names in os.walk(self.place.folder) for name in names if name != self.log.name]
        sizes = [size_of(path) for path in files]
        children = [self.wrapper.pid] + children_of(self.wrapper.pid)
        shells = [pid for pid in children if "pipeline.sh" in read("/proc/%d/cmdline" % pid)]
        everyone = children + [pid for child in children[1:] for pid in children_of(child)]
        return (len(files), sum(sizes) // 1024, max((descriptors_of(pid) for pid in shells), default=0), len(shells),
                sum(") Z " in read("/proc/%d/stat" % pid) for pid in everyone), sum(memory_of(pid) for pid in shells))

    def work(self, runs, seconds):
        samples, until = [], time.monotonic() + seconds
        while (ended := self.ended()) < runs and time.monotonic() < until:
            assert self.wrapper.poll() is None, "the wrapper has ended: %s" % self.log.read_text()[-1000:]
            self.choose(self.random.choice(["good-1", "good-1", "good-2", "good-2", "bad"]))
            if ended >= PROVIDERS:
                samples.append(self.sample())
            time.sleep(1)
        return ended, samples

    def end(self):
        """The catalogs are good in the end, and nothing is left."""
        self.choose("good-1")
        before, until = self.ended(), time.monotonic() + 120
        while self.ended() < before + 3 * PROVIDERS and time.monotonic() < until:
            time.sleep(0.2)
        bad = [state for state in self.states() if state["lastRun"]["exit"] != 0]
        pushed = [number for number in range(PROVIDERS) if (self.place.folder / ("pushed-p%d" % number)).read_bytes()
                  != (self.place.folder / "catalog" / ("p%d.yaml" % number)).read_bytes()]
        self.wrapper.terminate()
        self.wrapper.wait()
        left = self.place.left_over()
        self.place.remove()
        return "runs fail: %s; not pushed: %s; left: %s" % (bad, pushed, left) if bad or pushed or left else None


def read(path):
    try:
        return pathlib.Path(path).read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def size_of(path):
    try:
        return path.stat().st_size
    except OSError:
        return 0


def children_of(pid):
    return [int(child) for child in read("/proc/%d/task/%d/children" % (pid, pid)).split()]


def descriptors_of(pid):
    try:
        return len(os.listdir("/proc/%d/fd" % pid))
    except OSError:
        return 0


def memory_of(pid):
    """What the process has of its own, in KiB."""
    found = [line.split()[1] for line in read("/proc/%d/status" % pid).split("\n") if line.startswith("VmData")]
    return int(found[0]) if found else 0


def middle(values):
    return sorted(values)[len(values) // 2]


def growth(samples):
    """The last quarter beside the second one: the middle of each, for a sample in the midst of a run has more of everything."""
    quarter = max(len(samples) // 4, 1)
    wrong = []
    for index, (name, slack) in enumerate(MEASURES):
        before, after = (middle([s[index] for s in part]) for part in (samples[quarter:2 * quarter] or samples, samples[-quarter:]))
        if after > before + slack:
            wrong.append("%s grew from %d to %d" % (name, before, after))
    return "; ".join(wrong)


def told(samples):
    """First quarter and last one, for people."""
    quarter = max(len(samples) // 4, 1)
    return ", ".join("%s %d to %d" % (name, middle([s[i] for s in samples[quarter:2 * quarter] or samples]), middle([s[i] for s in samples[-quarter:]]))
                     for i, (name, _) in enumerate(MEASURES))
