# shellcheck shell=sh disable=SC2154,SC2034,SC2015
# --dry-run: the stages of a run with everything that they write in a temporary
# folder, then what the catalog that they made would change. No lock is taken,
# and nothing of STATE and the output folder is written.

# Gives the status of the first provider, in order, whose run would fail.
dry_run_each() {
	answer=0 dry_folder='' dry=okta
	[ -z "$from" ] || { dry=stream; open_stream; }
	for signal in HUP INT TERM; do
		# shellcheck disable=SC2064
		trap "stop_dry_run $signal" "$signal"
	done
	dry_folder=$(trap '' HUP INT TERM; mktemp -d) ||
		die 74 "cannot make a temporary folder in ${TMPDIR:-/tmp}"
	# What the stages and transforms leave in it goes, too.
	TMPDIR=$dry_folder
	export TMPDIR
	for one in $(provider_ids); do
		dry_run "$one" ||
			{ result=$?; [ "$answer" -ne 0 ] || answer=$result; }
	done
	remove_dry_folder
	return "$answer"
}

# Makes descriptor 4 the stream that --from names.
open_stream() {
	[ "$(provider_ids | wc -l)" -eq 1 ] ||
		die 64 "--from needs one provider: choose it by --provider ID"
	if [ "$from" = - ]; then
		exec 4<&0
	elif [ -d "$from" ] || [ ! -r "$from" ]; then
		die 65 "--from $from: cannot be read"
	else
		exec 4< "$from"
	fi
}

# A stage that was just killed may still be making a file.
remove_dry_folder() {
	[ -n "$dry_folder" ] || return 0
	rm -rf "$dry_folder" 2>/dev/null || { sleep 0.1; rm -rf "$dry_folder"; }
	dry_folder=
}

stop_dry_run() {
	trap '' HUP INT TERM
	[ -z "${waiting:-}" ] || exec 2>&6
	end_stages
	remove_dry_folder
	die_of "$1"
}

# One provider. Gives the exit status that its run would have.
dry_run() {
	id=$1 folder=$state/$1 run=$dry_folder/$1 staged='' has_publish=''
	cause='' cause_status=0 why='' reason='' start=$(now_utc)
	began=$(uptime_seconds) seconds=0 published=''
	choose_passing
	prepare_dry_run && run_dry_stages && print_changes
	[ "$cause_status" -ne 141 ] || stop_dry_run PIPE
	tell_dry_run
	rm -rf "$run"
	return "$cause_status"
}

# A private copy of what the stages write: the cache, and a catalog in parts,
# which catalog-emit replaces itself.
prepare_dry_run() {
	read_recorded && choose_base && reserved_ledgers && make_plan &&
		is_ledger_readable || return
	mkdir -p "$run/new" "$run/forced" &&
		printf '%s\n' "$plan" > "$run/plan" && : > "$run/known" &&
		copy_cache && copy_parts &&
		{ [ -z "$known_groups" ] ||
			write_known_groups "$known_groups" "$ledger"; } ||
		{ fail 74 "$program" "$(cannot_write "$run")"; return; }
	note_changes
	entities=$run/entities.ndjson
	[ -z "$from" ] || return 0
	read_secret "$id" || fail 78 "the configuration" "is broken: $why"
}

# One that cannot be read is none.
copy_cache() {
	[ -n "$cache" ] && [ -d "$cache" ] || return 0
	cp -Rp "$cache" "$run/cache" 2>/dev/null || :
}

copy_parts() {
	[ -n "$parts_of" ] || return 0
	[ ! -e "$published" ] || cp "$published" "$staged" || return
	[ ! -d "${published%.*}" ] || cp -R "${published%.*}/." "${staged%.*}"
}

run_dry_stages() {
	begin_stages
	# shellcheck disable=SC2086
	if [ -n "$from" ]; then
		timed "$seconds" $stage_names <&4 4<&- > "$entities" &
	else
		printf '%s\n' "$secret" |
			timed "$seconds" $stage_names > "$entities" &
	fi
	stages=$!
	secret=
	wait_for_stages
	# shellcheck disable=SC2086
	judge_stages $stage_names || { blame_stream; return; }
	dry_stage emit "$entities" && return
	# After a refusal the documents are those that --force would publish. A
	# stream without entities is refused then, too.
	[ "$cause_status" -eq 79 ] || return
	dry_stage forced "$entities" 2>/dev/null || [ "$cause_status" -eq 79 ]
}

# dry_stage NAME INPUT: under what is left of the time limit.
dry_stage() {
	begin_stages
	timed "$(at_least_one "$(time_left)")" "$1" < "$2" &
	stages=$!
	wait_for_stages
	judge_stages "$1"
}

# okta-map asks whether okta-fetch failed; a stored stream has a name.
blame_stream() {
	case $reason in
	': the input is empty: did '*)
		[ -z "$from" ] || why="$why: --from $from is empty" ;;
	esac
	return 1
}

# Kept in a file first: what is printed is complete.
print_changes() {
	dry_stage changes /dev/null > "$run/changes" || return
	begin_stages
	# shellcheck disable=SC2086
	$tether cat "$run/changes" &
	stages=$!
	wait_for_stages
	case $ended in
	0) ;;
	141) cause_status=141 ;;
	*) fail 74 "$program" "cannot write standard output" ;;
	esac
}

tell_dry_run() {
	[ -n "$cause" ] || return 0
	log error "$cause_status" \
		"$id: $cause $why; this is a dry run: nothing was changed"
	tell_way_out
}
