#!/usr/bin/env bats
# Rate limits: the share that is kept to, what happens at a 429, and two readers of one org.

load org

teardown() {
	org_stop
}

limited() {
	grep -c '"status": 429' "$ORG/requests.ndjson" || true
}

# Most calls of the users or groups bucket ($1: a pattern) that fell into one window of the org.
most_in_a_window() {
	curl -s --cacert "$ORG/ca.pem" "$OKTA_CLIENT_ORGURL/_sim/stats" | jq ".mostInWindow.$1"
}

@test "half of the rate limit is used by default, no more, and no 429 comes" {
	org_start --users 3000 --groups 60 --rate-limit users=20,groups=40 --rate-window 4
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(limited)" -eq 0 ]
	[ "$(most_in_a_window users)" -le 10 ]
	[ "$(most_in_a_window groups)" -le 20 ]
	[ "$(jq -r 'select(.kind=="End").waitedSeconds' "$BATS_TEST_TMPDIR/out")" -ge 4 ]
}

@test "--rate-share 100 uses the whole limit: one 429 at most" {
	org_start --users 3000 --groups 60 --rate-limit users=12,groups=25 --rate-window 4
	ends_with 0 fetch --rate-share 100
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(limited)" -le 1 ]
	[ "$(most_in_a_window groups)" -gt 13 ]
}

@test "after a 429 nothing goes out in that bucket before the reset, by Okta's clock" {
	org_start --users 300 --groups 20 --rate-limit groups=40 --rate-window 5 --org-clock 300
	for _ in $(seq 40); do echo "url = $OKTA_CLIENT_ORGURL/api/v1/groups?limit=1"; echo "output = /dev/null"; done |
		curl -s --cacert "$ORG/ca.pem" -H "Authorization: SSWS $(cat "$ORG/ssws.token")" --config -
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(limited)" -eq 1 ]
	says "Okta's rate limit is used up (429): waiting"
	# The window began with the first of the forty, and lasts 5 s; a second and jitter more are waited.
	jq -es 'map(select(.path | startswith("/api/v1/groups"))) | (.[0].time + 5) as $over | (map(.status == 429) | index(true)) as $refused
		| .[$refused + 1:] | (.[0].time > $over + 1) and (.[0].time < $over + 20)' "$ORG/requests.ndjson"
}

@test "too many requests at the same time: half as many from then on" {
	org_start --users 300 --groups 40 --latency-ms 50 --concurrency-limit 5
	ends_with 0 fetch --concurrency 16
	same_as_org "$BATS_TEST_TMPDIR/out"
	says "too many requests at the same time in the org (429)"
	says "requests at the same time from now on"
}

@test "a 429 without headers is waited for, longer each time" {
	org_start --users 100 --groups 5 --fault '{"match":"/api/v1/users","times":2,"do":"429","headers":false}'
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "a rate limit beyond patience: 75, no End" {
	org_start --users 100 --groups 5 --fault '{"match":"/api/v1/users","do":"429","seconds":0}'
	ends_with 75 fetch
	no_end
}

@test "two okta-fetch on one org share the limit, and neither is refused again and again" {
	org_start --users 400 --groups 60 --rate-limit users=100,groups=40 --rate-window 4
	fetch --rate-share 100 > "$BATS_TEST_TMPDIR/a" 2> "$BATS_TEST_TMPDIR/a.err" 3>&- &
	a=$!
	fetch --rate-share 100 > "$BATS_TEST_TMPDIR/b" 2> "$BATS_TEST_TMPDIR/b.err" 3>&- &
	b=$!
	wait $a
	wait $b
	same_as_org "$BATS_TEST_TMPDIR/a"
	same_as_org "$BATS_TEST_TMPDIR/b"
	[ "$(limited)" -le 2 ]
}
