# shellcheck shell=sh disable=SC2154,SC2034
# From configuration files to providers. $configuration holds the answer of providers.jq: it may hold secrets, so it
# is a variable of this shell alone and goes from program to program through pipes.

newline='
'
told='' tried='' included=''

# A YAML or JSON file to one line of JSON.
read_file() {
	case $1 in
	*.json) read_json "$1" ;;
	*) "$bin/yaml2json" "$1" ;;
	esac
}

# jq takes the later of two equal keys; Backstage takes neither. A pipe can be read but once.
read_json() {
	text=$(cat -- "$1") || return
	printf '%s\n' "$text" | jq -c . || return
	twice=$(printf '%s\n' "$text" | jq -n -r --stream -L "$parts" -f "$parts/duplicates.jq")
	[ -z "$twice" ] || tell_twice >&2
}

# jq knows no lines; JSON is YAML, too.
tell_twice() {
	printf '%s\n' "$twice" | sed 's/^/comes twice: /'
	printf '%s\n' "$text" | "$bin/yaml2json" 2>&1 >/dev/null | sed -n 's/^.*: \(line [0-9]*, .* comes again.*\)/\1/p'
}

is_readable() {
	[ -f "$1" ] && [ -r "$1" ]
}

# The content of a file as facts.jq takes it: a line of JSON, or lines of "problem WHAT".
content_of() {
	if is_readable "$1" || [ -p "$1" ]; then
		{ read_file "$1" 2>&1 >&3 3>&- | while IFS= read -r line; do printf 'problem %s\n' "$line"; done >&3; } 3>&1
	else
		echo 'problem cannot be read'
	fi
}

# The folder of a file, from the root; nothing when there is none.
folder_of() {
	case $1 in
	*/*) cd -- "${1%/*}/" 2>/dev/null && pwd ;;
	*) pwd ;;
	esac
}

# The configuration files as facts.
facts_of_configurations() {
	printf '%s' "$configs" | while IFS= read -r file; do
		printf 'config %s\ndir %s\n' "$file" "$(folder_of "$file")"
		content_of "$file"
	done | jq -n -R -c -f "$parts/facts.jq"
}

# What was asked for, as facts: lines of "need KIND NAME" to lines of JSON.
find_facts() {
	printf '%s\n' "$1" | facts_of_variables
	printf '%s\n' "$1" | while read -r _ kind name; do
		case $kind in
		readable) printf 'readable %s\n' "$name"; if is_readable "$name"; then echo true; else echo false; fi ;;
		include) printf 'include %s\n' "$name"; content_of "$name" ;;
		esac
	done | jq -n -R -c -f "$parts/facts.jq"
	printf '%s\n' "$1" | while read -r _ kind name; do
		[ "$kind" != file ] || fact_of_file "$name"
	done
}

# Name and value, each with a NUL behind it; a value has = before it, and - stands for none.
facts_of_variables() {
	while read -r _ kind name; do
		if [ "$kind" != variable ]; then continue
		elif in_environment "$name"; then eval "printf '%s\\0=%s\\0' \"$name\" \"\$$name\""
		else printf '%s\0-\0' "$name"; fi
	done | jq -R -s -c 'split("\u0000") | range(0; length - 1; 2) as $i
		| {variable: .[$i], text: (.[$i + 1] | if . == "-" then null else .[1:] end)}'
}

fact_of_file() {
	text=. source=$1
	is_readable "$1" || text=null source=/dev/null
	jq -R -s -c --arg path "$1" "{file: \$path, text: $text}" < "$source"
}

# Sets answer to that of configuration.jq when it asks for nothing more, and included to the files that were asked for on the
# way. Each round finds out what the last one asked for.
resolve_configuration() {
	answer='' included='' scope=all
	case ${mode:-}${from:+' --from'} in
	status) scope=schedule ;;
	'dry --from') scope=stream ;;
	esac
	facts=$(facts_of_configurations)
	while :; do
		asked=$answer
		answer=$(printf '%s\n' "$facts" | jq -r -s -L "$parts" --arg scope "$scope" -f "$parts/configuration.jq") || answer=
		case $answer in 'need '*) ;; *) return ;; esac
		[ "$answer" != "$asked" ] || { answer="problem $answer: cannot be found out$newline{}"; return; }
		included="$included$(printf '%s\n' "$answer" | sed -n 's/^need include //p')$newline"
		facts="$facts$newline$(find_facts "$answer")"
	done
}

# Sets configuration, all_ids and warnings. Or sets problems, leaves the others as they were, and gives 78. Warnings that are
# new are told in either case.
read_configuration() {
	hold_environment
	resolve_configuration
	facts=
	[ -n "$answer" ] || answer="problem the configuration cannot be understood: jq failed$newline{}"
	split_answer "$answer"
	# shellcheck disable=SC2086
	release_environment $secrets
	[ -n "$problems" ] || judge_by_trial "$read_providers"
	[ -n "$problems" ] || judge_wanted
	[ -n "$problems" ] || configuration=$read_providers all_ids=$read_ids warnings=$read_warnings
	answer='' read_providers=''
	tell_warnings
	[ -z "$problems" ] || return 78
}

# Each line of the answer to the variable that it belongs to. The providers' is long, and a pattern's work grows with its square.
split_answer() {
	read_ids='' read_warnings='' secrets='' problems='' has_trials='' read_providers=''
	while IFS= read -r line; do
		case $line in
		'{'*) read_providers=$line; continue ;;
		esac
		text=${line#* }
		case $line in
		'ids '*) read_ids=$text ;;
		'secrets '*) secrets=$text ;;
		'trials '*) has_trials=$text ;;
		'problem '*) problems="$problems$text$newline" ;;
		'warning '* | 'note '*) read_warnings="$read_warnings$line$newline" ;;
		esac
	done <<-TEXT
		$1
	TEXT
}

# jq compiles the configuration's programs here, and okta-map reads its own options, so that a wrong one is no run's problem.
judge_by_trial() { # PROVIDERS
	[ -n "$has_trials" ] || return 0
	calls=$(printf '%s' "$1" | jq -r -L "$parts" -f "$parts/trials.jq")
	[ "$calls" != "$tried" ] || return 0
	eval "$calls"
	[ -n "$problems" ] || tried=$calls
}

judge_program() { # PATH PROGRAM
	why=$(jq -n "empty | $2" 2>&1) && return
	why=${why%%"$newline"*}
	why=${why#jq: error: }
	where=${why##*"at <top-level>"} why=${why%%" at <top-level>"*}
	problems="$problems$1: is no jq program: ${why%" (Unix shell"*}${where%:}$newline"
}

# Sets why when okta-map does not take these. Some go with a ledger of names alone, for which here is no place.
is_wrong_for_map() { # OPTION...
	why=$("$bin/okta-map" --names /dev/null/names "$@" 2>&1 < /dev/null)
	[ $? -eq 64 ]
}

judge_map() { # PATH OPTION...
	path=$1
	shift
	is_wrong_for_map "$@" || return 0
	said=yes
	why=$(printf '%s' "${why%%"$newline"*}" | jq -R -r -L "$parts" --arg path "$path" 'include "marks"; include "keys";
		ltrimstr("okta-map: ") | . as $why | (split(" ")[0] | rtrimstr(":")) as $option
		| ([keys_of_map | to_entries[] | select(.value.option == $option).key] | first // $option) as $key
		| "\(under($path; $key)): \($why | ltrimstr("\($option): ") | ltrimstr("\($option) "))"')
	problems="$problems$why$newline"
}

judge_wanted() {
	for one in $wanted; do
		case " $read_ids " in
		*" $one "*) ;;
		*) problems="${problems}no provider $one in the configuration; there is: $read_ids$newline" ;;
		esac
	done
}

tell_problems() {
	printf '%s' "$problems" | while IFS= read -r line; do complain "$line"; done
}

# Lines of "warning ID WHAT" and "note ID WHAT". What was told already is not told again: by a loop at its next reading, with
# --once by the next process.
tell_warnings() {
	case ${mode:-} in status) return 0 ;; once) ;; *) [ "$read_warnings" != "$told" ] || return 0 ;; esac
	told=$read_warnings
	[ -n "$quiet" ] || [ -z "$read_warnings" ] || printf '%s' "$read_warnings" | while read -r level id text; do
		is_told "$id" "$level $text" || log "$level" '' "$text"
	done
	[ "${mode:-}" != once ] || [ -n "$problems" ] || remember_told
}

is_told() {
	[ "${mode:-}" = once ] && grep -qxF -e "$2" "$state/$1/told" 2>/dev/null
}

remember_told() {
	for one in $all_ids; do
		mine=
		[ -z "$warnings" ] || mine=$(printf '%s' "$warnings" | while read -r level id text; do [ "$id" != "$one" ] || printf '%s %s\n' "$level" "$text"; done)
		if [ -z "$mine" ]; then [ ! -e "$state/$one/told" ] || rm -f "$state/$one/told"
		else mkdir -p "$state/$one" && printf '%s\n' "$mine" > "$state/$one/told.tmp" && mv -f "$state/$one/told.tmp" "$state/$one/told"; fi
	done 2>/dev/null
}

# The providers that were asked for.
provider_ids() {
	for one in $all_ids; do
		case " $wanted " in
		'  ' | *" $one "*) printf '%s\n' "$one" ;;
		esac
	done
}

is_configured() {
	case " $all_ids " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

# A jq program on one provider: provider ID PROGRAM
provider() {
	printf '%s' "$configuration" | jq -r -L "$parts" --arg id "$1" --arg output "$output" --arg state "$state" \
		"include \"marks\"; include \"published\"; include \"secret\"; include \"fresh\"; include \"names\";
		first(.providers[] | select(.id == \$id)) | $2"
}

# Sets secret from what the plan tells of it, or gives 78 and sets why: a file may have vanished since the configuration was read.
read_secret() {
	if [ -n "$secret_file" ]; then
		secret=$(cat -- "$secret_file" 2>/dev/null)
		[ -n "$secret" ] || { why="$secret_path: $secret_file cannot be read or is empty"; return 78; }
	elif [ -n "$secret_variable" ]; then
		eval "secret=\$$secret_variable"
	else
		secret=$(provider "$1" .secret.text)
	fi
}
