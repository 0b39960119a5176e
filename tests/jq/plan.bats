#!/usr/bin/env bats
# pipeline/plan.jq, messages.jq, findings.jq, fresh.jq, metrics.jq, refs.jq alone.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
}

no() {
	if "$@"; then return 1; fi
}

# plan FIELDS [FORCE [BASE_MISSING [RESERVED [ORG]]]]: the plan of a provider
plan() {
	jq -n "{providers: [{id: \"a\", fetch: [\"--id\", \"a\"], map: [], emit: [], secret: {option: \"--key-file\", text: \"the secret\"}, timeout: 1500} + $1]}" |
		jq -r -L pipeline --arg id a --arg bin /bin/x --arg parts /parts --arg state 'st/it'"'"'s' --arg run /run --arg output out \
			--arg force "${2:-}" --arg verbosity '' --arg pass yes --arg log_format text \
			--arg base out/a.yaml --arg base_missing "${3:-}" --argjson reserved "${4:-[]}" --arg org "${5:-}" --arg dry '' -f pipeline/plan.jq
}

@test "the plan: three stages, quoted for sh, without the secret" {
	plan '{}' > "$BATS_TEST_TMPDIR/plan"
	if grep -q 'the secret' "$BATS_TEST_TMPDIR/plan"; then false; fi
	grep -qF "fetch) '/bin/x/okta-fetch' '--id' 'a' '--cache' 'st/it'\\''s/cache' '--key-file' '-' '--log-format' 'json' ;;" "$BATS_TEST_TMPDIR/plan"
	for shell in dash bash 'busybox sh'; do
		[ "$($shell -c '. "$1"; echo "$seconds $stage_names $ledger $(title_of emit)"' sh "$BATS_TEST_TMPDIR/plan")" = "2 fetch map emit st/it's/names.ndjson catalog-emit" ]
	done
}

@test "the plan: transforms between the stages, a split catalog's emit apart, force, no ledger, no cache" {
	plan '{transformOkta: {jq: "."}, transformEntities: {command: ["a b", 1]}, split: 3, names: false, cache: false}' --force > "$BATS_TEST_TMPDIR/plan"
	[ "$(dash -c '. "$1"; echo "$stage_names,$last_stage,$ledger"' sh "$BATS_TEST_TMPDIR/plan")" = 'fetch transform.okta map transform.entities,emit,' ]
	grep -qF "transform.entities) 'a b' '1' ;;" "$BATS_TEST_TMPDIR/plan"
	grep -qF "emit) '/bin/x/catalog-emit' '-o' 'out/a.yaml'" "$BATS_TEST_TMPDIR/plan"
	grep -q -e "'--force'" "$BATS_TEST_TMPDIR/plan"
	if grep -q -e "--cache\|'--names'" "$BATS_TEST_TMPDIR/plan"; then false; fi
}

@test "the plan: what names depend on; a base that must be there, unless the configuration expects none" {
	plan '{namespace: "acme", url: "https://a.okta.com", fetch: ["--client-id", "c", "--group", "x"]}' '' yes '["b/names"]' 00oA > "$BATS_TEST_TMPDIR/plan"
	grep -qF "map) '/bin/x/okta-map' '--names' '/run/names.ndjson' '--names-from' 'out/a.yaml' '--names-reserved' 'b/names' '--names-lock' '5' '--expect-org' '00oA'" "$BATS_TEST_TMPDIR/plan"
	grep -qF "'--base' 'out/a.yaml' '--require-base'" "$BATS_TEST_TMPDIR/plan"
	grep -qF "'--known-groups' '/run/known-groups'" "$BATS_TEST_TMPDIR/plan"
	[ "$(dash -c '. "$1"; echo "$namespace $url $client $known_groups"' sh "$BATS_TEST_TMPDIR/plan")" = 'acme https://a.okta.com c /run/known-groups' ]
	for expected in true false; do
		plan "{requireBase: $expected}" '' yes > "$BATS_TEST_TMPDIR/plan"
		no grep -q -e --require-base "$BATS_TEST_TMPDIR/plan"
	done
}

@test "the jq of a transform aborts on a record that fails, whatever the error is" {
	program=$(jq -n -r -L pipeline 'include "transform"; {jq: "if .n > 1 then error({a: 1}) else . end # remark"} | transform("transform.okta").words[2]')
	[ "$(printf '{"n":1}\n{"n":2}\n' | jq -c "$program" | tail -n 1)" = '{"kind":"Abort","message":"transform.okta: {\"a\":1}"}' ]
}

messages() { # FORMAT KNOWN
	jq -n -R -r -L pipeline --arg format "$1" --arg provider a --argjson several true --arg by transform --arg copy run/names.ndjson --arg ledger names.ndjson --argjson all false --arg known "$2" -f pipeline/messages.jq
}

@test "messages: known findings and summaries are left out, lines that are no JSON are passed on" {
	{
		echo '{"time":"t","level":"warning","program":"catalog-emit","message":"line 12: user:default/x: wrong"}'
		echo '{"time":"t","level":"warning","program":"catalog-emit","message":"line 13: user:default/y: wrong"}'
		echo '{"time":"t","level":"note","program":"catalog-emit","message":"unchanged: 1 groups, 1 users"}'
		echo 'from a "script"'
	} > "$BATS_TEST_TMPDIR/raw"
	[ "$(messages text 'catalog-emit: warning: user:default/x: wrong' < "$BATS_TEST_TMPDIR/raw")" = 'catalog-emit: a: warning: line 13: user:default/y: wrong
transform: a: from a "script"' ]
	[ "$(messages json '' < "$BATS_TEST_TMPDIR/raw" | jq -r .provider | paste -s -d ' ')" = 'a a a' ]
	[ "$(jq -n -R -r -L pipeline -f pipeline/findings.jq "$BATS_TEST_TMPDIR/raw")" = 'catalog-emit: warning: user:default/x: wrong
catalog-emit: warning: user:default/y: wrong' ]
}

fresh_until() { # STATUS SCHEDULE
	jq -n -c -L pipeline "include \"fresh\"; $1 | fresh_until($2) | if . == null or . == 0 then . else todate end"
}

@test "fresh: twice the frequency and the timeout; for cron the second next time; manual until a run fails" {
	[ "$(fresh_until '{lastSuccess: "2026-11-24T04:00:00Z"}' '{frequency: 1800000, timeout: 600000}')" = '"2026-11-24T05:10:00Z"' ]
	[ "$(TZ=UTC fresh_until '{lastSuccess: "2026-11-24T04:00:10Z"}' '{cron: "0 4 * * *", timeout: 600000}')" = '"2026-11-26T04:10:00Z"' ]
	[ "$(fresh_until '{lastSuccess: "2026-11-24T04:00:00Z", lastRun: {exit: 0}}' '{manual: true, timeout: 600000}')" = null ]
	[ "$(fresh_until '{lastSuccess: "2026-11-24T04:00:00Z", lastRun: {exit: 69}}' '{manual: true, timeout: 600000}')" = 0 ]
	[ "$(fresh_until '{lastSuccess: "2026-11-24T04:00:00Z", publishPending: true}' '{frequency: 1800000, timeout: 600000}')" = 0 ]
	[ "$(fresh_until '{}' '{frequency: 1800000, timeout: 600000}')" = 0 ]
}

@test "a last success in the future counts as never" {
	for schedule in '{frequency: 1800000}' '{cron: "0 4 * * *"}' '{manual: true}'; do
		[ "$(fresh_until '{lastSuccess: (now + 60 | todate), lastRun: {exit: 0}}' "$schedule")" = 0 ]
	done
	[ "$(fresh_until '{lastSuccess: (now - 60 | todate), lastRun: {exit: 0}}' '{manual: true}')" = null ]
}

@test "refs of a catalog in JSON, of lines, of a mutation" {
	entity='{"kind":"User","metadata":{"name":"A"}}'
	for form in "[$entity]" "$entity" "{\"type\":\"full\",\"entities\":[{\"entity\":$entity}]}" "{\"added\":[{\"entity\":$entity}]}"; do
		[ "$(jq -r -f pipeline/refs.jq <<< "$form")" = User:default/A ]
	done
}
