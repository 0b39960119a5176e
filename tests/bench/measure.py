"""What the benches of the filters share: made-up orgs on disk, a command's cost, Markdown tables."""
import os
import pathlib
import platform
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAP, EMIT = ROOT / "bin/okta-map", ROOT / "bin/catalog-emit"


def make_org(path, users, order="sorted"):
    """An org's stream in a file: for each hundred users five groups and five hundred memberships."""
    with open(path, "wb") as stream:
        subprocess.run([ROOT / "tests/bench/make-org", "--users", str(users), "--groups", str(users // 20), "--memberships", str(5 * users),
                        "--order", order], stdout=stream, check=True)


def cost(command, source=None, sink=None, repeat=3, before=None):
    """The least of some runs of a shell command or an argument list: seconds, CPU seconds, peak of memory of one process in bytes."""
    runs = []
    for _ in range(repeat):
        if before:
            before()
        with open(source or os.devnull, "rb") as stdin, open(sink or os.devnull, "wb") as stdout:
            argv = ["sh", "-c", command] if isinstance(command, str) else [str(word) for word in command]
            begun = time.monotonic()
            # time, not wait4: a child's peak begins with what Python holds
            done = subprocess.run(["time", "-qf", "%M %U %S", *argv], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, check=False)
            seconds = time.monotonic() - begun
        assert done.returncode == 0, done.stderr.decode()
        rss, user, system = map(float, done.stderr.split()[-3:])
        runs.append({"seconds": seconds, "cpu": user + system, "rss": rss * 1024})
    return {key: min(run[key] for run in runs) for key in runs[0]}


def lines(path):
    with open(path, "rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))


def heading(name):
    print("Measured %s on %d cores (%s), by `make %s`." % (time.strftime("%Y-%m-%d"), os.cpu_count(), platform.machine(), name))


def table(title, head, rows):
    print("\n**%s**\n\n| %s |\n|%s" % (title, " | ".join(head), " --- |" * len(head)))
    for row in rows:
        print("| %s |" % " | ".join("%.2f" % cell if isinstance(cell, float) else str(cell) for cell in row))
    sys.stdout.flush()
