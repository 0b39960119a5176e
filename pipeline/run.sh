# shellcheck shell=sh disable=SC2154,SC2015,SC2034,SC2016
# One run of one provider: the stages under a time limit and a lock, then the catalog put in place.

# The file that a provider publishes.
published_of() {
	provider "$1" 'published($output)'
}

fail() { # STATUS CAUSE WHY
	cause_status=$1 cause=$2 why=$3
	return 1
}

# Sets plan, and all that it tells of this run.
make_plan() {
	plan=$(printf '%s' "$configuration" | jq -r -L "$parts" --arg id "$id" --arg bin "$bin" --arg parts "$parts" --arg state "$folder" \
		--arg run "$run" --arg output "$output" --arg force "$force" --arg verbosity "$verbosity" \
		--arg pass "$pass" --arg log_format "$log_format" --arg base "$base" --arg base_missing "$base_missing" \
		--argjson reserved "$reserved" --arg org "$recorded_org" --arg dry "${dry:-}" -f "$parts/plan.jq") && [ -n "$plan" ] \
		|| { fail 70 jq "failed to make the plan of the run"; return; }
	eval "$plan"
}

# Leaves in RUN what the stages read.
lay_out() {
	{ printf '%s\n' "$plan" > "$run/plan"; } 2>/dev/null && copy_findings && copy_ledger \
		&& { [ -z "$known_groups" ] || write_known_groups "$known_groups" "$ledger"; } || { fail 74 "$program" "$(cannot_write "$folder")"; return; }
	start_status || fail "$status_failed" "$program" "$status_trouble"
}

# Why DIR cannot be written, as far as can be told afterwards.
cannot_write() {
	free=$(df -P "$1" 2>/dev/null | awk 'NR == 2 { print $4 }')
	if [ ! -d "$1" ]; then echo "cannot write $1: it is no directory any more"
	elif [ ! -w "$1" ]; then echo "cannot write $1: no permission, or a read-only file system"
	elif [ "${free:-1000}" -lt 100 ]; then echo "cannot write $1: the disk is full"
	else echo "cannot write $1: the disk fails, or a quota or its inodes are used up"; fi
}

copy_findings() {
	if [ -e "$folder/findings" ]; then cp "$folder/findings" "$run/known"; else printf '' > "$run/known"; fi
}

# On a person's terminal okta-fetch shows its progress; elsewhere every finding is said once.
choose_passing() {
	pass=yes
	[ ! -t 2 ] || [ "$log_format" = json ] || pass=
}

# Kills what is left of a run. timeout, whose process is $1, made a process group of its own; it is content when its
# own child has ended, though others of the group may ignore TERM.
kill_rest() {
	kill -s KILL -- "-$1" 2>/dev/null || :
}

begin_stages() {
	last_started=${!:-} stages=starting
}

# The number of what was started in the background. A signal may come before it is noted: it is $! if that is not what it was.
number_of() {
	if [ "$1" != starting ]; then printf '%s' "$1"
	elif [ "${!:-}" != "$last_started" ]; then printf '%s' "$!"; fi
}

# What was just forked may lose a signal that comes before it is itself.
end_stages() {
	stages=$(number_of "${stages:-}")
	[ -n "$stages" ] || return 0
	kill -s TERM "$stages" 2>/dev/null
	sleep 0.05
	kill -s TERM "$stages" 2>/dev/null
	wait "$stages" 2>/dev/null
	kill_rest "$stages"
}

# A signal interrupts wait; the run goes on. What the shell itself says of one that was killed is no message of ours; a trap's
# stop() says what it has to say on 6.
wait_for_stages() {
	waiting=yes
	{
		wait "$stages"
		ended=$?
		while kill -0 "$stages"; do
			wait "$stages"
			ended=$?
		done
	} 6>&2 2>/dev/null
	waiting=
	kill_rest "$stages"
	stages=
}

# timed SECONDS NAME...: these stages under the time limit, standard input and output as they are. They do not outlive this
# shell, even if that is killed.
timed() {
	limit=$1
	shift
	# shellcheck disable=SC2086
	exec $tether timeout -k 1 "$limit" sh "$parts/stages.sh" "$run" "$@"
}

# Fails with what is wrong with the stages of $*, if anything.
judge_stages() {
	if [ "$ended" -eq 124 ] || { [ "$ended" -eq 137 ] && [ "$(time_left)" -le 0 ]; }; then
		fail 75 "the run" "took longer than $seconds s and was stopped"
		return
	fi
	find_cause "$@" || return
	[ "$ended" -eq 0 ] || fail 70 stages "ended with status $ended"
}

# Seconds left of the run's.
time_left() {
	printf '%s\n' $((began + seconds - $(uptime_seconds)))
}

# Fails with the first stage in order that failed for its own reason. One that only lost its reader (141) is blamed when
# no other is.
find_cause() {
	unread='' before=''
	for name; do
		read -r status 2>/dev/null < "$run/$name.status" || status=lost
		case $status in
		0) ;;
		141) unread=${unread:-$name} ;;
		*) blame "$name" "$status"; return ;;
		esac
		before=$name
	done
	[ -z "$unread" ] || fail 65 "$(title_of "$unread")" "was not read to its end by what comes after it"
}

blame() {
	reason=$(reason_of "$(title_of "$1")")
	case $reason in
	': the input is empty: did '*)
		[ -z "$before" ] || { reason=''; fail "$2" "$(title_of "$before")" "wrote nothing, though it ended with 0"; return; } ;;
	esac
	case $2 in
	lost) fail 70 "$(title_of "$1")" "ended without a status" ;;
	126 | 127) fail 78 "$(title_of "$1")" "cannot be run (status $2)" ;;
	6[4-9] | 7[0-9]) fail "$2" "$(title_of "$1")" "ended with status $2" ;;
	129 | 1[3-9]? | 2??) fail 70 "$(title_of "$1")" "was killed by signal $(($2 - 128))" ;;
	*) fail 70 "$(title_of "$1")" "ended with status $2" ;;
	esac
}

# ": " and the last error that a stage told.
reason_of() {
	[ -s "$run/messages" ] || return 0
	jq -n -R -r -L "$parts" --arg program "$1" --arg copy "$run/names.ndjson" --arg ledger "$ledger" \
		'include "word"; last(inputs | fromjson? | select(.program? == $program and .level == "error").message) // empty
			| ": \(with_place($copy; $ledger))"' \
		"$run/messages"
}

run_stages() {
	begin_stages
	# shellcheck disable=SC2086
	printf '%s\n' "$secret" | timed "$seconds" $stage_names > "$entities" &
	stages=$!
	secret=
	note_owner
	wait_for_stages
	# shellcheck disable=SC2086
	judge_stages $stage_names || return
	[ -n "$last_stage" ] || return 0
	main_lives || stop TERM
	put_ledger && expect_publish || { take_back_ledger; return 1; }
	placing=1
	begin_stages
	timed "$(at_least_one "$(time_left)")" "$last_stage" < "$entities" &
	stages=$!
	note_owner
	wait_for_stages
	judge_stages "$last_stage" && return
	undo_split
	return 1
}

# Parts that are in place have the names of the new ledger. Of a catalog-emit
# that was stopped, nobody knows whether any are.
undo_split() {
	if may_be_placed; then keep_ledger; else forget_publish; take_back_ledger; fi
}

# After 65 and 79 catalog-emit has put no part in place.
may_be_placed() {
	[ -n "${placing:-}" ] || return 1
	status=lost
	read -r status 2>/dev/null < "$run/emit.status" || :
	case $status in 65 | 79) return 1 ;; esac
}

at_least_one() {
	if [ "$1" -ge 1 ]; then echo "$1"; else echo 1; fi
}

# Where the stages outlive this process when it is killed: who ends them then must know.
note_owner() {
	[ -n "$tether" ] && return
	read -r own_pid _ < /proc/self/stat
	printf '%s %s\n' "$own_pid" "$stages" > "$run/owner"
}

# Everything ended well: the ledger of names and what was staged replace what was there. But not for a main process that was
# killed: whoever did that wants no more.
put_in_place() {
	main_lives || stop TERM
	if [ -n "$last_stage" ]; then notice_split; else put_ledger && put_catalog; fi || { take_back_ledger; return 1; }
	keep_ledger
}

# With split, catalog-emit puts the parts in place itself: that they are to be published is noted before, by an empty file.
expect_publish() {
	expected=
	[ -n "$has_publish" ] && [ ! -e "$folder/publish.json" ] || return 0
	expected=1
	: > "$folder/publish.json" || fail 74 "$program" "$(cannot_write "$folder")"
}

forget_publish() {
	[ -z "${expected:-}" ] || rm -f "$folder/publish.json"
}

notice_split() {
	changed=$(jq -r 'if .first or ([.added, .changed, .renamed, .removed] | add | length > 0) then 1 else "" end' "$run/summary.json")
	[ -n "$has_publish" ] || return 0
	if [ -n "$changed" ]; then remember_publish
	elif [ -n "$expected" ]; then forget_publish
	elif [ ! -s "$folder/publish.json" ]; then remember_publish; fi
}

# What is to be published is written down before the catalog is there: after a crash in between it is done all the same.
put_catalog() {
	first=
	[ -e "$published" ] || first=1
	[ -n "$first" ] || ! cmp -s "$staged" "$published" || return 0
	changed=1
	[ -z "$has_publish" ] || remember_publish || return
	if [ -z "$first" ]; then chmod --reference="$published" "$staged"; else chmod 644 "$staged"; fi
	mv -f "$staged" "$published" || { fail 73 "$program" "cannot replace $published"; return; }
	sync "$output" 2>/dev/null || :
	[ -z "$first" ] || print_first_publication
}

remember_publish() {
	cp "$run/summary.json" "$folder/publish.json.tmp" && mv -f "$folder/publish.json.tmp" "$folder/publish.json" \
		|| fail 74 "$program" "$(cannot_write "$folder")"
}

# The publish command, while there is something that it has not yet succeeded with. A daemon that it leaves (ssh's
# ControlPersist, git gc --auto) holds neither the lock nor a pipe that someone reads to its end.
run_publish() {
	[ -e "$folder/publish.json" ] || return 0
	[ -n "$has_publish" ] || { rm -f "$folder/publish.json"; return 0; }
	begin_stages
	(
		OKTA_CATALOG_ID=$id OKTA_CATALOG_FILE=$(absolute "$published") OKTA_CATALOG_SUMMARY=$(absolute "$folder/publish.json")
		export OKTA_CATALOG_ID OKTA_CATALOG_FILE OKTA_CATALOG_SUMMARY
		[ -z "$pass" ] || exec > "$run/publish.log" 2>&1
		timed "$(at_least_one "$(time_left)")" publish < /dev/null
	) >&2 9>&- &
	stages=$!
	wait_for_stages
	[ ! -s "$run/publish.log" ] || { tee -a "$run/messages" < "$run/publish.log" | run_stage publish_messages >&2; }
	rm -f "$run/publish.log"
	judge_stages publish || { why="$why; $published is in place; the next run publishes it again"; return 1; }
	rm -f "$folder/publish.json"
}

absolute() {
	printf '%s/%s\n' "$(folder_of "$1")" "${1##*/}"
}

print_first_publication() {
	say "$id: $published is new; for Backstage's app-config:"
	[ -n "$quiet" ] || [ "$log_format" = json ] || cat >&2 <<-TEXT
	    catalog:
	      locations:
	        - type: file
	          target: $(absolute "$published")
	          rules:
	            - allow: [User, Group]
	TEXT
}

# What may be wrong before a stage is started.
prepare() {
	read_recorded && choose_base && reserved_ledgers && make_plan || return
	rm -rf "$run" "$staged" "$output/.${staged##*/}.tmp"
	mkdir -p "$run" 2>/dev/null || { fail 74 "$program" "$(cannot_write "$folder")"; return; }
	[ -w "$output" ] || { fail 73 "$program" "cannot write $output: make it, or give another --output"; return; }
	is_ledger_readable && lay_out && open_names_lock || return
	note_changes
	read_secret "$id" || { fail 78 "the configuration" "is broken: $why"; return; }
	entities=/dev/null
	[ -z "$last_stage" ] || entities=$run/entities.ndjson
}

# A run, with the lock held. Gives the exit status.
#
# ledger_put says what take_back_ledger has to undo if the run fails or a signal
# stops it: "", nothing, because the ledger is as the run found it or is kept;
# new, a ledger where none was; replaced, one whose predecessor is LEDGER.before.
# placing: catalog-emit was started that puts a split catalog in place itself.
run_locked() {
	run=$folder/run published=$output/$id.yaml staged='' cause='' cause_status=0 why='' changed='' in_place='' has_publish='' reason='' under_way='' status_before='' schedule='' ledger_put='' placing='' expected=''
	start=$(now_utc) began=$(uptime_seconds) seconds=0
	choose_passing
	prepare && run_stages && put_in_place && in_place=1
	release_names
	[ -z "$in_place" ] || { look_for_shared_refs && run_publish; }
	rm -f ${staged:+"$staged"} "$run/entities.ndjson" "$run/names.before"
	tell_gone_findings
	end_run
	return "$cause_status"
}

end_run() {
	took=$(($(uptime_seconds) - began))
	end_status || { complain "$id: $status_trouble"; [ "$cause_status" -ne 0 ] || cause_status=$status_failed; }
	under_way=
	tell_run
}

# One run of one provider. The lock is held by every process of the run: fd 9 is inherited.
run_provider() {
	id=$1 folder=$state/$1
	[ -d "$output" ] || (umask 022 && mkdir -p "$output") 2>/dev/null
	[ -d "$folder" ] || mkdir -p "$folder" 2>/dev/null
	(: >> "$folder/lock") 2>/dev/null || { complain "$id: cannot write $folder: give another --state"; return 73; }
	exec 9>> "$folder/lock"
	# A moment of patience: --status looks at the lock, too.
	if ! flock -w 1 9; then
		exec 9>&-
		complain "$id: another run holds $folder/lock; this one is skipped"
		return 75
	fi
	run_locked
	result=$?
	exec 9>&-
	return "$result"
}

# Ends what runs, then dies of the signal that came. A run that has not put its catalog in place never was.
stop() {
	trap '' HUP INT TERM USR1 USR2
	[ -z "${waiting:-}" ] || exec 2>&6
	end_stages
	if is_in_place; then
		[ ! -e "$folder/publish.json" ] || [ -n "$cause" ] \
			|| fail 75 publish "was stopped by SIG$1; $published is in place; the next run publishes it again" || :
		in_place=1 kind=''
		rm -f "$run/entities.ndjson"
		end_run
	else
		undo_split
		[ -z "${staged:-}" ] || rm -f "$staged"
		[ -z "${folder:-}" ] || take_back_status
	fi
	die_of "$1"
}

# Whether the run that is under way has put its catalog in place: mv may have done so a moment ago.
is_in_place() {
	[ -n "${under_way:-}" ] || return 1
	[ -z "$in_place" ] || return 0
	if [ -n "$last_stage" ]; then read -r status 2>/dev/null < "$run/emit.status" && [ "$status" = 0 ] && notice_split
	else [ -n "$changed" ] && [ ! -e "$staged" ]; fi
}

# $$ is the main process's also in a loop's; /proc/self is who opens it. Process 1, as in a container, does not die of
# its own signal: it exits as if it had.
die_of() {
	trap - "$1"
	read -r own_pid _ < /proc/self/stat
	kill -s "$1" "$own_pid"
	case $1 in
	HUP) exit 129 ;;
	INT) exit 130 ;;
	PIPE) exit 141 ;;
	*) exit 143 ;;
	esac
}
