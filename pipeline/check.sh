# shellcheck shell=sh disable=SC2154,SC2015,SC2034,SC2016
# --check and --print-config: what a person asks before the first run, or when a run failed.

# Everything that can be known without a run: the configuration, and each org by okta-fetch --check. Gives 78 for a
# warning, else the status of the first provider that is not well.
check_configuration() {
	verdict=0
	case $newline$warnings in *"${newline}warning "*) verdict=78 ;; esac
	for one in $(provider_ids); do
		check_org "$one" || { result=$?; [ "$verdict" -ne 0 ] || verdict=$result; }
	done
	[ "$verdict" -ne 0 ] || say "the configuration is good: providers $(provider_ids | tr '\n' ' ')"
	return "$verdict"
}

check_org() {
	printf '%s: %s\n' "$1" "$(provider "$1" .url)"
	eval "set -- \"$1\" $(provider "$1" '(.fetch + [.secret.option, "-", "--check"]) | map(@sh) | join(" ")') $verbosity"
	id=$1
	shift
	eval "$(provider "$id" secret_place)"
	read_secret "$id" || { complain "$why"; return 78; }
	folder=$state/$id start=
	read_recorded || { complain "$id: $cause $why"; return 70; }
	[ -z "$recorded_org" ] || set -- "$@" --expect-org "$recorded_org"
	eval "$(provider "$id" \
		'@sh "ledger=\(ledger_in($state))", group_variables')"
	is_ledger_readable || { complain "$why"; return 78; }
	find_known_groups "$ledger" ||
		{ complain "jq failed to read the ledger $ledger"; return 70; }
	[ -z "$known" ] || set -- "$@" --known-groups /dev/fd/4
	printf '%s\n' "$secret" | "$bin/okta-fetch" "$@" 4<<-TEXT
	$known
	TEXT
}

# For each provider what will be done, and commands to paste that do it stage by stage and publish nothing.
print_configuration() {
	output=$(absolute_folder "$output") state=$(absolute_folder "$state") start=
	for id in $(provider_ids); do
		folder=$state/$id
		# The commands lock a file in it. The output is left to a run, which
		# makes it for all to read.
		mkdir -p "$folder" 2>/dev/null
		secret_source "$id"
		read_recorded && choose_base && reserved_ledgers || { complain "$id: $cause $why"; return 70; }
		printf '%s' "$configuration" | jq -r -L "$parts" --arg id "$id" --arg bin "$(absolute_folder "$bin")" \
			--arg published "$published" --arg state "$folder" --arg base "$base" --argjson reserved "$reserved" \
			--arg org "$recorded_org" --arg parts "$(absolute_folder "$parts")" --arg source "$source" -f "$parts/print.jq"
	done
}

# The folder need not exist.
absolute_folder() {
	(cd "$1" 2>/dev/null && pwd) && return
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$(pwd)" "${1#./}" ;;
	esac
}

# Sets source: a command that prints a secret that the configuration itself holds, or nothing when there is none so simple.
secret_source() {
	source=
	[ "$(provider "$1" '.secret.text | type')" = string ] || return 0
	path=$(provider "$1" '.secret.path | tojson')
	while IFS= read -r file; do
		[ -f "$file" ] || continue
		case $file in *.json) reader="jq . " ;; *) reader="$(quote "$(absolute_folder "$bin")/yaml2json") " ;; esac
		! read_file "$file" 2>/dev/null | jq -e --argjson path "$path" '(getpath($path)? | strings | contains("${") | not) // false' >/dev/null \
			|| source="$reader$(quote "$(absolute_folder "$(dirname "$file")")/$(basename "$file")") | jq -r $(quote "getpath($path)")"
	done <<-TEXT
	$configs
	TEXT
}

# As one word for sh.
quote() {
	printf '%s' "$1" | jq -R -s -r -L "$parts" 'include "word"; word'
}
