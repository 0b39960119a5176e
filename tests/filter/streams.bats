#!/usr/bin/env bats
# The three programs as people compose them.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	org_stop
}

@test "fetch | tee | map | emit, and the saved stream gives the same bytes" {
	org_start --users 80 --groups 12
	fetch | tee org.ndjson | okta-map -q | catalog-emit -q -o org.yaml
	okta-map -q < org.ndjson | catalog-emit -q > again.yaml
	cmp org.yaml again.yaml
}

@test "a jq filter between the stages just works" {
	org_start --users 80 --groups 12
	fetch | jq -c 'select(.kind != "OktaUser" or .user.status == "ACTIVE")' | okta-map -q | catalog-emit -q -o org.yaml
	[ "$(grep -c '^kind: User' org.yaml)" -eq "$(grep -c '"status":"ACTIVE"' "$ORG/users.ndjson")" ]
}

@test "a recipe that fails on one record: 65, its message, nothing published" {
	org_start --users 30 --groups 6
	fetch > org.ndjson
	okta-map -q org.ndjson | catalog-emit -q -o org.yaml
	cp org.yaml before
	jq -c 'try (if .user.profile.login == "ana.ruiz@acme.example" then error("Ana again") else . end) catch {kind:"Abort",message:.}' org.ndjson > broken
	ends_with 65 bash -c 'okta-map broken | catalog-emit -o org.yaml'
	says 'Ana again'
	cmp org.yaml before
}

@test "a wrong line ends the run at once, though the writer keeps the pipe open and says nothing more" {
	mkfifo silent
	exec 8<> silent
	for reader in okta-map catalog-emit; do
		echo 'no record' >&8
		ends_with 65 timeout 60 "$reader" silent 8>&-
		says 'silent: line 1: found no record'
	done
	exec 8>&-
}

@test "End cut off, two streams, a fetch killed in the middle: an error, the catalog as before, without pipefail" {
	org_start --users 300 --groups 12 --page-limit 20 --latency-ms 20
	fetch > org.ndjson
	okta-map -q org.ndjson | catalog-emit -q -o org.yaml
	cp org.yaml before
	ends_with 65 bash -c 'head -n -1 org.ndjson | okta-map | catalog-emit -o org.yaml'
	says 'without End'
	ends_with 65 bash -c 'cat org.ndjson org.ndjson | okta-map | catalog-emit -o org.yaml'
	says 'two streams'
	# Killed when its first users have come.
	ends_with 65 bash -c 'mkfifo p; okta-fetch --ca-file "$0" > p & fetch=$!
		{ while IFS= read -r line; do printf "%s\n" "$line"; case $line in *OktaUser*) kill -KILL $fetch ;; esac; done < p; } | okta-map | catalog-emit -o org.yaml' "$ORG/ca.pem"
	cmp org.yaml before
}

@test "10,000 users, 500 groups: exact, in less than 32 MB, DPoP required and not" {
	for dpop in required optional; do
		org_start --users 10000 --groups 500 --dpop $dpop --rate-limit users=100000,groups=100000
		for users in all members; do
			python3 -B - "$ORG/ca.pem" $users <<-'PY'
				import resource, subprocess, sys
				with open("out", "wb") as out:
				    subprocess.run(["okta-fetch", "--ca-file", sys.argv[1], "--users", sys.argv[2]], stdout=out, check=True)
				print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open("kilobytes", "w"))
			PY
			same_as_org out $users
			# The sanitizers' own memory is not ours.
			case $BIN in *sanitized*) ;; *) [ "$(cat kilobytes)" -lt 32768 ] || { cat kilobytes; return 1; } ;; esac
		done
		org_stop
	done
}
