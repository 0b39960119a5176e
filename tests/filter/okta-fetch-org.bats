#!/usr/bin/env bats
# Which org a stream is of: OktaOrg's orgId, from the org's own description.

load org

teardown() {
	org_stop
}

org_id() {
	head -n 1 "$BATS_TEST_TMPDIR/out" | jq -r .orgId
}

# Without an org's description nothing is written, not even a file of the cache.
nothing_is_written() {
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	[ ! -e "$BATS_TEST_TMPDIR/cache" ]
}

@test "OktaOrg names the org by its id, after one call that End counts" {
	org_start --users 20 --groups 4 --org-id 00oSandbox0000000000
	ends_with 0 fetch
	head -n 1 "$BATS_TEST_TMPDIR/out" | jq -e --arg url "$OKTA_CLIENT_ORGURL" \
		'keys_unsorted == ["kind", "version", "id", "oktaUrl", "orgId", "fetchedAt"] and .oktaUrl == $url'
	[ "$(org_id)" = 00oSandbox0000000000 ]
	[ "$(org_requests okta-organization)" -eq 1 ]
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/out" | jq .calls)" -eq "$(wc -l < "$ORG/requests.ndjson")" ]
}

@test "an SSWS token names the org, too, and is sent to nothing that does not describe an org" {
	org_start --users 20 --groups 4
	unset OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID
	ends_with 0 fetch --token-file "$ORG/ssws.token"
	same_as_org "$BATS_TEST_TMPDIR/out"
	[ "$(org_id)" = 00o1a2b3c4D5E6F7g8h9 ]
	before=$(org_requests /api/v1)
	org_tell fault '{"match":"well-known","do":"redirect","location":"https://other.example/"}'
	ends_with 78 fetch --token-file "$ORG/ssws.token"
	[ "$(org_requests /api/v1)" -eq "$before" ]
}

@test "a description that fails once is asked for again, and the stream is exact" {
	org_start --users 60 --groups 8 --page-limit 20
	for fault in '"do":"status","status":500' '"do":"status","status":200' '"do":"reset"' '"do":"429","seconds":1'; do
		org_tell clear-faults '{}'
		org_tell fault "{\"match\":\"well-known\",\"nth\":1,$fault}"
		ends_with 0 fetch --cache "$BATS_TEST_TMPDIR/cache" || { echo "$fault"; return 1; }
		same_as_org "$BATS_TEST_TMPDIR/out" || { echo "$fault"; return 1; }
		[ "$(org_id)" = 00o1a2b3c4D5E6F7g8h9 ]
	done
}

@test "no description of an org: nothing is written, and the message says what to do" {
	org_start --users 20 --groups 4
	while IFS='|' read -r status fault text; do
		org_tell clear-faults '{}'
		org_tell fault "{\"match\":\"well-known\",$fault}"
		ends_with "$status" fetch --cache "$BATS_TEST_TMPDIR/cache" || { echo "$fault"; return 1; }
		says "$text" || { echo "$fault"; return 1; }
		nothing_is_written
	done <<-'END'
		76|"do":"status","status":200|check the org URL, and whether a proxy answers in Okta's place
		76|"do":"body","body":"{\"id\":\"00u1\"}"|not an org's description, 5 times
		69|"do":"status","status":503|the org's description (/.well-known/okta-organization): HTTP 503
		69|"do":"reset"|the org's description (/.well-known/okta-organization)
		78|"do":"redirect","location":"https://other.example/"|redirected to https://other.example/, which is not followed
	END
}

@test "an address that redirects everything: 78 with the new address, whichever answer comes first" {
	org_start --users 5 --groups 3 --fault '{"do":"redirect","location":"https://other.example/"}'
	ends_with 78 fetch
	says 'redirected to https://other.example/'
	nothing_is_written
	[ "$(grep -c . "$BATS_TEST_TMPDIR/err")" -eq 1 ]
}

@test "the description costs no time of its own: the lists come while its answer is waited for" {
	org_start --users 40 --groups 5 --fault '{"match":"well-known","do":"slow","seconds":3}'
	ends_with 0 fetch
	same_as_org "$BATS_TEST_TMPDIR/out"
	jq -es '(map(.path | test("well-known")) | index(true)) as $org | (map(.path | test("/users[?]")) | index(true)) < $org' \
		"$ORG/requests.ndjson"
}

@test "--timeout bounds the description as every request: 69" {
	org_start --users 40 --groups 5 --fault '{"match":"well-known","do":"slow","seconds":20}'
	ends_with 69 timeout 60 okta-fetch --ca-file "$ORG/ca.pem" --timeout 300ms
	says "the org's description (/.well-known/okta-organization): no answer in time"
	nothing_is_written
}

@test "more than may be held waits for a description that fails at first, and nothing stands still" {
	org_start --users 12000 --groups 3 --rate-limit users=100000 --fault '{"match":"well-known","nth":1,"do":"slow","seconds":4}'
	for n in 1 8; do
		ends_with 0 timeout 120 okta-fetch --ca-file "$ORG/ca.pem" --concurrency $n --timeout 3s
		same_as_org "$BATS_TEST_TMPDIR/out"
		org_tell fault '{"match":"well-known","nth":1,"do":"slow","seconds":4}'
	done
}

@test "--expect-org: another org ends with 78 before anything is written, and --check says so" {
	org_start --users 20 --groups 4 --org-id 00oSandbox0000000000
	ends_with 78 fetch --cache "$BATS_TEST_TMPDIR/cache" --expect-org 00oProduction0000000
	says "$OKTA_CLIENT_ORGURL is the org 00oSandbox0000000000, not 00oProduction0000000"
	nothing_is_written
	ends_with 78 fetch --check --expect-org 00oProduction0000000
	grep -q 'WRONG org URL: .* is the org 00oSandbox0000000000, not 00oProduction0000000' "$BATS_TEST_TMPDIR/out"
	ends_with 0 fetch --expect-org 00oSandbox0000000000
	[ "$(org_id)" = 00oSandbox0000000000 ]
	ends_with 0 fetch --check --expect-org 00oSandbox0000000000
	ends_with 64 fetch --expect-org ''
}
