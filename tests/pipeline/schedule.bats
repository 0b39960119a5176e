#!/usr/bin/env bats
# pipeline.sh's schedule: what makes a run start, and what does not.

load ../filter/org
load stages

setup() {
	own_place
}

teardown() {
	[ -z "${wrapper:-}" ] || kill -TERM "$wrapper" 2>/dev/null || true
}

runs_at_least() {
	[ "$(lines_of runs)" -ge "$1" ]
}

counting_fetch() {
	fake okta-fetch "cat > /dev/null; echo run >> runs; ${1:-}cat org.ndjson"
}

@test "manual: no run but when USR1 asks; asked for while one runs, one more comes" {
	fake_stages '{ trigger: manual }'
	counting_fetch 'while [ ! -e go ]; do :; done; '
	start_pipeline --config config.yaml
	until_true grep -q 'a run comes when asked for: kill -USR1' err
	[ ! -e runs ]
	kill -USR1 "$wrapper"
	until_true runs_at_least 1
	kill -USR1 "$wrapper"
	kill -USR1 "$wrapper"
	: > go
	until_true runs_at_least 2
	until_true jq -e '.state == "ok" and .runs.ok == 2' $STATUS
	stop_pipeline
	[ "$(lines_of runs)" -eq 2 ]
	[ "$(jq -c .nextRun $STATUS)" = null ]
}

@test "cron: the next time is told in the time zone of the process, and the run comes then" {
	fake_stages "{ cron: '30 4 * * *' }"
	counting_fetch
	TZ=Asia/Kathmandu start_pipeline --config config.yaml
	until_true grep -q 'next run 20..-..-..T22:45:00Z' err
	stop_pipeline
	[ ! -e runs ]
	sed -i "s/30 4 \* \* \*/* * * * * */" config.yaml
	start_pipeline --config config.yaml
	until_true runs_at_least 2
	stop_pipeline
}

@test "TERM between two runs: the status of the run that has ended stays, without a next run" {
	fake_stages '{ hours: 1 }'
	counting_fetch
	start_pipeline --config config.yaml
	until_true jq -e '.state == "ok"' $STATUS
	until_true loop_sleeps
	stop_pipeline
	jq -e '.state == "ok" and .runs.ok == 1 and .nextRun == null' $STATUS
	ends_with 0 pipeline --config config.yaml --status
	# A run that TERM stops never was; the one before it stays.
	counting_fetch 'exec sleep 1000; '
	start_pipeline --config config.yaml
	until_true runs_at_least 2
	stop_pipeline
	jq -e '.state == "ok" and .runs.ok == 1 and .nextRun == null' $STATUS
}

@test "as process 1, in a container, TERM ends it: while idle, and a run too" {
	(first_process true) || skip "no process namespace can be made here"
	fake_stages '{ hours: 1 }'
	counting_fetch '[ ! -e slow ] || exec sleep 1000; '
	for n in 1 2; do
		first_process ${SHELL_UNDER_TEST:-dash} "$ROOT/pipeline.sh" --config config.yaml > out 2> err 3>&- &
		wrapper=$!
		until_true runs_at_least $n
		[ -e slow ] || until_true jq -e '.state == "ok"' $STATUS
		kill -TERM "$(pgrep -P "$wrapper")"
		status=0
		wait "$wrapper" || status=$?
		[ "$status" -eq 143 ]
		no grep -q 'started anew' err
		: > slow
	done
	wrapper=
	[ "$(lines_of runs)" -eq 2 ]
}

@test "the configuration is read before the run; a schedule of another kind is planned anew" {
	fake_stages '{ trigger: manual }'
	fake okta-fetch 'cat > /dev/null; echo "$@" >> runs; cat org.ndjson'
	start_pipeline --config config.yaml
	until_true grep -q 'a run comes when asked for: kill -USR1' err
	sed -i 's/clientId: 0oa1/clientId: 0oaNEW/; s/trigger: manual/seconds: 1/' config.yaml
	kill -USR1 "$wrapper"
	until_true runs_at_least 3
	stop_pipeline
	no grep -v 0oaNEW runs
}

@test "initialDelay: the first run waits for it; USR1 does not" {
	fake_stages '{ hours: 1 }, initialDelay: { hours: 1 }'
	counting_fetch
	start_pipeline --config config.yaml
	until_true loop_sleeps
	[ ! -e runs ]
	kill -USR1 "$wrapper"
	until_true runs_at_least 1
	until_true jq -e '.state == "ok"' $STATUS
	# Counted from the start of this run.
	[ "$(jq '(.nextRun | fromdate) - (.lastRun.start | fromdate) | . >= 3598 and . <= 3602' $STATUS)" = true ]
	stop_pipeline
	[ "$(lines_of runs)" -eq 1 ]
}

@test "a run longer than its frequency never overlaps the next" {
	fake_stages
	fake okta-fetch 'cat > /dev/null; mkdir under-way || : > overlap; echo run >> runs; sleep 1.2; rmdir under-way; cat org.ndjson'
	start_pipeline --config config.yaml
	until_true runs_at_least 3
	[ "$(jq -r .state $STATUS)" = running ]
	stop_pipeline
	[ ! -e overlap ]
	rmdir under-way 2>/dev/null || true
}

@test "runs that fell due while one ran or the machine slept are one; the clock set back changes nothing" {
	# The decision alone, with the clocks given.
	cat > decide <<-SH
		parts=$ROOT/pipeline mode=loop
		. \$parts/loop.sh
		set_next_run() { :; }
		uptime_seconds() { echo \$up; }
		wall_seconds() { echo \$wall; }
		kind=every period=1800 due=1000 up=1000
		plan_next; echo \$due
		due=1000 up=30000; plan_next; echo \$due \$(seconds_left)
		kind=cron cron='0 4 * * *' due='' TZ=UTC; export TZ
		wall=\$(date -d '2026-11-24 03:00' +%s); plan_cron; date -u -d @\$due '+%d %H:%M'
		wall=\$(date -d '2026-11-24 03:59:59' +%s) ; plan_cron; date -u -d @\$due '+%d %H:%M'
		wall=\$(date -d '2026-11-20 12:00' +%s); notice_clock; date -u -d @\$due '+%d %H:%M'
		wall=\$(date -d '2026-11-29 12:00' +%s); seconds_left | grep -q - && plan_cron; date -u -d @\$due '+%d %H:%M'
	SH
	# After a run at 04:00 the clock is set back by a second: 04:00 does not come twice.
	run ${SHELL_UNDER_TEST:-dash} decide
	echo "$output"
	[ "$(echo "$output" | paste -s -d ,)" = '2800,31600 1600,24 04:00,25 04:00,21 04:00,30 04:00' ]
}

@test "a loop that is killed takes its run with it, and is started anew" {
	fake_stages '{ hours: 1 }'
	counting_fetch 'echo $$ > fetch.pid; [ -e go ] || exec sleep 1000; '
	start_pipeline --config config.yaml
	until_true test -s fetch.pid
	stages=$(cat fetch.pid)
	loop=$(pgrep -P "$wrapper" -f pipeline.sh | head -n 1)
	kill -KILL "$loop"
	gone "$stages"
	: > go
	until_true grep -q 'default: its loop has ended; it is started anew' err
	until_true runs_at_least 2
	stop_pipeline
}

# Two providers, first and second, every hour.
two_providers() {
	fake_stages '{ hours: 1 }'
	fake okta-fetch 'cat > /dev/null; while [ "$1" != --id ]; do shift; done; echo run >> "$2.runs"; sed "s/default/$2/" org.ndjson'
	sed 's/^      default:/      second:/; 1,3d' config.yaml > second
	sed -i 's/^      default:/      first:/' config.yaml
	cp config.yaml one
	cat one second > config.yaml
}

# The wrapper looks at its configuration, as it does every half minute.
look() {
	for nap in $(pgrep -P "$wrapper" -x sleep); do kill "$nap"; done
}

look_until() {
	until "$@" 2> /dev/null; do
		look
		kill -0 "$wrapper"
		sleep 0.3
	done
}

@test "a provider that is removed has no more runs, and keeps its catalog; one that is added begins; nobody restarts anything" {
	two_providers
	start_pipeline --config config.yaml
	until_true jq -e '.state == "ok"' xdg/okta-catalog/second/status.json
	until_true jq -e '.state == "ok"' xdg/okta-catalog/first/status.json
	cp catalog/second.yaml before
	sed 's/^      first:/      third:/' one > new && mv new config.yaml
	look_until jq -e '.state == "ok"' xdg/okta-catalog/third/status.json
	until_true grep -q "second: is no longer in the configuration: no more runs.* rm -r ./catalog/second.yaml .*xdg/okta-catalog/second\$" err
	until_true grep -q 'first: is no longer' err
	grep -q 'third: is new in the configuration' err
	kill -USR1 "$wrapper"
	until_true jq -e '.runs.ok == 2' xdg/okta-catalog/third/status.json
	look
	stop_pipeline
	cmp catalog/second.yaml before
	[ "$(lines_of first.runs) $(lines_of second.runs)" = '1 1' ]
	jq -e '.state == "ok" and .nextRun == null' xdg/okta-catalog/second/status.json
	[ ! -e xdg/okta-catalog/second/metrics.prom ]
	[ "$(grep -c 'is no longer in\|is new in' err)" -eq 3 ]
	no grep -q -e 'started anew' -e 'jq' -e 'disk' err
}

@test "a removed provider is noticed by its own run, too; a removed one that comes back runs again" {
	two_providers
	start_pipeline --config config.yaml
	until_true jq -e '.state == "ok"' xdg/okta-catalog/second/status.json
	cp config.yaml both
	cp one config.yaml
	kill -USR1 "$wrapper"
	until_true grep -q 'second: is no longer' err
	cp both config.yaml
	look_until jq -e '.runs.ok == 2' xdg/okta-catalog/second/status.json
	stop_pipeline
	no grep -q 'started anew' err
}

@test "another schedule counts at once: manual to every second, and back" {
	fake_stages '{ trigger: manual }'
	counting_fetch
	start_pipeline --config config.yaml
	until_true grep -q 'a run comes when asked for' err
	until_true loop_sleeps
	sed -i 's/trigger: manual/seconds: 1/' config.yaml
	look_until runs_at_least 2
	says 'default: the schedule has changed: next run 20'
	sed -i 's/frequency: { seconds: 1 }/frequency: { cron: "0 4 1 1 *" }/' config.yaml
	look_until jq -e '.nextRun | test("-01-01T")' $STATUS
	stop_pipeline
}

@test "a broken configuration and its mending are told once, however many providers there are; so is a new warning" {
	fake_stages
	{ sed -n 1,3p config.yaml; for id in a b c; do sed -n '4,$p' config.yaml | sed "s/default/$id/; s/frequency: {[^}]*}/frequency: { seconds: 1 }/"; done; } > several.yaml
	cp several.yaml new.yaml && mv new.yaml config.yaml
	start_pipeline --config config.yaml
	for id in a b c; do until_true grep -q "^okta-catalog: $id: unchanged" err; done
	echo 'catalog: [' > new.yaml && mv new.yaml config.yaml
	until_true grep -q 'the configuration is broken: going on with the last good one' err
	for id in a b c; do
		seen=$(runs_of $id)
		until_true eval "[ \"\$(runs_of $id)\" -gt $((seen + 1)) ]"
	done
	{ cat several.yaml; echo '        gruops: [x]'; } > new.yaml && mv new.yaml config.yaml
	until_true grep -q 'the configuration is good again' err
	until_true grep -q gruops err
	for id in a b c; do
		seen=$(runs_of $id)
		until_true eval "[ \"\$(runs_of $id)\" -gt $((seen + 1)) ]"
	done
	stop_pipeline
	[ "$(grep -c 'config.yaml: ' err)" -eq 1 ] || { cat err; return 1; }
	[ "$(grep -c 'is broken' err)" -eq 1 ]
	[ "$(grep -c 'good again' err)" -eq 1 ]
	[ "$(grep -c gruops err)" -eq 1 ]
}

runs_of() {
	jq '[.runs[]] | add' "xdg/okta-catalog/$1/status.json"
}
