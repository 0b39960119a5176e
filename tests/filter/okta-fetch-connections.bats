#!/usr/bin/env bats
# How many connections a run takes, over HTTP/1.1 and over HTTP/2.

load org

teardown() {
	org_stop
	[ -z "${FRONT_PID:-}" ] || { kill "$FRONT_PID" 2>/dev/null; wait "$FRONT_PID" 2>/dev/null || true; }
}

stats() {
	curl -s --cacert "$ORG/ca.pem" "$OKTA_CLIENT_ORGURL/$1/stats"
}

# An HTTP/2 server before the org, at the org's own address.
front_start() {
	local public
	public=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	org_start "$@" --public-port "$public"
	node "$ROOT/tests/okta-sim/http2-front.mjs" "$ORG" "$(cat "$ORG/port")" "$public" \
		> "$BATS_TEST_TMPDIR/front" 2>&1 3>&- &
	FRONT_PID=$!
	for _ in $(seq 200); do
		! grep -q ready "$BATS_TEST_TMPDIR/front" || return 0
		sleep 0.1
	done
	cat "$BATS_TEST_TMPDIR/front"
	return 1
}

@test "HTTP/1.1: no more connections than requests at the same time, each with one handshake" {
	org_start --users 300 --groups 60 --latency-ms 20
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(stats _sim | jq '.mostUnderWay')" -eq 8 ]
	# Those of okta-fetch, and curl's that asks.
	[ "$(stats _sim | jq '.connections')" -le $((8 + 2)) ]
}

@test "HTTP/2, when it is offered: one connection carries all, several at the same time" {
	front_start --users 300 --groups 60 --latency-ms 20
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	stats _front > "$BATS_TEST_TMPDIR/stats"
	[ "$(jq '.versions | keys == ["2.0"]' "$BATS_TEST_TMPDIR/stats")" = true ]
	[ "$(jq '.mostUnderWay' "$BATS_TEST_TMPDIR/stats")" -eq 8 ]
	# okta-fetch's, and curl's that asks.
	[ "$(jq '.connections' "$BATS_TEST_TMPDIR/stats")" -eq 2 ]
}
