# shellcheck shell=sh disable=SC2154,SC2034
# The schedule: a loop for each provider. Frequencies are counted from start to start on a clock that no one sets and that
# goes on while the machine sleeps; cron goes by the wall clock.

# No sleep is longer: after it the clocks are looked at anew. The wall clock may have been set, the machine have slept.
longest_nap=30

# Sleeps so that a signal ends it at once. KILL, for a shell just forked still catches TERM: the sleep would go on.
pause() {
	[ "$1" -gt 0 ] || return 0
	sleep "$1" &
	sleeper=$!
	[ -z "$run_asked" ] || kill -s KILL "$sleeper" 2>/dev/null
	wait "$sleeper"
	kill -s KILL "$sleeper" 2>/dev/null
	sleeper=
}

# A run was asked for by USR1: also one that is asked for while one runs comes.
ask() {
	run_asked=1
	[ -z "${sleeper:-}" ] || kill -s KILL "$sleeper" 2>/dev/null
}

stop_loop() {
	[ -z "${sleeper:-}" ] || kill -s KILL "$sleeper" 2>/dev/null
	stop "$1"
}

# Sets kind (every, cron, manual), period in seconds, cron, title of the schedule.
read_schedule() {
	eval "$(provider "$1" '"period=\((.frequency // 0) / 1000 | ceil) cron=\(.cron // "" | @sh) delay=\((.initialDelay // 0) / 1000 | ceil)"')"
	if [ -n "$cron" ]; then kind=cron
	elif [ "$period" -gt 0 ]; then kind=every
	else kind=manual; fi
}

wall_seconds() {
	date +%s
}

# When the expression is due next after an instant: seconds since 1970, or nothing.
cron_after() {
	jq -n -r -L "$parts" --arg cron "$cron" --argjson after "$1" 'include "cron"; $cron | cron_next($after) // empty'
}

# Sets due after a run: on the clock that no one sets, or for cron on the wall clock.
plan_next() {
	case $kind in
	every) due=$(next_period "$due" "$period" "$(uptime_seconds)") ;;
	cron) plan_cron ;;
	manual) due= ;;
	esac
}

# next_period DUE PERIOD NOW: runs that fell due meanwhile are skipped, not made up for.
next_period() {
	late=$(($3 - $1))
	[ "$late" -gt 0 ] || late=0
	printf '%s\n' $(($1 + ((late + $2 - 1) / $2 + (late % $2 == 0)) * $2))
}

# A clock set back by a little does not make the same time come twice.
plan_cron() {
	looked=$(wall_seconds) from=$looked
	[ -z "${due:-}" ] || [ "$due" -le "$looked" ] || [ $((due - looked)) -gt 10800 ] || from=$due
	due=$(cron_after "$from")
}

# Seconds until the next run; nothing when none is planned.
seconds_left() {
	[ -n "$due" ] || return 0
	case $kind in
	every) printf '%s\n' $((due - $(uptime_seconds))) ;;
	cron) printf '%s\n' $((due - $(wall_seconds))) ;;
	esac
}

# For status.json; nothing with --once.
next_run() {
	[ "$mode" = loop ] && [ -n "${kind:-}" ] || return 0
	soon=$due
	[ "$kind" != every ] || [ "$due" -gt "$(uptime_seconds)" ] || soon=$(next_period "$due" "$period" "$(uptime_seconds)")
	case $kind in
	every) date -u -d "@$(($(wall_seconds) + soon - $(uptime_seconds)))" +%Y-%m-%dT%H:%M:%SZ ;;
	cron) [ "$due" -gt "$(wall_seconds)" ] || soon=$(cron_after "$(wall_seconds)")
		date -u -d "@$soon" +%Y-%m-%dT%H:%M:%SZ ;;
	esac
}

# Returns when a run is due or asked for.
wait_until_due() {
	while [ -z "$run_asked" ]; do
		# Whoever started this is gone without a word: so is the reason for another run.
		kill -0 "$$" 2>/dev/null || exit 0
		left=$(seconds_left)
		[ -z "$left" ] || [ "$left" -gt 0 ] || return 0
		nap=$longest_nap
		[ -z "$left" ] || [ "$left" -ge "$nap" ] || nap=$left
		pause "$nap"
		[ "$kind" != cron ] || notice_clock
	done
}

# The wall clock was set back by more than a nap: what is due is found anew.
notice_clock() {
	clock=$(wall_seconds)
	[ "$clock" -ge $((looked - 5)) ] || { due=''; plan_cron; }
	looked=$clock
}

# Reads the configuration anew. A broken one is reported when it breaks, and the last good one used.
refresh_configuration() {
	good=$configuration folder=$state/$1
	mkdir -p "$folder" 2>/dev/null
	(: > "$folder/configuration.log") 2>/dev/null || return 0
	if read_configuration 2> "$folder/configuration.log"; then
		broken=
		cat "$folder/configuration.log" >&2
	else
		configuration=$good
		[ "$broken" = "$(cat "$folder/configuration.log")" ] || {
			broken=$(cat "$folder/configuration.log")
			printf '%s\n' "$broken" >&2
			complain "$1: the configuration is broken: going on with the last good one"
		}
	fi
	rm -f "$folder/configuration.log"
}

# The first run of a frequency is at once or after initialDelay; cron and manual wait.
begin_schedule() {
	read_schedule "$1"
	due=$(($(uptime_seconds) + delay))
	case $kind in
	cron) due=''; plan_cron; say "$1: next run $(next_run)" ;;
	manual) due=; say "$1: a run comes when asked for: kill -USR1 $$" ;;
	esac
}

count_from_now() {
	case $kind in
	every) due=$(uptime_seconds) ;;
	cron) due=$(wall_seconds) ;;
	manual) due= ;;
	esac
}

loop_provider() {
	id=$1 folder=$state/$1 run_asked='' broken='' sleeper=''
	trap ask USR1
	trap 'stop_loop INT' INT
	trap 'stop_loop TERM' TERM
	begin_schedule "$1"
	while :; do
		wait_until_due
		on_request=$run_asked run_asked='' was=$kind
		refresh_configuration "$1"
		read_schedule "$1"
		# Counted from here when it was asked for or the schedule is of another kind, else from when it was due.
		if [ -n "$on_request" ] || [ "$kind" != "$was" ]; then count_from_now; fi
		run_provider "$1"
		force=
		plan_next
	done
}

# --once: the first failure, in the order of the configuration, is the answer.
run_once() {
	id=$1 sleeper=''
	trap 'stop INT' INT
	trap 'stop TERM' TERM
	run_provider "$1"
	exit "$?"
}

stop_all() {
	trap '' INT TERM USR1
	trap - CHLD
	[ -z "${sleeper:-}" ] || kill -s KILL "$sleeper" 2>/dev/null
	# shellcheck disable=SC2086
	[ -z "$loops" ] || kill -s TERM $loops 2>/dev/null
	wait
	die_of "$1"
}

start_all() { # FUNCTION: each provider its own process
	loops=
	trap 'stop_all INT' INT
	trap 'stop_all TERM' TERM
	ids=$(provider_ids)
	[ -n "$ids" ] || die 70 "jq failed to tell the providers"
	for one in $ids; do
		"$1" "$one" &
		loops="$loops $!"
	done
}

run_each_once() {
	start_all run_once
	answer=0
	for loop in $loops; do
		wait "$loop" || { result=$?; [ "$answer" -ne 0 ] || answer=$result; }
	done
	return "$answer"
}

# USR1 to this process goes to all loops. One that ends, by a bug or the kernel's lack of memory, is started anew.
run_loops() {
	run_asked='' sleeper=''
	trap 'ask; kill -s USR1 $loops 2>/dev/null' USR1
	start_all loop_provider
	trap '[ -z "$sleeper" ] || kill -s KILL "$sleeper" 2>/dev/null' CHLD
	while :; do
		run_asked=
		pause "$longest_nap"
		restart_loops
	done
}

restart_loops() {
	alive=
	# shellcheck disable=SC2086
	set -- $loops
	for one in $ids; do
		if kill -0 "$1" 2>/dev/null; then
			alive="$alive $1"
		else
			complain "$one: its loop has ended; it is started anew"
			loop_provider "$one" &
			alive="$alive $!"
		fi
		shift
	done
	loops=$alive
}
