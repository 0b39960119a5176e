# shellcheck shell=sh disable=SC2154,SC2034
# The schedule: a loop for each provider, started from start to start on a clock that no one sets.

# Sleeps so that a signal ends it at once.
pause() {
	[ "$1" -gt 0 ] || return 0
	sleep "$1" &
	sleeper=$!
	wait "$sleeper"
	sleeper=
}

stop_loop() {
	[ -z "${sleeper:-}" ] || kill "$sleeper" 2>/dev/null
	stop "$1"
}

# Reads the configuration anew; a broken one is reported, and the last good one used.
refresh_configuration() {
	good=$configuration
	if ! read_configuration; then
		configuration=$good
		complain "the configuration is broken: going on with the last good one"
	fi
}

loop_provider() {
	trap 'stop_loop INT' INT
	trap 'stop_loop TERM' TERM
	pause "$(provider "$1" '(.initialDelay / 1000 | ceil)')"
	due=$(uptime_seconds)
	while :; do
		run_provider "$1"
		force=
		period=$(provider "$1" '(.frequency / 1000 | ceil)')
		due=$((due + period)) now=$(uptime_seconds)
		# Runs that fell due meanwhile are skipped, not made up for.
		while [ "$due" -lt "$now" ]; do due=$((due + period)); done
		pause $((due - now))
		refresh_configuration
	done
}

stop_loops() {
	trap '' INT TERM
	# shellcheck disable=SC2086
	kill -s TERM $loops 2>/dev/null
	wait
	trap - "$1"
	kill -s "$1" "$$"
}

run_loops() {
	for one in $(provider_ids); do
		why=$(provider "$one" '.whyNoFrequency // empty')
		[ -z "$why" ] || die 78 "$why"
	done
	loops=
	trap 'stop_loops INT' INT
	trap 'stop_loops TERM' TERM
	for one in $(provider_ids); do
		loop_provider "$one" &
		loops="$loops $!"
	done
	wait
}
