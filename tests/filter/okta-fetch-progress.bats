#!/usr/bin/env bats
# The line on the terminal.

load org

teardown() {
	org_stop
}

# Runs okta-fetch with standard error on a terminal of $1 columns and standard output in a file, or there too ("tty"); what the terminal
# was sent is left in the file terminal.
on_terminal() {
	python3 - "$@" "$ORG/ca.pem" "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/terminal" <<'PY'
import fcntl, os, pty, struct, subprocess, sys, termios
columns, stdout, *options, ca, out, terminal = sys.argv[1:]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
with open(out, "wb") as file:
    process = subprocess.Popen(["okta-fetch", "--ca-file", ca, *options], stdin=subprocess.DEVNULL, stdout=slave if stdout == "tty" else file, stderr=slave)
os.close(slave)
seen = b""
try:
    while piece := os.read(master, 65536):
        seen += piece
except OSError:  # the terminal's last user has gone
    pass
open(terminal, "wb").write(seen)
sys.exit(process.wait())
PY
}

# Its states, one a line.
states() {
	sed 's/\r\x1b\[K/\n/g' "$BATS_TEST_TMPDIR/terminal" | tr -d '\r' | grep users
}

@test "it tells counts, share, calls, the limit that is left, and what is waited for; nothing of it stays" {
	org_start --users 300 --groups 40 --rate-limit groups=20 --rate-window 3
	on_terminal 200 file
	same_as_org "$BATS_TEST_TMPDIR/out"
	states | grep -qE '[0-9]+ users, [0-9]+/40 groups, [0-9]+ members \([0-9]+ %'
	states | grep -qE ', [0-9]+ calls, [0-9]+ under way, limit left [0-9]+/600 users, [0-9]+/20 groups'
	states | grep -q 'waiting: rate limit'
	python3 -c 'import sys; sys.exit(open(sys.argv[1], "rb").read().split(b"\n")[-1].split(b"\r\x1b[K")[-1] != b"")' "$BATS_TEST_TMPDIR/terminal"
}

@test "on a narrow terminal what is waited for is still there, and no line is longer than it" {
	org_start --users 300 --groups 40 --rate-limit groups=20 --rate-window 3
	on_terminal 80 file
	states | grep -q 'waiting: rate limit'
	[ "$(states | grep -v 'okta-fetch:' | awk '{ print length }' | sort -n | tail -n 1)" -le 79 ]
}

@test "none in a file, none with -q, none among records that go to the same terminal" {
	org_start --users 300 --groups 40 --latency-ms 30
	ends_with 0 fetch
	no grep -q members "$BATS_TEST_TMPDIR/err"
	on_terminal 80 file -q
	[ ! -s "$BATS_TEST_TMPDIR/terminal" ]
	on_terminal 80 tty
	no grep -q 'under way' "$BATS_TEST_TMPDIR/terminal"
	tail -n 1 "$BATS_TEST_TMPDIR/terminal" | grep -q '"kind":"End"'
	ends_with 0 fetch --progress always
	grep -q 'under way' "$BATS_TEST_TMPDIR/err"
}
