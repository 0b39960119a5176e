# shellcheck shell=sh disable=SC2154
# One run of one provider: the stages under a time limit and a lock, then the catalog put in place.

# The file that a provider publishes.
published_of() {
	case $(provider "$1" .format) in
	json) printf '%s/%s.json\n' "$output" "$1" ;;
	ndjson) printf '%s/%s.ndjson\n' "$output" "$1" ;;
	*) printf '%s/%s.yaml\n' "$output" "$1" ;;
	esac
}

# Leaves the stages' arguments in RUN, quoted for sh: none of them is secret.
write_arguments() {
	provider "$1" '(.fetch + [.secret.option, "-"]) | map(@sh) | join(" ")' > "$run/fetch.args"
	provider "$1" '.map | map(@sh) | join(" ")' > "$run/map.args"
	printf '%s' "$configuration" | jq -r --arg id "$1" --arg staged "$staged" --arg published "$published" --arg summary "$run/summary.json" \
		--arg force "$force" 'first(.providers[] | select(.id == $id)) | .emit
		+ ["-o", $staged, "--base", $published, "--summary-file", $summary] + (if $force == "" then [] else [$force] end)
		| map(@sh) | join(" ")' > "$run/emit.args"
	if [ -n "$verbosity" ]; then
		for name in fetch map emit; do printf ' %s' "$verbosity" >> "$run/$name.args"; done
	fi
}

# The first stage in order that failed for its own reason: sets cause and cause_status.
find_cause() {
	cause='' cause_status=0
	for name in fetch map emit; do
		status=$(cat "$run/$name.status" 2>/dev/null || echo lost)
		case $status in
		0 | 141) continue ;;
		lost) cause_status=70 ;;
		*) cause_status=$status; [ "$status" -le 128 ] || cause_status=70 ;;
		esac
		case $name in
		fetch) cause=okta-fetch ;;
		map) cause=okta-map ;;
		emit) cause=catalog-emit ;;
		esac
		if [ "$status" = lost ]; then why="ended without a status"
		elif [ "$status" -gt 128 ]; then why="was killed by signal $((status - 128))"
		else why="ended with status $status"; fi
		return
	done
}

# Kills what is left of a run. timeout, whose process is $1, made a process group of its own; it is content when its
# own child has ended, though others of the group may ignore TERM.
kill_rest() {
	kill -s KILL -- "-$1" 2>/dev/null || :
}

# Runs the stages; sets cause, cause_status, why.
run_stages() {
	seconds=$(provider "$1" '((.timeout // 1800000) / 1000 | ceil)')
	secret_of "$1" | timeout -k 1 "$seconds" sh "$parts/stages.sh" "$run" "$bin" &
	stages=$!
	wait "$stages"
	ended=$?
	while kill -0 "$stages" 2>/dev/null; do
		wait "$stages"
		ended=$?
	done
	kill_rest "$stages"
	stages=
	if [ "$ended" -eq 124 ] || [ "$ended" -eq 137 ]; then
		cause=timeout cause_status=75 why="the run took longer than $seconds s and was stopped"
		return
	fi
	find_cause
	[ -n "$cause" ] || [ "$ended" -eq 0 ] || { cause=stages cause_status=70 why="ended with status $ended"; }
}

# All stages ended well: what was staged replaces the catalog, unless it is the same.
put_in_place() {
	first=
	[ -e "$published" ] || first=1
	if [ -z "$first" ] && cmp -s "$staged" "$published"; then
		rm -f "$staged"
		return 0
	fi
	if [ -z "$first" ]; then chmod --reference="$published" "$staged"; else chmod 644 "$staged"; fi
	mv -f "$staged" "$published" || { cause=$program cause_status=73 why="$published cannot be replaced"; return 1; }
	sync "$output" 2>/dev/null || :
	[ -z "$first" ] || print_first_publication
}

print_first_publication() {
	absolute=$(cd "$output" && pwd)/$(basename "$published")
	say "first publication; for Backstage's app-config:"
	[ -n "$quiet" ] || cat >&2 <<-TEXT
	    catalog:
	      locations:
	        - type: file
	          target: $absolute
	          rules:
	            - allow: [User, Group]
	TEXT
}

# A run, with the lock held. Gives the exit status.
run_locked() {
	id=$1 run=$state/$1/run
	rm -rf "$run"
	mkdir -p "$run"
	published=$(published_of "$id")
	staged=$output/.$(basename "$published").staged
	write_arguments "$id"
	start=$(now_utc) began=$(uptime_seconds)
	run_stages "$id"
	[ -n "$cause" ] || put_in_place
	took=$(($(uptime_seconds) - began))
	if [ -n "$cause" ]; then
		rm -f "$staged"
		kind=failed
		[ "$cause_status" -ne 79 ] || kind=refused
		complain "$id: $cause $why; the catalog stays as it was ($published)"
		write_status "$id" "$kind" "$start" "$took" "$cause_status" "$cause" "$cause $why" "$published"
	else
		say "$id: $published is up to date ($(jq -r '"\(.groups) groups, \(.users) users" + if .calls then ", \(.calls) calls" else "" end' "$run/summary.json") in $took s)"
		write_status "$id" ok "$start" "$took" 0 '' '' "$published"
	fi
	return "$cause_status"
}

# One run of one provider. The lock is held by every process of the run: fd 9 is inherited.
run_provider() {
	(umask 022 && mkdir -p "$output") 2>/dev/null
	[ -w "$output" ] || { complain "$1: $output cannot be written: make it, or give another --output"; return 73; }
	mkdir -p "$state/$1" 2>/dev/null
	[ -w "$state/$1" ] || { complain "$1: $state/$1 cannot be written: give another --state"; return 73; }
	exec 9> "$state/$1/lock"
	if ! flock -n 9; then
		exec 9>&-
		complain "$1: another run holds $state/$1/lock; this one is skipped"
		return 75
	fi
	run_locked "$1"
	result=$?
	exec 9>&-
	return "$result"
}

# Ends what runs, then dies of the signal that came.
stop() {
	trap '' INT TERM
	[ -z "${stages:-}" ] || { kill -TERM "$stages" 2>/dev/null; wait "$stages" 2>/dev/null; kill_rest "$stages"; }
	[ -z "${staged:-}" ] || rm -f "$staged"
	trap - "$1"
	kill -s "$1" "$(sh -c 'echo $PPID')"
}

# --once: the providers one after the other; the first failure is the answer.
run_each_once() {
	answer=0
	trap 'stop INT' INT
	trap 'stop TERM' TERM
	for one in $(provider_ids); do
		run_provider "$one" || { result=$?; [ "$answer" -ne 0 ] || answer=$result; }
	done
	return "$answer"
}
