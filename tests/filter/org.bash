# For bats files that need the simulated org: `load org`, then org_start [OPTION...] in setup, org_stop in teardown.

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
BIN=${BIN:-$ROOT/bin}
PATH=$BIN:$PATH
SIM=$ROOT/tests/okta-sim/okta-sim

# Starts an org in $ORG and sets okta-fetch's environment for it.
org_start() {
	ORG=$BATS_TEST_TMPDIR/org
	rm -rf "$ORG"
	"$SIM" --dir "$ORG" "$@" > "$BATS_TEST_TMPDIR/org.log" 2>&1 3>&- &
	ORG_PID=$!
	"$SIM" --wait "$ORG" || { cat "$BATS_TEST_TMPDIR/org.log" >&2; return 1; }
	. "$ORG/env.sh"
}

org_stop() {
	[ -z "${ORG_PID:-}" ] || { kill "$ORG_PID" 2>/dev/null; wait "$ORG_PID" 2>/dev/null || true; }
	ORG_PID=
}

# okta-fetch against the org.
fetch() {
	okta-fetch --ca-file "$ORG/ca.pem" "$@"
}

# Tells the org something while it runs: org_tell delete-group '{"name":"x"}'
org_tell() {
	curl -s --cacert "$ORG/ca.pem" -d "$2" "$OKTA_CLIENT_ORGURL/_sim/$1" > /dev/null
}

# How many requests matched a pattern.
org_requests() {
	grep -c "$1" "$ORG/requests.ndjson" || true
}

# The stream of $1 holds exactly what the org has (users byte for byte; $2: all, members, none).
same_as_org() {
	python3 -B - "$1" "$ORG" "${2:-all}" <<'PY'
import json, sys
stream, org, mode = sys.argv[1:]
lines = open(stream, "rb").read().split(b"\n")
assert lines.pop() == b"", "the last line is cut"
def cut(kind, name):
    start = b'{"kind":"%s","%s":' % (kind, name)
    found = [l[len(start):-1] for l in lines if l.startswith(start)]
    assert len(found) == len(set(found)), "%s twice" % kind
    return set(found)
def truth(name): return set(open(org + "/" + name, "rb").read().split(b"\n")) - {b""}
groups = cut(b"OktaGroup", b"group")
want_groups = {g for g in truth("groups.ndjson") if b'"type":"BUILT_IN"' not in g}
assert groups == want_groups, "groups: %d missing, %d too many" % (len(want_groups - groups), len(groups - want_groups))
ids = {json.loads(g)["id"] for g in groups}
members = {}
for line in lines:
    if line.startswith(b'{"kind":"OktaMembers"'):
        record = json.loads(line)
        assert 0 < len(record["userIds"]) <= 1000
        members.setdefault(record["groupId"], []).extend(record["userIds"])
want = {} if mode == "none" else {r["groupId"]: r["userIds"] for r in map(json.loads, open(org + "/members.ndjson")) if r["userIds"] and r["groupId"] in ids}
assert members == want, "memberships differ"
users, want_users = cut(b"OktaUser", b"user"), truth("users-whole.ndjson" if mode == "members" else "users.ndjson")
if mode == "members":
    wanted = {i for m in want.values() for i in m}
    want_users = {u for u in want_users if json.loads(u)["id"] in wanted}
if mode == "none": want_users = set()
assert users == want_users, "users: %d missing, %d too many" % (len(want_users - users), len(users - want_users))
assert json.loads(lines[0])["kind"] == "OktaOrg"
end = json.loads(lines[-1])
assert end["kind"] == "End", end
assert (end["groups"], end["users"], end["memberships"]) == (len(groups), len(users), sum(map(len, members.values()))), end
PY
}

# The last command said $1 (a part of one line on standard error) and nothing else of its own.
says() {
	grep -qF -- "$1" "$BATS_TEST_TMPDIR/err" || { echo "expected: $1"; echo "found:"; cat "$BATS_TEST_TMPDIR/err"; return 1; }
}

# Runs a command that must end with status $1; standard output and error are kept in out and err.
ends_with() {
	local want=$1 status=0
	shift
	"$@" > "$BATS_TEST_TMPDIR/out" 2> "$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq "$want" ] || { echo "status $status, expected $want"; cat "$BATS_TEST_TMPDIR/err"; return 1; }
}

no_end() {
	! grep -q '"kind":"End"' "$BATS_TEST_TMPDIR/out"
}

# The command fails, as it should. (A plain ! COMMAND in the middle of a test cannot fail it, nor can any but the last of A && B.)
no() {
	if "$@"; then
		echo "unexpected: $*" >&2
		return 1
	fi
}
