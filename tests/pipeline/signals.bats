#!/usr/bin/env bats
# What ends pipeline.sh and its runs, and what is left then.

load ../filter/org
load stages

setup() {
	own_place
}

teardown() {
	[ -z "${wrapper:-}" ] || kill -TERM "$wrapper" 2>/dev/null || true
}

# A run that goes on until ./go is there; half tells that it is under way.
waiting_fetch() {
	fake_stages '{ hours: 1 }'
	fake okta-fetch 'cat > /dev/null; echo $$ > half.new; mv half.new half; while [ ! -e go ]; do sleep 0.1; done; cat org.ndjson'
}

without_setpriv() {
	mkdir -p tools
	printf '#!/bin/sh\nexit 1\n' > tools/setpriv
	chmod +x tools/setpriv
}

descendants() {
	for child in $(pgrep -P "$1"); do
		echo "$child"
		descendants "$child"
	done
}

dies_of() { # STATUS SIGNAL OPTION...
	want=$1 signal=$2
	shift 2
	rm -f half
	start_pipeline --config config.yaml "$@"
	until_true test -e half
	all=$(descendants "$wrapper")
	[ "$(echo "$all" | wc -w)" -ge 3 ]
	kill -s "$signal" "$wrapper"
	status=0
	wait "$wrapper" || status=$?
	wrapper=
	[ "$status" -eq "$want" ]
	for process in $all; do gone "$process"; done
	: > go
	[ ! -e catalog/default.yaml ]
	rm go
}

@test "HUP, INT, TERM and even KILL of the main process alone end its runs: nothing is left, nothing published" {
	waiting_fetch
	for options in '' --once; do
		dies_of 129 HUP $options
		dies_of 143 TERM $options
		dies_of 137 KILL $options
	done
	without_setpriv
	PATH=$PWD/tools:$PATH dies_of 137 KILL
	PATH=$PWD/tools:$PATH dies_of 129 HUP --once
}

@test "KILL while nothing runs leaves no nap behind" {
	fake_stages '{ hours: 1 }'
	start_pipeline --config config.yaml
	until_true jq -e '.state == "ok"' $STATE/status.json
	until_true loop_sleeps
	all=$(descendants "$wrapper")
	kill -KILL "$wrapper"
	wait "$wrapper" || true
	wrapper=
	for process in $all; do gone "$process"; done
	[ "$(find xdg -name '.alive*')" = '' ]
}

@test "under nohup HUP ends nothing" {
	waiting_fetch
	( trap '' HUP; exec ${SHELL_UNDER_TEST:-dash} "$ROOT/pipeline.sh" --config config.yaml ) > out 2> err 3>&- &
	wrapper=$!
	until_true test -e half
	kill -HUP "$wrapper" $(pgrep -P "$wrapper" -f pipeline.sh)
	: > go
	until_true jq -e '.state == "ok"' $STATE/status.json
	stop_pipeline
}

@test "a loop that is killed takes its run along where setpriv is missing, too" {
	waiting_fetch
	without_setpriv
	PATH=$PWD/tools:$PATH start_pipeline --config config.yaml
	until_true test -e half
	stage=$(cat half)
	loop=$(cut -d ' ' -f 1 $STATE/run/owner)
	kill -KILL "$loop"
	gone "$stage"
	: > go
	until_true jq -e '.state == "ok" and .runs.ok == 1' $STATE/status.json
	stop_pipeline
}

@test "TERM while publish runs: the catalog is in place, and the status says so; publish is repeated" {
	fake_stages '{ hours: 1 }'
	configure "publish: { command: ': > publishing; [ -e well ] || exec sleep 1000' }"
	for options in '' --once; do
		rm -rf publishing catalog "$STATE"
		start_pipeline --config config.yaml $options
		until_true test -e publishing
		all=$(descendants "$wrapper")
		stop_pipeline
		for process in $all; do gone "$process"; done
		grep -q '^kind: Group' catalog/default.yaml
		jq -e '.state == "failed" and .lastRun.exit == 75 and .lastRun.stage == "publish" and .publishPending and .published.groups == 1
			and .nextRun == null and .runs.failed == 1' $STATE/status.json
		says 'default: publish was stopped by SIGTERM; ./catalog/default.yaml is in place; the next run publishes it again'
		grep -q '^okta_catalog_publish_pending{provider="default"} 1' $STATE/metrics.prom
		ends_with 75 pipeline --config config.yaml --status
		grep -q 'not published on' out
	done
	: > well
	ends_with 0 pipeline --config config.yaml --once
	jq -e '.publishPending | not' $STATE/status.json
	ends_with 0 pipeline --config config.yaml --status
}

@test "a split catalog that was put in place a moment before kill -9 is published all the same; one that is as before is not" {
	fake_stages '{ hours: 1 }'
	configure 'split: 3' "publish: { command: 'jq -c .first \"\$OKTA_CATALOG_SUMMARY\" >> published' }"
	fake catalog-emit "case \"\$*\" in *--help*) ;; *) $REAL/catalog-emit \"\$@\" || exit; : > emitted; while [ ! -e go ]; do sleep 0.1; done; exit 0 ;; esac"
	start_pipeline --config config.yaml --once
	until_true test -e emitted
	kill -KILL "$wrapper" $(pgrep -P "$wrapper")
	wait "$wrapper" || true
	wrapper=
	[ -e catalog/default.yaml ]
	[ ! -e published ]
	: > go
	until flock -n $STATE/lock true; do sleep 0.1; done
	ends_with 0 pipeline --config config.yaml --once
	[ "$(cat published)" = false ]
	ends_with 0 pipeline --config config.yaml --once
	[ "$(lines_of published)" -eq 1 ]
	fake catalog-emit 'exit 79'
	ends_with 79 pipeline --config config.yaml --once
	[ ! -e $STATE/publish.json ]
}

@test "TERM after a split catalog was put in place keeps the ledger that has its names; TERM after a refusal does not" {
	fake_stages '{ hours: 1 }'
	configure 'split: 2' "publish: { command: ': > published' }"
	ends=$PWD/emitted
	for shell in dash bash 'busybox sh'; do
		for options in '' --once; do
			rm -rf emitted catalog "$STATE"
			fake catalog-emit "$REAL/catalog-emit \"\$@\" && : > $ends; exec sleep 1000"
			SHELL_UNDER_TEST=$shell start_pipeline --config config.yaml $options
			until_true test -e emitted
			stop_pipeline
			grep -rq '^--- # user:default/a ' catalog
			grep -q '"id":"00u1"' $STATE/names.ndjson
			[ "$(find $STATE -name 'names.ndjson.*')" = '' ]
			# The next run publishes what is in place.
			[ -e $STATE/publish.json ]
			rm -rf emitted catalog "$STATE"
			fake catalog-emit "cat > /dev/null; sleep 1000 & exit 79"
			SHELL_UNDER_TEST=$shell start_pipeline --config config.yaml $options
			until_true grep -qx 79 $STATE/run/emit.status
			stop_pipeline
			[ ! -e $STATE/names.ndjson ]
			[ ! -e $STATE/publish.json ]
		done
	done
}
