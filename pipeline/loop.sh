# shellcheck shell=sh disable=SC2154,SC2034
# The schedule of one provider, in a process of its own. Frequencies are counted from start to start on a clock that no one sets and that
# goes on while the machine sleeps; cron goes by the wall clock.

# No sleep is longer: after it the clocks are looked at anew. The wall clock may have been set, the machine have slept.
longest_nap=30

# Sleeps so that a signal ends it at once. KILL, for a shell just forked still catches TERM: the sleep would go on.
pause() {
	[ "$1" -gt 0 ] || return 0
	last_started=${!:-} sleeper=starting
	$tether sleep "$1" 7<&- 8>&- &
	sleeper=$!
	[ -z "$run_asked$look_asked" ] || kill -s KILL "$sleeper" 2>/dev/null
	{ wait "$sleeper"; } 2>/dev/null
	kill -s KILL "$sleeper" 2>/dev/null
	sleeper=
}

end_nap() {
	sleeper=$(number_of "${sleeper:-}")
	[ -z "$sleeper" ] || kill -s KILL "$sleeper" 2>/dev/null
}

# A run was asked for by USR1: also one that is asked for while one runs comes.
ask() {
	run_asked=1
	[ -z "${sleeper:-}" ] || kill -s KILL "$sleeper" 2>/dev/null
}

stop_loop() {
	end_nap
	stop "$1"
}

# Sets kind (every, cron, manual), period in seconds, cron and delay; anew when the configuration is another one.
read_schedule() {
	[ "$configuration" != "${scheduled:-}" ] || return 0
	eval "$(provider "$1" '"period=\((.frequency // 0) / 1000 | ceil) cron=\(.cron // "" | @sh) delay=\((.initialDelay // 0) / 1000 | ceil)"')"
	if [ -n "$cron" ]; then kind=cron
	elif [ "$period" -gt 0 ]; then kind=every
	else kind=manual; fi
	scheduled=$configuration
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

# The configuration's files are others than before.
look() {
	look_asked=1
	[ -z "${sleeper:-}" ] || kill -s KILL "$sleeper" 2>/dev/null
}

# Returns when a run is due or asked for.
wait_until_due() {
	while [ -z "$run_asked" ]; do
		main_lives || exit 0
		[ -z "$look_asked" ] || look_again
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
	[ "$clock" -ge $((looked - 5)) ] || { due=''; plan_cron; set_next_run "$(next_run)"; }
	looked=$clock
}

# Reads the configuration anew; while it is broken the last good one is used. What is to be told of it the main process tells, once
# for all providers: it is asked to look when it breaks, and when it is mended.
refresh_configuration() {
	good=$configuration
	read_configuration 2>/dev/null
	[ "$broken" = "$problems" ] || kill -s USR2 $$ 2>/dev/null
	broken=$problems
	is_configured "$1" || leave "$1"
}

# The provider is no longer in the configuration. $good is the last one that it was in.
leave() {
	configuration=$good
	published=$(published_of "$1")
	set_next_run ''
	# What the catalog's age is measured by is of interest to no one any more.
	rm -f "$folder/metrics.prom"
	say "$1: is no longer in the configuration: no more runs. Its catalog and state stay; when Backstage reads them no more:" \
		"rm -r $(quote "$published")$([ ! -d "${published%.*}" ] || printf ' %s' "$(quote "${published%.*}")") $(quote "$folder")"
	exit 0
}

# A schedule that is another one counts at once, not after the next run of the one that was.
look_again() {
	look_asked='' was="$kind $period $cron"
	refresh_configuration "$id"
	read_schedule "$id"
	[ "$was" != "$kind $period $cron" ] || return 0
	case $kind in
	every) due=$((${run_began:-$(($(uptime_seconds) - period))} + period)) ;;
	cron) due=''; plan_cron ;;
	manual) due= ;;
	esac
	soon=$(next_run)
	set_next_run "$soon"
	say "$id: the schedule has changed: next run ${soon:-when asked for: kill -USR1 $$}"
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
	id=$1 folder=$state/$1 run_asked='' look_asked='' broken='' sleeper='' run_began=''
	trap ask USR1
	trap look USR2
	for signal in HUP INT TERM; do
		# shellcheck disable=SC2064
		trap "stop_loop $signal" "$signal"
	done
	begin_schedule "$1"
	while :; do
		wait_until_due
		on_request=$run_asked run_asked='' was=$kind
		refresh_configuration "$1"
		read_schedule "$1"
		# Counted from here when it was asked for or the schedule is of another kind, else from when it was due.
		if [ -n "$on_request" ] || [ "$kind" != "$was" ]; then count_from_now; fi
		run_began=$(uptime_seconds)
		run_provider "$1"
		force=
		plan_next
	done
}
