# shellcheck shell=sh disable=SC2154,SC2015,SC2034,SC2016
# What keeps a name with its holder from run to run: what the state recorded, the catalog to compare with, the ledger, and the
# ledgers of the other providers. read_recorded, choose_base and reserved_ledgers write no file, so that previews can call them.

# Sets published, status_before, status_begun (status.json while this run is under way) and recorded_*: what the last runs left
# in status.json. Empty: not recorded.
read_recorded() {
	status_file=$folder/status.json
	[ -r "$status_file" ] || status_file=/dev/null
	recorded=$(printf '%s' "$configuration" | jq -r -L "$parts" \
		--rawfile status "$status_file" --arg id "$id" \
		--arg start "$start" --arg next "$(next_run)" \
		--arg output "$output" -f "$parts/recorded.jq") \
		&& [ -n "$recorded" ] || { fail 70 jq "failed to read $folder/status.json"; return; }
	object_end="$newline}$newline"
	status_begun=${recorded%%"$object_end"*}$object_end
	eval "${recorded#*"$object_end"}"
}

# Whether something is published at FILE: a catalog, or parts whose index is missing.
is_published() {
	[ -e "$1" ] || [ -e "${1%.yaml}/000.yaml" ]
}

# The folder of FILE with symbolic links followed, or nothing.
real_folder() {
	(case $1 in */*) cd -P -- "${1%/*}/" ;; esac && pwd -P) 2>/dev/null
}

is_same_folder() {
	[ "$(real_folder "$1")" = "$(real_folder "$2")" ]
}

# Sets base, the catalog that catalog-emit and okta-map compare with: the one
# that the state recorded, wherever it lies, or $published if that does not
# exist. Sets base_note, which reports it if it is not $published, and
# base_missing to yes if something was published and neither exists.
choose_base() {
	base=$published base_note='' base_missing=''
	[ -n "$recorded_file" ] || return 0
	if ! is_published "$recorded_file"; then
		is_published "$published" || base_missing=yes
		return 0
	fi
	! is_same_folder "$published" "$recorded_file" ||
		[ "${published##*/}" != "${recorded_file##*/}" ] || return 0
	base=$recorded_file
	base_note="the run compares with $base, which the last run published"
	if is_published "$published"; then
		base_note="$base_note, and not with $published, which is older"
	else
		base_note="$published does not exist: $base_note"
	fi
}

# Whether a folder of STATE has a name that a provider can have.
is_id() {
	case $1 in
	'' | [!A-Za-z0-9]* | *[!A-Za-z0-9_-]*) return 1 ;;
	esac
	[ ${#1} -le 63 ]
}

# The ledgers of the configured providers, a line each: "same PATH" or "other PATH", by whether the namespace is this one's.
configured_ledgers() {
	printf '%s' "$configuration" | jq -r -L "$parts" --arg id "$id" --arg state "$state" 'include "published";
		(.providers[] | select(.id == $id) | namespace) as $namespace
		| .providers[] | select(.id != $id)
		| (if namespace == $namespace then "same" else "other" end) as $which
		| ledger_in($state) | select(. != "") | "\($which) \(.)"'
}

# The ledgers of the providers that are not in the configuration: "removed PATH".
removed_ledgers() {
	for place in "$state"/*/; do
		one=${place%/} one=${one##*/}
		is_id "$one" && [ "$one" != "$id" ] && ! is_configured "$one" || continue
		[ -x "$place" ] || { printf 'removed %s\n' "$place"; continue; }
		[ -e "$state/$one/lock" ] || [ -e "$state/$one/names.ndjson" ] || continue
		file=$(jq_on_status "$state/$one" 'include "status"; status_before.ledger | strings')
		printf 'removed %s\n' "${file:-$state/$one/names.ndjson}"
	done
}

# Whether a ledger has names that nobody else may get: holds_names WHICH FILE NAMESPACE. A hold is over if it was over at the
# last good run, too: a clock that was set wrong ends none.
holds_names() {
	[ "$(jq -n -R -r --arg which "$1" --arg namespace "$3" --arg before "$recorded_success" -f "$parts/holds.jq" "$2")" != no ]
}

# Sets reserved: the ledgers whose names this provider must not give to others, as a JSON array. A ledger that does not exist
# yet is among them: okta-map reads them at the end of the run.
reserved_ledgers() {
	reserved='[]'
	others=$(removed_ledgers)
	[ "$all_ids" = "$id" ] || others="$(configured_ledgers)$newline$others"
	[ -n "$others" ] || return 0
	eval "$(provider "$id" '@sh "own_namespace=\(namespace) own_ledger=\(ledger_in($state))"')"
	reserved=$(printf '%s\n' "$others" | while read -r which file; do
		[ -n "$file" ] && [ "$file" != "$own_ledger" ] || continue
		[ ! -e "$file" ] || { [ -f "$file" ] && [ -r "$file" ]; } ||
			{ printf '!%s\n' "$file"; continue; }
		case $which in
		same) ;;
		removed) [ ! -e "$file" ] || holds_names "$which" "$file" "$own_namespace" || continue ;;
		other) [ -e "$file" ] && holds_names "$which" "$file" "$own_namespace" || continue ;;
		esac
		printf '%s\n' "$file"
	done | jq -R -s -c 'split("\n") | map(select(. != "")) | unique')
	[ -n "$reserved" ] || { fail 70 jq "failed to list the ledgers of the other providers"; return; }
	case $reserved in
	*'"!'*) refuse_hidden_ledger ;;
	esac
}

# "OWNER, mode MODE" of FILE.
owner_of() {
	stat -c '%U, mode %a' -- "$1"
}

# A name in a ledger that cannot be read could be given to another person.
refuse_hidden_ledger() {
	hidden=$(printf '%s' "$reserved" |
		jq -r 'first(.[] | select(startswith("!")))[1:]')
	fail 78 "$program" "cannot read $hidden, where another provider's names \
are kept (owner: $(owner_of "$hidden")): make it readable for the user who runs \
this, or remove it if no catalog has these names any more"
}

# Sets known to the Okta ids of the groups in LEDGER and all names that Okta had
# for each, as okta-fetch takes them, and the ids of configured groups that
# LEDGER has by the name of the entity alone: one of an older version, or one
# that was made from the catalog. Reads what group_variables of names.jq sets.
find_known_groups() { # LEDGER
	known=
	[ -e "$1" ] || return 0
	[ -f "$groups_file" ] && [ -r "$groups_file" ] || groups_file=/dev/null
	known=$(jq -n -R -r --arg names "$group_names" \
		--rawfile lines "$groups_file" -f "$parts/known_groups.jq" "$1") ||
		return
	case $known in
	'{'*) ;;
	*) return 0 ;;
	esac
	stream=$(printf '%s\n' "$known" | grep '^{')
	known=$(printf '%s\n' "$known" | grep -v '^{'
		{ printf '%s\n' "$stream"; name_groups; cat -- "$1"; } |
			jq -n -R -r -f "$parts/followed.jq")
}

# The names that okta-map would give the groups of $stream. What is wrong with
# them is a matter of the run.
name_groups() {
	printf '%s\n' "$stream" |
		eval "\"\$bin/okta-map\" $group_naming -q" 2>/dev/null
}

write_known_groups() { # FILE LEDGER
	find_known_groups "$2" &&
		printf '%s' "$known${known:+$newline}" > "$1"
}

# Opens the lock of the namespace on descriptor 5, unlocked. okta-map, which alone of the stages inherits it, locks it when it has
# read its input; it stays locked until release_names, or until the run has ended or was killed.
open_names_lock() {
	names_lock=$state/.namespace-$namespace.lock
	(: >> "$names_lock") 2>/dev/null || { fail 74 "$program" "$(cannot_write "$state")"; return; }
	exec 5>> "$names_lock"
}

release_names() {
	exec 5>&-
}

# As root, somebody may have made it root's.
is_ledger_readable() {
	[ -e "$ledger" ] && [ ! -r "$ledger" ] || return 0
	owner=$(owner_of "$ledger")
	fail 78 "$program" "cannot read the ledger $ledger (owner $owner): give it to the user of this run: chown $(
		id -un 2>/dev/null || id -u) $(quote "$ledger")"
}

# Gives the run a copy of the ledger to work on, and keeps another that tells whether somebody changes the ledger meanwhile.
copy_ledger() {
	ledger_put=
	[ -n "$ledger" ] || return 0
	# What a link leads to is replaced, and the link stays.
	[ ! -L "$ledger" ] || ledger=$(readlink -f -- "$ledger")
	[ ! -e "$ledger.tmp" ] && [ ! -e "$ledger.before" ] || rm -f "$ledger.tmp" "$ledger.before"
	if [ -e "$ledger" ]; then
		tee "$run/names.before" < "$ledger" > "$run/names.ndjson"
	elif [ -n "$recorded_ledger" ] && [ -f "$recorded_ledger" ]; then
		# The configuration names another one: its holds go on.
		cp "$recorded_ledger" "$run/names.ndjson"
		say "$id: $ledger does not exist: it is made from" \
			"$recorded_ledger, which the last run wrote"
	fi
}

# Whether the ledger is another than the run began with.
is_ledger_changed() {
	if [ -e "$run/names.before" ]; then ! cmp -s "$run/names.before" "$ledger"; else [ -e "$ledger" ]; fi
}

put_ledger() {
	[ -n "$ledger" ] && [ -e "$run/names.ndjson" ] || return 0
	! cmp -s "$run/names.ndjson" "$ledger" || return 0
	replace_ledger || fail 74 "$program" "cannot replace $ledger: $(cannot_write "$(dirname "$ledger")")" || return
	[ -n "$ledger_put" ] || fail 75 "$program" "found $ledger changed since this run read it: the next run uses what it says now"
}

# Leaves ledger_put empty if somebody has changed the ledger since copy_ledger.
replace_ledger() {
	cp "$run/names.ndjson" "$ledger.tmp" && sync "$ledger.tmp" || { rm -f "$ledger.tmp"; return 1; }
	if is_ledger_changed; then rm -f "$ledger.tmp"; return; fi
	if [ -e "$ledger" ]; then
		# Linux refuses a link to a file of another user.
		ln -f "$ledger" "$ledger.before" 2>/dev/null ||
			cp -p "$ledger" "$ledger.before" || { rm -f "$ledger.tmp"; return 1; }
		ledger_put=replaced
	else
		ledger_put=new
	fi
	mv -f "$ledger.tmp" "$ledger" && return
	rm -f "$ledger.tmp" "$ledger.before"
	ledger_put=
	return 1
}

# The ledger that was put is not taken back any more.
keep_ledger() {
	[ "$ledger_put" != replaced ] || rm -f "$ledger.before"
	ledger_put=
}

# The ledger is again what it was when the run began, unless somebody has
# changed it after this run did.
take_back_ledger() {
	[ -n "${ledger_put:-}" ] || return 0
	if cmp -s "$run/names.ndjson" "$ledger"; then
		case $ledger_put in
		replaced) mv -f "$ledger.before" "$ledger" ;;
		new) rm -f "$ledger" ;;
		esac
	elif is_ledger_changed; then
		warn "$id: $ledger was changed after this run wrote it: it stays" \
			"so, with the names that this run chose and did not publish"
	fi
	keep_ledger
}

# The configuration's files from the root, a line each. A pipe has no place.
configuration_paths() {
	printf '%s' "$configs" | while IFS= read -r file; do
		[ ! -f "$file" ] || absolute "$file"
	done
}

# Notes, in the run that finds it, that the state was another client's, configuration's or output's until now: none of them is
# wrong, but two projects that share a state by accident see it here.
note_changes() {
	note_change 'the client' "$recorded_client" "$client"
	note_change 'the configuration' "$recorded_configuration" "$(configuration_paths)"
	note_change 'the output directory' "$recorded_output" "$(absolute_folder "$output")"
	[ -z "$base_note" ] || say "$id: $base_note"
}

note_change() { # WHAT BEFORE NOW
	[ -z "$2" ] || [ -z "$3" ] || [ "$2" = "$3" ] \
		|| say "$id: $1 was $(one_line "$2") when $folder was last written, and is $(one_line "$3") now"
}

one_line() {
	printf '%s' "$1" | paste -s -d ' '
}
