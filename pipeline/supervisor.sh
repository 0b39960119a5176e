# shellcheck shell=sh disable=SC2154,SC2034
# The main process: starts a process for each provider, looks after them, and takes them along when it ends.

# Of a process that has ended something is left until its parent has read how.
main_lives() {
	read -r main_process 2>/dev/null < "/proc/$$/stat" || return
	case ${main_process##*) } in
	[ZX]*) return 1 ;;
	esac
}

# Descriptor 8 is the main process's alone: when it is killed, the guard reads the end of file, and ends all others. A line
# tells the guard that it is not needed any more.
open_lifeline() {
	lifeline=$state/.alive.$$
	[ -d "$state" ] || mkdir -p "$state" 2>/dev/null || return
	[ ! -e "$lifeline" ] || rm -f "$lifeline"
	mkfifo "$lifeline" 2>/dev/null || return
	exec 8<> "$lifeline"
	exec 7< "$lifeline"
	exec 8> "$lifeline"
	rm -f "$lifeline"
}

guard_loops() {
	[ -n "$lifeline" ] || return 0
	(
		exec 8>&-
		trap '' HUP INT TERM USR1
		# shellcheck disable=SC2086
		read -r _ <&7 || kill -s TERM $loops 2>/dev/null
	) &
	guard=$!
}

dismiss_guard() {
	if [ -n "$guard" ] && kill -0 "$guard" 2>/dev/null; then
		echo >&8
		wait "$guard"
	fi
	guard=
}

# Starts FUNCTION ID in a process of its own, $!.
start_one() {
	# What is ignored stays so in a process until it says otherwise.
	trap '' USR2
	{ exec 7<&- 8>&-; "$1" "$2"; } &
	[ "$mode" != loop ] || trap look USR2
}

start_all() { # FUNCTION
	loops='' guard='' lifeline=''
	for signal in HUP INT TERM; do
		# shellcheck disable=SC2064
		trap "stop_all $signal" "$signal"
	done
	ids=$(provider_ids)
	[ -n "$ids" ] || die 70 "jq failed to tell the providers"
	open_lifeline || lifeline=
	for one in $ids; do
		start_one "$1" "$one"
		loops="$loops $!"
	done
	guard_loops
}

stop_all() {
	trap '' HUP INT TERM USR1
	trap - CHLD
	end_nap
	# One that was just started may not be noted yet, and may lose a signal that comes before it is itself.
	# shellcheck disable=SC2086
	kill -s TERM $loops ${!:-} 2>/dev/null
	sleep 0.05
	# shellcheck disable=SC2086
	kill -s TERM $loops ${!:-} 2>/dev/null
	dismiss_guard
	{ wait; } 2>/dev/null
	die_of "$1"
}

run_once() {
	id=$1 sleeper=''
	for signal in HUP INT TERM; do
		# shellcheck disable=SC2064
		trap "stop $signal" "$signal"
	done
	run_provider "$1"
	exit "$?"
}

# --once: the first failure, in the order of the configuration, is the answer.
run_each_once() {
	start_all run_once
	answer=0
	# shellcheck disable=SC2086
	set -- $ids
	for loop in $loops; do
		{ wait "$loop"; result=$?; } 2>/dev/null
		[ "$result" -le 128 ] || { complain "$1: its process was killed by signal $((result - 128))"; result=70; }
		[ "$answer" -ne 0 ] || answer=$result
		shift
	done
	dismiss_guard
	return "$answer"
}

# USR1 to this process goes to all loops, which are told of another configuration by USR2. By the same they ask to look at it.
run_loops() {
	run_asked='' look_asked='' sleeper='' broken=''
	trap 'ask; kill -s USR1 $loops 2>/dev/null' USR1
	mark=$(configuration_mark)
	# Without setpriv a nap outlives a shell that is killed.
	main_nap=$longest_nap
	[ -n "$tether" ] || main_nap=2
	start_all loop_provider
	trap '[ -z "$sleeper" ] || kill -s KILL "$sleeper" 2>/dev/null' CHLD
	while :; do
		run_asked=
		pause "$main_nap"
		notice_configuration
		tend_loops
	done
}

# What the configuration's files hold, as a few numbers.
configuration_mark() {
	printf '%s%s' "$configs" "$included" | while IFS= read -r file; do
		[ ! -f "$file" ] || cksum "$file" 2>&1
	done
}

# The loops are told when it is another one and good. One that is broken is looked at again after every nap: a variable's or a
# secret's file may be what was mended.
notice_configuration() {
	seen=$(configuration_mark)
	[ -n "$look_asked$broken" ] || [ "$seen" != "$mark" ] || return 0
	look_asked=
	if ! read_configuration; then tell_broken; return; fi
	[ -z "$broken" ] || say "the configuration is good again"
	broken=
	[ "$seen" != "$mark" ] || return 0
	mark=$seen
	# shellcheck disable=SC2086
	kill -s USR2 $loops 2>/dev/null
}

tell_broken() {
	[ "$broken" != "$problems" ] || return 0
	broken=$problems
	tell_problems
	complain "the configuration is broken: going on with the last good one"
}

# A loop that ended with 0 has found its provider gone. Any other that ended, by a bug or the kernel's lack of memory, is
# started anew. A provider that is new gets one.
tend_loops() {
	before="$loops" kept='' alive=''
	# shellcheck disable=SC2086
	set -- $loops
	for one in $ids; do
		if kill -0 "$1" 2>/dev/null; then keep_loop "$one" "$1"
		elif ! wait "$1" 2>/dev/null && is_configured "$one"; then
			complain "$one: its loop has ended; it is started anew"
			[ -n "$tether" ] || end_stages_of "$one" "$1"
			begin_loop "$one"
		fi
		shift
	done
	for one in $(provider_ids); do
		case " $kept " in
		*" $one "*) ;;
		*) say "$one: is new in the configuration: its runs begin"; begin_loop "$one" ;;
		esac
	done
	ids=$kept loops=$alive
	if [ "$loops" != "$before" ] || ! kill -0 "${guard:-$$}" 2>/dev/null; then
		dismiss_guard
		guard_loops
	fi
}

# Where setpriv is missing, the stages outlive a loop that is killed.
end_stages_of() { # ID LOOP
	read -r owner group 2>/dev/null < "$state/$1/run/owner" && [ "$owner" = "$2" ] || return 0
	flock -n "$state/$1/lock" true || kill -s KILL -- "-$group" 2>/dev/null
}

keep_loop() {
	kept="$kept $1" alive="$alive $2"
}

begin_loop() {
	start_one loop_provider "$1"
	keep_loop "$1" "$!"
}
