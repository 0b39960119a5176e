# shellcheck shell=sh disable=SC2154,SC2015,SC2034,SC2016
# What a run leaves in STATE/ID: status.json, metrics.prom, findings; and what it says to people.

now_utc() {
	date -u +%Y-%m-%dT%H:%M:%SZ
}

# Seconds on a clock that no one sets, and that counts while the machine sleeps.
uptime_seconds() {
	read -r seconds_up _ < /proc/uptime
	printf '%s\n' "${seconds_up%.*}"
}

# Reads status.json through a jq program that takes its text: FOLDER ARGUMENT...
jq_on_status() {
	status_file=$1/status.json
	[ -r "$status_file" ] || status_file=/dev/null
	shift
	jq -R -s -r -L "$parts" "$@" "$status_file"
}

# replace FILE: by what comes from standard input, whole or not at all. (A plain return, in a trap, gives what was before it.)
replace() {
	cat > "$1.tmp" && mv -f "$1.tmp" "$1" && return 0
	rm -f "$1.tmp"
	return 1
}

# The same by a TEXT, but by nothing at all never: what jq failed on, or a full disk would have cut.
replace_by() { # FILE TEXT
	[ -n "$2" ] || return 0
	{ printf '%s\n' "$2" > "$1.tmp"; } 2>/dev/null && mv -f "$1.tmp" "$1" && return 0
	rm -f "$1.tmp"
	return 1
}

# The schedule of the provider, as status.jq and its like need it.
schedule_of() {
	provider "$1" schedule_json
}

# Writes status.json, given as a text; $status_failed and $status_trouble tell of what went wrong.
write_status() {
	[ -n "$1" ] || { status_failed=70 status_trouble="jq failed to make status.json"; return 1; }
	replace_by "$folder/status.json" "$1" || { status_failed=74 status_trouble=$(cannot_write "$folder"); return 1; }
}

# A run begins. What was there before is in status_before, for a run that is stopped by a signal never was.
start_status() {
	under_way=1
	write_status "$status_begun"
}

# What a run that is stopped made of status.json is taken back.
take_back_status() {
	if [ -n "${under_way:-}" ]; then replace_by "$folder/status.json" "$(printf '%s\n' "$status_before" | jq '.nextRun = null')"
	elif [ "$mode" = loop ]; then set_next_run ''; fi
}

# set_next_run TIME: another one than the last run told. Of a run that another process has under way nothing is touched.
set_next_run() {
	[ -e "$folder/status.json" ] || return 0
	replace_by "$folder/status.json" "$(jq --arg next "$1" 'select(.state != "running") | .nextRun = (if $next == "" then null else $next end)' \
		"$folder/status.json" 2>/dev/null)"
}

# A run has ended: $cause, $cause_status and $why tell how. Sets run_line, which tells people of a good one. Variables take it all, so
# that a full disk never leaves half of it.
end_status() {
	summary=$run/summary.json message='' pending=false
	[ -s "$summary" ] || summary=/dev/null
	[ -z "$cause" ] || message="$cause $why$reason"
	[ ! -e "$folder/publish.json" ] || pending=true
	leaves=$(status_until_now | jq -R -s -r -L "$parts" --arg id "$id" --arg start "$start" --argjson seconds "$took" \
		--argjson exit "$cause_status" --arg stage "$cause" --arg message "$message" --arg shown "$published" --arg next "$(next_run)" \
		--arg file "$(absolute "$published")" --arg output "$(absolute_folder "$output")" --arg ledger "${ledger:+"$(absolute "$ledger")"}" \
		--arg url "${url:-}" --arg client "${client:-}" --arg configuration "$(configuration_paths)" --arg in_place "$in_place" --argjson pending "$pending" --argjson schedule "${schedule:-$(schedule_of "$id")}" \
		--slurpfile summary "$summary" -f "$parts/end.jq")
	run_line=${leaves%%"$newline"*} leaves=${leaves#*"$newline"}
	after=${leaves%%"$newline#"*}
	write_status "$after" || return 1
	under_way=
	metrics=${leaves#"$after"} metrics=${metrics#"$newline"}
	[ -n "$metrics" ] || { status_failed=70 status_trouble="jq failed to make metrics.prom"; return 1; }
	replace_by "$folder/metrics.prom" "$metrics" || { status_failed=74 status_trouble=$(cannot_write "$folder"); return 1; }
}

# A run that failed early has not come to read it.
status_until_now() {
	if [ -n "$status_before" ]; then printf '%s\n' "$status_before"; else cat "$folder/status.json" 2>/dev/null; fi
}

# The line of the run.
tell_run() {
	if [ -z "$cause" ]; then
		[ -z "$run_line" ] || say "$id: $run_line"
		return
	fi
	kept="; the catalog stays as it was ($published)"
	[ -z "$in_place" ] || kept=
	log error "$cause_status" "$id: $cause $why$kept"
	tell_way_out
}

# What a person can do about a run that ended in a way that no later run changes.
tell_way_out() {
	case $cause_status in
	78) ! is_other_org || tell_other_org ;;
	79) tell_refused ;;
	esac
}

# Whether okta-fetch or okta-map refused another org. These are the texts of
# fetch/org.c and map/ledger_org.c, known here alone: okta-map also ends with 78 for a ledger
# that is no ledger, whose owner must not be told to remove it.
is_other_org() {
	[ "$cause" = okta-fetch ] && [ "$why" = 'ended with status 78' ] &&
		case $reason in *' (--expect-org): nothing is written') true ;; *) false ;; esac &&
		return
	[ "$cause" = okta-map ] && [ "$why" = 'ended with status 78' ] || return
	said=$reason
	[ -n "$said" ] || said=": $(tail -n 1 "$run/map.text" 2>/dev/null)"
	case ${said#: okta-map} in
	*': this ledger was made for the org '*' the stream is of the org '*) ;;
	': the stream is of the org '*' was expected (--expect-org)'*) ;;
	*': these names are of another org'*': the stream'*) ;;
	*) return 1 ;;
	esac
}

tell_other_org() {
	old_org=${recorded_url:-another org} old=${recorded_file:-$published}
	complain "$id: $folder and its names belong to $old_org: to keep them," \
		"give the new org another provider id in the configuration, or" \
		"another --state"
	set -- "$(absolute_folder "$folder")" "$old"
	[ ! -d "${old%.yaml}" ] || set -- "$@" "${old%.yaml}"
	case $ledger in
	'' | "$folder"/*) ;;
	*) set -- "$@" "$ledger" ;;
	esac
	complain "$id: only to give up the names of $old_org, which may then pass" \
		"to other people, remove both state and catalog: rm -r$(
			for place; do printf ' %s' "$(quote "$place")"; done)"
}

# An empty stream is refused whatever is given.
tell_refused() {
	case $reason in
	*'with --force, too'*) return ;;
	esac
	if [ -n "$base_missing" ]; then
		complain "$id: the catalog $recorded_file, which the last run published, does not exist: restore it there, and the next run" \
			"compares with it; or publish without comparing: $(command_of_person) --once --force"
	else
		complain "$id: to let it pass once: $(command_of_person) --once --force"
	fi
}

# This program as a person would call it for this provider, from any folder.
command_of_person() {
	printf '%s' "$(quote "$(absolute "$0")")"
	printf '%s' "$configs" | while IFS= read -r file; do printf ' --config %s' "$(quote "$(absolute "$file")")"; done
	printf ' --output %s --state %s --provider %s' "$(quote "$(absolute "$output")")" "$(quote "$(absolute "$state")")" "$id"
}

# Findings of earlier runs that this one has no more are told once. A run that failed may not have come to them.
tell_gone_findings() {
	[ -e "$run/messages" ] && [ -e "$run/known" ] || return 0
	jq -n -R -r -L "$parts" -f "$parts/findings.jq" "$run/messages" > "$run/found" || return 0
	! cmp -s "$run/found" "$run/known" || return 0
	if [ -n "$cause" ] && [ -z "$in_place" ]; then
		LC_ALL=C sort -u "$run/found" "$run/known" | replace "$folder/findings"
		return 0
	fi
	[ -n "$pass" ] || return 0
	LC_ALL=C sort "$run/known" | LC_ALL=C comm -13 "$run/found" - | grep ': warning: ' | without_names_given | while IFS= read -r line; do say "$id: no longer: $line"; done
	replace "$folder/findings" < "$run/found" || :
}

# okta-map reports a name only when it gives it, for it knows the names of the ledger or the catalog: a report that is not
# repeated is not gone.
without_names_given() {
	grep -v -e ' the name [^ ]* already' -e ': the naming rule gives no usable name'
}

# The refs of the catalog, one a line, sorted: from catalog-emit's index lines, or from the entities themselves.
refs_in() {
	case $1 in
	*.yaml) find "$1" "${1%.yaml}" -name '*.yaml' -exec sed -n 's/^--- # \([^ ]*:[^ ]*\).*/\1/p' {} + 2>/dev/null ;;
	*) jq -r -f "$parts/refs.jq" "$1" 2>/dev/null ;;
	esac | tr '[:upper:]' '[:lower:]' | LC_ALL=C sort -u
}

# Two providers that publish the same ref: Backstage takes one of the two entities, and not always the same. Their refs are
# kept in STATE/ID/refs.
look_for_shared_refs() {
	[ -z "$changed" ] && [ -e "$folder/refs" ] || refs_in "$published" | replace "$folder/refs" || return 0
	for other in $(provider_ids); do
		[ "$other" != "$id" ] && [ -s "$state/$other/refs" ] || continue
		shared=$(LC_ALL=C comm -12 "$folder/refs" "$state/$other/refs" | head -n 4 | paste -s -d ' ')
		[ -z "$shared" ] || tell_finding "is published by provider $other, too: $shared; Backstage takes only one"
	done
	return 0
}

# A finding of our own, told as those of the stages are.
tell_finding() {
	jq -n -c --arg program "$program" --arg message "$1" '{time: (now | todate), level: "warning", $program, $message}' \
		| { [ -z "$pass" ] || tee -a "$run/messages"; } | if [ -n "$pass" ]; then run_stage messages; else warn "$id: $1"; fi >&2
}

# Why nothing can be told of a provider, if so.
status_hidden() {
	for place in "$state" "$state/$1"; do
		[ ! -d "$place" ] || [ -x "$place" ] || { echo "$place cannot be read: ask as the user who runs it"; return; }
	done
	place=$state/$1/status.json
	if [ -d "$place" ]; then echo "$place is a folder: remove it"
	elif [ -e "$place" ] && [ ! -r "$place" ]; then echo "$place cannot be read: ask as the user who runs it"
	elif [ -s "$place" ] && ! jq -e objects "$place" > /dev/null 2>&1; then echo "$place is damaged: the next run writes it anew"
	fi
}

# Where the catalog is: as --output says, else as the last run wrote down; nothing where that is a relative path, which means
# nothing to who asks from another folder.
catalog_of() {
	[ "$output" = ./catalog ] || { published_of "$1"; return; }
	file=$(jq_on_status "$state/$1" 'include "status"; status_before | .published.file // empty')
	case $file in
	/*) printf '%s\n' "$file" ;;
	?*) [ ! -d "${file%/*}" ] || printf '%s\n' "$file" ;;
	esac
}

# What of the published catalog is not there, if so: the file, or a part of it.
catalog_missing() {
	file=$(catalog_of "$1")
	[ -n "$file" ] || return 0
	if [ ! -s "$file" ]; then
		echo "$file is not there"
		return
	fi
	parts_of=$(provider "$1" '.split // 0')
	[ "$parts_of" -eq 0 ] || [ "$(find "${file%.yaml}" -name '[0-9][0-9][0-9].yaml' -size +0 2>/dev/null | wc -l)" -ge "$parts_of" ] \
		|| echo "parts of $file are not there"
}

# One line for each provider; 0 only when all are fresh.
print_status() {
	answer=0
	for one in $(provider_ids); do
		running=false
		[ ! -e "$state/$one/lock" ] || flock -n "$state/$one/lock" true 2>/dev/null || running=true
		hidden=$(status_hidden "$one")
		[ -z "$hidden" ] || { printf '%s: not fresh, %s\n' "$one" "$hidden"; answer=75; continue; }
		line=$(jq_on_status "$state/$one" --arg id "$one" --argjson running "$running" \
			--argjson schedule "$(schedule_of "$one")" -f "$parts/status_text.jq")
		case $line in
		"$one: fresh"*)
			missing=$(catalog_missing "$one")
			[ -z "$missing" ] || line="$one: not fresh, $missing${line#"$one: fresh"}" answer=75 ;;
		*) answer=75 ;;
		esac
		printf '%s\n' "$line"
	done
	return "$answer"
}
