#!/usr/bin/env bats
# What happens in the middle of long lists: each request has tries of its own.

load org

teardown() {
	org_stop
}

# A fault at several requests of one kind: at MATCH JSON N...
at() {
	local match=$1 fault=$2
	shift 2
	for n; do org_tell fault "{\"match\":\"$match\",\"nth\":$n,$fault}"; done
}

@test "faults on many pages of one list, each mended by another try, end nothing" {
	org_start --users 200 --groups 3 --page-limit 10
	at '/users[?]' '"do":"reset"' 2 5 8 11 14 17
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	no grep -q 'pages of' "$BATS_TEST_TMPDIR/err"
}

@test "tokens revoked and nonces forgotten on many pages of one list end nothing" {
	org_start --users 200 --groups 3 --page-limit 10 --api-nonce
	at '/users[?]' '"do":"revoke"' 3 9 15
	at '/users[?]' '"do":"forget-nonces"' 5 7 12 18
	ends_with 0 fetch -c 1
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "a 429 on many pages of one list ends nothing" {
	org_start --users 80 --groups 3 --page-limit 5
	at '/users[?]' '"do":"429","limit":0,"seconds":1' 2 4 6 8 10 12
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "a cursor that Okta does not know any more: the list is read from its start, once; then 76" {
	org_start --users 100 --groups 3 --page-limit 10
	at 'users.after' '"do":"api-error","status":400,"code":"E0000031","text":"Invalid cursor."' 4
	ends_with 0 fetch
	says 'read from its start again'
	same_as_org "$BATS_TEST_TMPDIR/out"
	org_tell clear-faults '{}'
	org_tell fault '{"match":"users.after","from":2,"do":"api-error","status":400,"code":"E0000031"}'
	ends_with 76 fetch
	no_end
}

@test "a token that ends at once is no token: 76, and it is not asked for again and again" {
	org_start --token-lifetime 0
	ends_with 76 fetch
	says 'ends after 0 s'
	[ "$(org_requests oauth2)" -le 3 ]
}

@test "what is waited for at the token endpoint is in End, too" {
	org_start --users 5 --groups 3 --fault '{"match":"oauth2","nth":1,"do":"429","seconds":2}'
	ends_with 0 fetch
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/out" | jq .waitedSeconds)" -ge 1 ]
}

@test "the reader leaves while the sign-in waits for its answer" {
	org_start --fault '{"match":"oauth2","do":"slow","seconds":60}'
	run timeout 30 bash -c 'okta-fetch --ca-file "$ORG/ca.pem" | true; exit "${PIPESTATUS[0]}"'
	[ "$status" -eq 141 ]
}

@test "standard output or error closed by who starts it" {
	org_start --users 20 --groups 3
	run timeout 30 bash -c 'okta-fetch --ca-file "$1/ca.pem" >&-' - "$ORG"
	[ "$status" -eq 74 ]
	timeout 30 bash -c 'okta-fetch --ca-file "$1/ca.pem" 2>&-' - "$ORG" > "$BATS_TEST_TMPDIR/out"
	same_as_org "$BATS_TEST_TMPDIR/out"
	for filter in okta-map catalog-emit; do
		run timeout 30 bash -c '"$1" >&- < "$2"' - "$filter" "$BATS_TEST_TMPDIR/out"
		[ "$status" -ne 0 ]
	done
}

@test "a secret that is given in place of a file's name is not repeated" {
	org_start
	ends_with 78 fetch --key-file "$(cat "$ORG/key.pem")"
	says 'looks like the secret itself'
	no grep -qE 'PRIVATE KEY|MII' "$BATS_TEST_TMPDIR/err"
	ends_with 78 fetch --token-file "$(cat "$ORG/ssws.token")"
	says 'looks like the secret itself'
	no grep -q SSWStoken "$BATS_TEST_TMPDIR/err"
}

@test "line breaks: behind a token they are taken off, within one or in an id they are named" {
	org_start --users 5 --groups 3
	token=$(cat "$ORG/ssws.token")
	(
		unset OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID
		export OKTA_CLIENT_TOKEN="$token
"
		ends_with 0 fetch
		export OKTA_CLIENT_TOKEN="$token
Evil: header"
		ends_with 78 fetch
		says 'expected one line'
	)
	ends_with 78 fetch --client-id "$OKTA_CLIENT_CLIENTID
"
	says 'client ID: white space'
	ends_with 78 fetch --key-id ' k'
	says 'key ID: white space'
}

@test "a search beside named groups: what both find comes once, and one without a hit is 78" {
	org_start --groups 9
	ends_with 0 fetch --group Engineering --group Engineering --group-search 'profile.name eq "Engineering"'
	[ "$(grep -c '"kind":"OktaGroup"' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
	ends_with 78 fetch --group Engineering --group-search 'profile.name eq "nowhere"'
	says 'the group search finds nothing'
}
