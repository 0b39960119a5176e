#!/usr/bin/env bats
# okta-fetch --check: each thing that an administrator can get wrong, and what the report says about it.

load org

teardown() {
	org_stop
}

check() {
	timeout 60 okta-fetch --ca-file "$ORG/ca.pem" --check "$@"
}

# The report has the line "ok    $1..." (a step and what was found).
fine() {
	grep -qF -- "ok    $1" "$BATS_TEST_TMPDIR/out" || { echo "expected: ok $1"; cat "$BATS_TEST_TMPDIR/out"; return 1; }
}

# Exactly one line is WRONG: that of step $1, and it has each of the other texts.
wrong() {
	local step=$1 line
	shift
	line=$(grep '^WRONG' "$BATS_TEST_TMPDIR/out") || { echo "nothing is wrong"; cat "$BATS_TEST_TMPDIR/out"; return 1; }
	[ "$(printf '%s\n' "$line" | wc -l)" -eq 1 ] || { echo "more is wrong: $line"; return 1; }
	for text in "WRONG $step: " "$@"; do
		case $line in *"$text"*) ;; *) echo "expected: $text"; echo "found: $line"; return 1 ;; esac
	done
}

@test "a set-up that is right: every step is ok, with what a run will cost; nothing else is printed" {
	org_start --users 300 --groups 12
	ends_with 0 check
	no grep -qv '^ok    ' "$BATS_TEST_TMPDIR/out"
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	fine "org URL: $OKTA_CLIENT_ORGURL is an Okta org, 00o1a2b3c4D5E6F7g8h9"
	fine "key: a private key that signs with RS256, key ID $OKTA_CLIENT_PRIVATEKEYID"
	fine "DPoP: the app requires it"
	fine "scopes: okta.users.read is granted"
	fine "scopes: okta.groups.read is granted"
	fine "role: users:"
	fine "role: groups: 14 groups are shown to the app, built-in ones among them"
	fine "role: members:"
	grep -qE '^ok    rate limit: 59[0-9] of 600 calls a minute are left for users; a run uses at most 50 %' "$BATS_TEST_TMPDIR/out"
	grep -qE '^ok    rate limit: 49[0-9] of 500 calls a minute are left for groups and members' "$BATS_TEST_TMPDIR/out"
	users=$(wc -l < "$ORG/users.ndjson")
	fine "a whole run: $users users and 12 groups: about 18 calls"
	ends_with 0 fetch
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/out" | jq .calls)" -eq 18 ]
}

@test "the DPoP box not ticked: it works, and the report says what it costs; an error with --dpop=require" {
	org_start --dpop optional
	ends_with 0 check
	fine "DPoP: the app does not require it. That works; a stolen token would, too: tick \"Require Demonstrating"
	ends_with 77 check --dpop=require
	wrong DPoP 'tick "Require Demonstrating'
}

@test "an SSWS token" {
	org_start
	unset OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID
	ends_with 0 check --token-file "$ORG/ssws.token"
	fine "key: an SSWS token"
	echo wrong > "$BATS_TEST_TMPDIR/token"
	ends_with 77 check --token-file "$BATS_TEST_TMPDIR/token"
	grep -q '^WRONG' "$BATS_TEST_TMPDIR/out"
}

@test "the URL of the admin console, of an authorization server, of nobody, of something else, of a host that is not trusted" {
	org_start
	ends_with 78 check --org-url https://acme-admin.okta.com
	wrong 'org URL' 'leave out "-admin"'
	fine "key:"
	ends_with 78 check --org-url https://acme.okta.com/oauth2/default
	wrong 'org URL' 'authorization server' 'https://acme.okta.com'
	ends_with 69 check --org-url https://localhost:1
	wrong 'org URL' 'no connection' 'check the org URL'
	org_tell fault '{"match":"well-known","do":"status","status":404}'
	ends_with 78 check
	wrong 'org URL' 'is no Okta org'
	org_tell clear-faults '{}'
	org_tell fault '{"match":"well-known","do":"redirect","location":"https://login.acme.example/"}'
	ends_with 78 check
	wrong 'org URL' 'redirects to https://login.acme.example/'
	org_tell clear-faults '{}'
	org_tell fault '{"match":"well-known","nth":1,"do":"reset"}'
	ends_with 0 check
	fine 'org URL'
	ends_with 69 okta-fetch --check
	wrong 'org URL' 'not trusted' '--ca-file'
}

@test "a key that is none, that is public, that is missing" {
	org_start
	echo 'not a key' > "$BATS_TEST_TMPDIR/key"
	ends_with 78 check --key-file "$BATS_TEST_TMPDIR/key"
	wrong key
	fine "org URL"
	openssl rsa -in "$ORG/key.pem" -pubout -out "$BATS_TEST_TMPDIR/key" 2> /dev/null
	ends_with 78 check --key-file "$BATS_TEST_TMPDIR/key"
	wrong key 'only a public key' 'give the private key'
	ends_with 78 check --key-file "$BATS_TEST_TMPDIR/nothing"
	wrong key "$BATS_TEST_TMPDIR/nothing"
}

@test "client, key ID or key that the app does not know" {
	org_start
	ends_with 77 check --client-id 0oaWrong
	wrong sign-in 'compare org URL and client ID'
	ends_with 77 check --key-id other
	wrong sign-in 'compare the key ID with' 'Public Keys'
	openssl genpkey -algorithm RSA -out "$BATS_TEST_TMPDIR/key" 2> /dev/null
	ends_with 77 check --key-file "$BATS_TEST_TMPDIR/key"
	wrong sign-in 'the private key does not belong to the key ID'
	grep -q '^-     role: users: not tried' "$BATS_TEST_TMPDIR/out"
}

@test "a clock that is wrong is told, and makes no difference" {
	org_start --org-clock 500
	ends_with 0 check
	grep -qE '^ok    clock: this machine.s clock is (499|500|501) s behind' "$BATS_TEST_TMPDIR/out"
}

@test "a scope that is not granted, and none at all" {
	org_start --scopes okta.users.read
	ends_with 77 check
	wrong scopes 'okta.groups.read is not granted' 'Okta API Scopes'
	fine "scopes: okta.users.read"
	org_stop
	org_start --scopes okta.groups.read
	ends_with 77 check
	wrong scopes 'okta.users.read is not granted'
	org_stop
	org_start --scopes ''
	ends_with 77 check
	wrong scopes 'none is granted' 'Okta API Scopes'
	fine "sign-in:"
}

@test "an admin role that lacks users, groups, or both, and one that refuses" {
	org_start --roles groups
	ends_with 77 check
	wrong 'role: users' 'View users and their details' 'Admin roles'
	org_stop
	org_start --roles users
	ends_with 77 check
	wrong 'role: groups' 'View groups and their details'
	org_stop
	org_start --roles none
	ends_with 77 check
	[ "$(grep -c '^WRONG role: ' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
	org_stop
	org_start --fault '{"match":"/api/v1/users","do":"api-error","status":403,"code":"E0000006"}'
	ends_with 77 check
	wrong 'role: users' 'View users and their details'
}

@test "groups that are not there, with the nearest names; groups outside the resource set" {
	org_start --groups 12
	ends_with 78 check --group Engineering --group Platfrom
	wrong groups '"Platfrom" is not among' 'nearest names: "Platform"' 'Directory > Groups'
	fine 'groups: "Engineering" is there'
	ends_with 78 check --group Platfrom --missing-groups warn
	wrong groups 'none of the named groups was found'
	ends_with 0 check --group Engineering --group Platfrom --missing-groups warn
	fine 'groups: "Platfrom" is not among'
	org_stop
	org_start --groups 12 --resource-groups Engineering
	ends_with 78 check --group Engineering --group Platform
	wrong groups '"Platform" is not among the groups that the app sees' 'resource set'
}

@test "searches that Okta refuses, and that find nothing" {
	org_start
	ends_with 78 check --group-search 'profile.name foo "x"'
	wrong groups 'mend the search expression'
	ends_with 78 check --group-search 'profile.name eq "x"'
	wrong groups 'the group search finds 0'
	ends_with 78 check --user-search 'profile.department eq "x"'
	wrong 'role: users' 'the user search finds nobody'
}

@test "the first failure decides the exit code, and the report goes on where it can" {
	org_start --roles groups
	ends_with 77 check --group nowhere
	[ "$(grep -c '^WRONG' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
}

@test "a list of groups that never ends is told, not followed; one that is too slow with sizes is read without" {
	org_start --groups 12 --page-limit 5
	org_tell fault '{"match":"/groups.limit=200","do":"next"}'
	ends_with 76 timeout 30 okta-fetch --ca-file "$ORG/ca.pem" --check
	wrong 'role: groups' 'read already'
	org_tell clear-faults '{}'
	org_tell fault '{"match":"stats.*after|after.*stats","do":"api-error","status":400,"code":"E0000001"}'
	ends_with 0 check
	fine "role: groups: 14 groups are shown"
}

@test "an app that sees built-in groups alone" {
	org_start --resource-groups Everyone --resource-groups 'Okta Administrators'
	ends_with 77 check
	wrong 'role: groups' 'but built-in ones'
	ends_with 0 check --built-in
}

@test "JSON for machines: a line a step, with the exit code of each" {
	org_start
	ends_with 78 check --group nowhere --log-format json
	jq -es 'all(.[]; has("time") and has("level") and .program == "okta-fetch" and has("step") and has("message"))
		and map(select(.exit != 0)) == [.[] | select(.result == "WRONG")] and ([.[] | select(.exit != 0).exit] | first) == 78' \
		< "$BATS_TEST_TMPDIR/out"
}

@test "no secret is in the report" {
	org_start
	ends_with 0 check -v
	no grep -qE 'PRIVATE KEY|eyJ' "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/err"
}
