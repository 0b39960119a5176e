#!/usr/bin/env bats
# okta-fetch against the simulated org: what comes out is exactly what the org holds, or there is no End.

load org

teardown() {
	org_stop
}

@test "DPoP required: every object, byte for byte, and End last" {
	org_start --users 450 --groups 30
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "DPoP not required: the same, without an option" {
	org_start --users 50 --groups 8 --dpop optional
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	org_stop
	org_start --users 50 --groups 8 --dpop unasked
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "small pages, every list in many parts" {
	org_start --users 90 --groups 12 --page-limit 7
	ends_with 0 fetch --concurrency 3
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "one request at a time" {
	org_start --users 30 --groups 9 --page-limit 10
	ends_with 0 fetch --concurrency 1
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "a nonce asked for at the API, too, and nonces that are renewed all the time" {
	org_start --users 30 --groups 9 --page-limit 5 --api-nonce --nonce-lifetime 0.05
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "EC keys sign in as RSA keys do" {
	for type in p256 p384 p521; do
		org_start --users 5 --groups 3 --key-type $type
		ends_with 0 fetch
		same_as_org "$BATS_TEST_TMPDIR/out"
		org_stop
	done
}

@test "a JWK brings its own key ID" {
	org_start --users 5 --groups 3
	unset OKTA_CLIENT_PRIVATEKEYID
	ends_with 0 fetch --key-file "$ORG/key.jwk"
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "the key from a pipe, and from the environment as text" {
	org_start --users 5 --groups 3
	unset OKTA_CLIENT_PRIVATEKEY
	okta-fetch --ca-file "$ORG/ca.pem" --key-file - < "$ORG/key.pem" > "$BATS_TEST_TMPDIR/out"
	same_as_org "$BATS_TEST_TMPDIR/out"
	OKTA_CLIENT_PRIVATEKEY=$(cat "$ORG/key.pem") fetch > "$BATS_TEST_TMPDIR/out"
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "an SSWS token" {
	org_start --users 5 --groups 3
	unset OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_CLIENTID
	ends_with 0 fetch --token-file "$ORG/ssws.token"
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "the token is renewed before it ends" {
	org_start --users 60 --groups 12 --page-limit 5 --token-lifetime 1 --latency-ms 60
	ends_with 0 fetch --concurrency 2
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(org_requests '"path": "/oauth2/v1/token", "status": 200')" -gt 1 ]
	[ "$(org_requests '"status": 401')" -eq 0 ]
}

@test "a token revoked in the middle is renewed once for all requests" {
	org_start --users 60 --groups 12 --page-limit 5 --fault '{"match":"/users","nth":6,"do":"revoke"}'
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(org_requests '"path": "/oauth2/v1/token", "status": 200')" -eq 2 ]
}

@test "users: members asks /users nothing, none asks for no members" {
	org_start --users 80 --groups 10
	ends_with 0 fetch --users members
	same_as_org "$BATS_TEST_TMPDIR/out" members
	[ "$(org_requests '"/api/v1/users')" -eq 0 ]
	ends_with 0 fetch --users none
	same_as_org "$BATS_TEST_TMPDIR/out" none
}

@test "groups by name and id, any characters; built-in ones only when named" {
	org_start --users 40 --groups 18
	id=$(jq -r 'select(.profile.name=="Payments").id' "$ORG/groups.ndjson")
	ends_with 0 fetch --group 'QA "East"' --group 'R+D' --group "$id" --group 'Größe' --users none
	run jq -r 'select(.kind=="OktaGroup").group.profile.name' "$BATS_TEST_TMPDIR/out"
	[ "$(printf '%s\n' "${lines[@]}" | sort)" = "$(printf '%s\n' 'QA "East"' 'R+D' 'Payments' 'Größe' | sort)" ]
	printf 'Field, Sales\nEveryone\n' > "$BATS_TEST_TMPDIR/names"
	ends_with 0 fetch --groups-file "$BATS_TEST_TMPDIR/names" --users none
	[ "$(grep -c '"kind":"OktaGroup"' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
	ends_with 0 fetch --built-in --users none
	grep -q '"name":"Everyone"' "$BATS_TEST_TMPDIR/out"
}

@test "a name that two groups share brings both" {
	org_start --users 10 --groups 10
	ends_with 0 fetch --group Engineering --users none
	[ "$(grep -c '"kind":"OktaGroup"' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
}

@test "sixty named groups are found in a few searches" {
	org_start --users 10 --groups 70
	jq -r 'select(.type!="BUILT_IN").profile.name' "$ORG/groups.ndjson" | sort -u | head -n 60 > "$BATS_TEST_TMPDIR/names"
	ends_with 0 fetch --groups-file "$BATS_TEST_TMPDIR/names" --users none
	[ "$(jq -r 'select(.kind=="OktaGroup").group.profile.name' "$BATS_TEST_TMPDIR/out" | sort -u)" = "$(sort -u "$BATS_TEST_TMPDIR/names")" ]
	[ "$(org_requests '"/api/v1/groups?')" -le 4 ]
}

@test "a group that is not there is named: 78; --missing-groups warn goes on" {
	org_start --users 10 --groups 8
	ends_with 78 fetch --group Payments --group 'No such team' --group payments
	says 'no group "No such team"'
	says 'no group "payments", but "Payments"'
	no_end
	ends_with 0 fetch --group Payments --group 'No such team' --missing-groups warn
	says 'warning: no group "No such team"'
}

@test "wrong key, unknown kid, wrong client: 77 and the place to mend it; nothing on standard output" {
	org_start --users 5 --groups 3
	openssl genrsa 2048 > "$BATS_TEST_TMPDIR/other.pem" 2>/dev/null
	ends_with 77 fetch --key-file "$BATS_TEST_TMPDIR/other.pem"
	says 'does not belong to the key ID'
	ends_with 77 fetch --key-id nonsense
	says 'compare the key ID'
	ends_with 77 fetch --client-id 0oaNobody
	says 'client ID'
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
}

@test "a missing scope: 77 names it" {
	org_start --users 5 --groups 3 --scopes okta.users.read
	ends_with 77 fetch
	says 'okta.groups.read'
	org_stop
	org_start --users 5 --groups 3 --scopes okta.logs.read
	ends_with 77 fetch
	says 'Okta API Scopes'
}

@test "an app without an admin role: 77 with the hint, never an empty stream" {
	org_start --users 5 --groups 3 --roles none
	ends_with 77 fetch
	says 'admin role'
	no_end
	org_stop
	org_start --users 5 --groups 3 --roles users
	ends_with 77 fetch
	says 'no groups'
	no_end
}

@test "certificates: unknown CA, expired, another name: 69" {
	org_start --users 5 --groups 3
	ends_with 69 okta-fetch
	says 'not trusted'
	org_stop
	for cert in expired wrong-name; do
		org_start --users 5 --groups 3 --cert $cert
		ends_with 69 fetch
		says 'not trusted'
		org_stop
	done
}

@test "an org that does not answer: 69" {
	org_start --users 5 --groups 3
	org_stop
	ends_with 69 fetch
	says 'no connection'
}

@test "--dpop=off meets an app that requires it; --dpop=require one that does not" {
	org_start --users 5 --groups 3
	ends_with 77 fetch --dpop off
	says 'leave out --dpop=off'
	org_stop
	org_start --users 5 --groups 3 --dpop optional
	ends_with 77 fetch --dpop require
	says 'Proof of Possession'
	ends_with 0 fetch --dpop off
}

@test "passing faults are retried, and the stream is exact" {
	for fault in '"do":"status","status":500' '"do":"status","status":503' '"do":"reset"' '"do":"truncate"' '"do":"cut"' \
		'"do":"429","seconds":1' '"do":"429","headers":false' '"do":"body","body":"[{\"id\":1}]"' '"do":"body","body":""'; do
		org_start --users 60 --groups 8 --page-limit 20 --fault "{\"match\":\"/api/v1/\",\"nth\":4,$fault}"
		ends_with 0 fetch || { echo "$fault"; return 1; }
		same_as_org "$BATS_TEST_TMPDIR/out" || { echo "$fault"; return 1; }
		org_stop
	done
}

@test "lasting faults end the run without End" {
	while read -r status fault; do
		org_start --users 60 --groups 8 --page-limit 20 --fault "{\"match\":\"/api/v1/users\",\"from\":2,$fault}"
		ends_with "$status" fetch || { echo "$fault"; return 1; }
		no_end
		[ "$(grep -vc warning "$BATS_TEST_TMPDIR/err")" -ge 1 ]
		org_stop
	done <<-'END'
		69 "do":"status","status":503
		76 "do":"cut"
		76 "do":"redirect","location":"https://elsewhere.example/"
		76 "do":"next","url":"https://elsewhere.example/api/v1/users?after=x"
		76 "do":"next"
		77 "do":"api-error","status":403,"code":"E0000006"
	END
}

@test "members of a group deleted meanwhile: left out; refused: 77 with its name" {
	org_start --users 30 --groups 8 --latency-ms 20 --fault '{"match":"/groups/[^/]*/users","nth":2,"do":"api-error","status":404,"code":"E0000007"}'
	ends_with 77 fetch --concurrency 1
	says 'does not show this app the members of group "'
	no_end
}

# Waits until the org is asked nothing more: fifty looks in a row find the same number of calls.
org_is_left_alone() {
	local same=0 calls=-1 now
	while [ "$same" -lt 50 ]; do
		now=$(org_calls)
		if [ "$now" = "$calls" ]; then same=$((same + 1)); else same=0; fi
		calls=$now
	done
}

org_calls() {
	curl -s --cacert "$ORG/ca.pem" "$OKTA_CLIENT_ORGURL/_sim/stats" | jq .calls
}

@test "a slow reader stops the requests and loses nothing" {
	org_start --users 20000 --groups 3 --rate-limit users=100000
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	fetch > "$BATS_TEST_TMPDIR/pipe" 3>&- &
	{
		IFS= read -r first
		org_is_left_alone
		# 96 pages of users there are.
		[ "$(org_calls)" -lt 60 ]
		{ printf '%s\n' "$first"; cat; } > "$BATS_TEST_TMPDIR/out"
	} < "$BATS_TEST_TMPDIR/pipe"
	wait $!
	same_as_org "$BATS_TEST_TMPDIR/out"
}

@test "a reader that leaves ends it in silence" {
	org_start --users 2000 --groups 5
	run bash -c "okta-fetch --ca-file '$ORG/ca.pem' 2> '$BATS_TEST_TMPDIR/err' | head -n 1 > /dev/null; echo \${PIPESTATUS[0]}"
	[ "$output" = 141 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	run bash -c "trap '' PIPE; okta-fetch --ca-file '$ORG/ca.pem' 2> '$BATS_TEST_TMPDIR/err' | head -n 1 > /dev/null; echo \${PIPESTATUS[0]}"
	[ "$output" = 141 ]
}

@test "a full disk: 74" {
	org_start --users 50 --groups 5
	run bash -c "okta-fetch --ca-file '$ORG/ca.pem' > /dev/full"
	[ "$status" -eq 74 ]
	[[ "$output" == *"cannot be written"* ]]
}

@test "what is missing on the command line is said at once: 64" {
	unset OKTA_CLIENT_ORGURL OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_TOKEN
	BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR ends_with 64 okta-fetch
	says '--org-url'
	says '--client-id'
	says '--key-file'
	ends_with 64 okta-fetch --no-such-option
	ends_with 64 okta-fetch --users some
	ends_with 64 okta-fetch --id 'a b'
	says '--id a b: expected letters'
	ends_with 78 okta-fetch --org-url https://acme-admin.okta.com --client-id x --key-file /dev/null
	says 'leave out "-admin"'
}

@test "--help fits a screen and goes to standard output" {
	ends_with 0 okta-fetch --help
	[ "$(wc -l < "$BATS_TEST_TMPDIR/out")" -le 36 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	ends_with 0 okta-fetch --version
}
