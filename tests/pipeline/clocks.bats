#!/usr/bin/env bats
# The running wrapper while its clocks jump: a machine that sleeps, a clock that is set, daylight saving time. Its uptime is a file
# mounted over /proc/uptime, its wall clock what a `date` of our own says.

load ../filter/org
load stages

OWN_MOUNTS=$ROOT/tests/own-mounts

setup() {
	"$OWN_MOUNTS" true || skip "nothing can be mounted here"
	own_place
	mkdir tools
	cat > tools/date <<-SH
		#!/bin/sh
		case " \$* " in *' -d '*) exec /usr/bin/date "\$@" ;; esac
		exec /usr/bin/date -d "@\$(cat $PWD/clock)" "\$@"
	SH
	chmod +x tools/date
	echo '1000.50 1000.50' > uptime
	clock '2026-11-24T12:00:00Z'
}

teardown() {
	[ -z "${wrapper:-}" ] || kill -TERM "$wrapper" 2>/dev/null || true
}

clock() {
	/usr/bin/date -d "$1" +%s > clock
}

sleeps() { # SECONDS: of uptime
	read -r up _ < uptime
	echo "$((${up%.*} + $1)).50 0" > uptime
}

start_with_clocks() {
	PATH=$PWD/tools:$PATH "$OWN_MOUNTS" sh -c 'mount --bind uptime /proc/uptime && exec "$@"' sh \
		${SHELL_UNDER_TEST:-dash} "$ROOT/pipeline.sh" --config config.yaml > out 2> err 3>&- &
	wrapper=$!
}

nap_of_loop() {
	for loop in $(pgrep -P "$wrapper" -f pipeline.sh); do pgrep -P "$loop" -x sleep; done | grep .
}

# The loop wakes, as it does every half minute, and looks at the clocks; it naps again when nothing is due or the run has ended.
wake() {
	until_true nap_of_loop > /dev/null
	last=$(nap_of_loop)
	kill -KILL "$last"
	until_true another_nap
}

# The wall clock says this when the nap ends.
wake_at() {
	clock "$1"
	wake
}

another_nap() {
	nap=$(nap_of_loop) && [ "$nap" != "$last" ]
}

ran() { # TIMES NEXT
	[ "$(lines_of runs)" -eq "$1" ] || { echo "$(lines_of runs) runs, expected $1"; return 1; }
	[ "$(jq -r .nextRun $STATUS)" = "$2" ] || { echo "next run $(jq -r .nextRun $STATUS), expected $2"; return 1; }
}

counting() {
	fake_stages "$1"
	fake okta-fetch 'cat > /dev/null; echo run >> runs; cat org.ndjson'
}

@test "a frequency: one run after ten hours of sleep, in step with those before; the wall clock set back or ahead changes nothing" {
	counting '{ hours: 1 }'
	start_with_clocks
	until_true another_nap
	ran 1 2026-11-24T13:00:00Z
	# Ten hours and twenty minutes.
	sleeps 37200
	wake_at '2026-11-24T22:20:00Z'
	ran 2 2026-11-24T23:00:00Z
	wake
	wake_at '2026-11-20T00:00:00Z'
	wake_at '2027-11-20T00:00:00Z'
	[ "$(lines_of runs)" -eq 2 ]
	sleeps 2400
	wake
	ran 3 2027-11-20T01:00:00Z
	stop_pipeline
}

@test "cron: one run after days of sleep; the clock set back by days counts, by a second it does not" {
	counting "{ cron: '30 4 * * *' }"
	export TZ=UTC
	start_with_clocks
	until_true nap_of_loop > /dev/null
	wake_at '2026-11-25T04:30:00Z'
	ran 1 2026-11-26T04:30:00Z
	wake_at '2026-11-25T04:29:59Z'
	wake_at '2026-11-25T04:30:00Z'
	ran 1 2026-11-26T04:30:00Z
	wake_at '2026-11-30T09:00:00Z'
	ran 2 2026-12-01T04:30:00Z
	wake_at '2026-11-10T09:00:00Z'
	ran 2 2026-11-11T04:30:00Z
	wake_at '2026-11-11T04:30:00Z'
	ran 3 2026-11-12T04:30:00Z
	stop_pipeline
}

@test "cron and daylight saving time: an hour that is left out has its run at the change, one that comes twice has one" {
	counting "{ cron: '30 2 * * *' }"
	export TZ=Europe/Berlin
	clock '2026-03-29T00:59:50Z'
	start_with_clocks
	until_true grep -q 'next run 2026-03-29T01:00:00Z' err
	until_true nap_of_loop > /dev/null
	wake_at '2026-03-29T01:00:00Z'
	ran 1 2026-03-30T00:30:00Z
	wake_at '2026-10-24T23:50:00Z'
	ran 2 2026-10-25T00:30:00Z
	wake_at '2026-10-25T00:30:00Z'
	ran 3 2026-10-26T01:30:00Z
	# Half past two again.
	wake_at '2026-10-25T01:30:00Z'
	ran 3 2026-10-26T01:30:00Z
	stop_pipeline
}
