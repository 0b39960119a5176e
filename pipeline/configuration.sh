# shellcheck shell=sh disable=SC2154
# From configuration files to providers. $configuration holds the answer of providers.jq: it may hold secrets, so it
# is a variable of this shell alone and goes from program to program through pipes.

told='' included=''

# A YAML or JSON file to one line of JSON.
read_file() {
	case $1 in
	*.json) read_json "$1" ;;
	*) "$bin/yaml2json" "$1" ;;
	esac
}

# jq takes the later of two equal keys; Backstage takes neither.
read_json() {
	jq -c . "$1" || return
	twice=$(jq -n -r --stream -L "$parts" -f "$parts/duplicates.jq" "$1")
	[ -z "$twice" ] || { complain "$1: comes twice: $twice"; return 65; }
}

# A configuration file as a fact.
read_configuration_file() {
	is_readable "$1" || [ -p "$1" ] || { complain "$1: the configuration cannot be read"; return 78; }
	folder=$(cd "$(dirname "$1")" && pwd) || return 78
	value=$(read_file "$1") || value=''
	[ -n "$value" ] || { complain "$1: cannot be understood, see above"; return 78; }
	printf '%s\n' "$value" | jq -c --arg config "$1" --arg dir "$folder" '{$config, $dir, value: .}' \
		|| { complain "$1: jq failed on it"; return 70; }
}

# All of them, or every one that is wrong is told.
read_configuration_files() {
	printf '%s' "$configs" | {
		wrong=0
		while IFS= read -r file; do read_configuration_file "$file" || wrong=$?; done
		return "$wrong"
	}
}

# What was asked for, as facts: lines of KIND NAME to lines of JSON.
find_facts() {
	printf '%s\n' "$1" | facts_of_variables
	printf '%s\n' "$1" | while read -r kind name; do
		case $kind in
		file) fact_of_file "$name" ;;
		readable) fact_of_readable "$name" ;;
		include) fact_of_include "$name" ;;
		esac
	done
}

# Name and value, each with a NUL behind it; a value has = before it, and - stands for none.
facts_of_variables() {
	while read -r kind name; do
		if [ "$kind" != variable ]; then continue
		elif in_environment "$name"; then eval "printf '%s\\0=%s\\0' \"$name\" \"\$$name\""
		else printf '%s\0-\0' "$name"; fi
	done | jq -R -s -c 'split("\u0000") | range(0; length - 1; 2) as $i
		| {variable: .[$i], text: (.[$i + 1] | if . == "-" then null else .[1:] end)}'
}

is_readable() {
	[ -f "$1" ] && [ -r "$1" ]
}

fact_of_readable() {
	yes=true
	is_readable "$1" || yes=false
	jq -n -c --arg path "$1" --argjson yes "$yes" '{readable: $path, $yes}'
}

fact_of_file() {
	text=. source=$1
	is_readable "$1" || text=null source=/dev/null
	jq -R -s -c --arg path "$1" "{file: \$path, text: $text}" < "$source"
}

fact_of_include() {
	value=
	! is_readable "$1" || value=$(read_file "$1") || value=
	if [ -n "$value" ]; then printf '%s\n' "$value" | jq -c --arg path "$1" '{include: $path, value: .}'
	else jq -n -c --arg path "$1" '{include: $path, problem: "\($path) cannot be read or understood"}'; fi
	value=
}

# Sets resolved: the provider's part with all that it refers to. Each round finds out what the last one asked for.
resolve_configuration() {
	facts=$(read_configuration_files) || return 78
	needs='' included=''
	while :; do
		asked=$needs
		resolved=$(printf '%s\n' "$facts" | jq -c -s -L "$parts" -f "$parts/resolve.jq") || resolved=
		[ -n "$resolved" ] || { complain "the configuration cannot be understood"; return 78; }
		needs=$(printf '%s\n' "$resolved" | jq -r '.needs[] | to_entries[] | "\(.key) \(.value)"')
		[ -n "$needs" ] || break
		[ "$needs" != "$asked" ] || { complain "$needs: cannot be found out"; return 70; }
		included="$included$(printf '%s\n' "$needs" | sed -n 's/^include //p')
"
		facts="$facts
$(find_facts "$needs")"
	done
	facts=
}

# Sets configuration. Prints every problem; warnings go on.
read_configuration() {
	hold_environment
	secrets=
	if answer=0 && resolve_configuration; then
		secrets=$(printf '%s\n' "$resolved" | jq -r '.variables | join(" ")')
		configuration=$(printf '%s\n' "$resolved" | jq -c -L "$parts" -f "$parts/providers.jq") \
			|| { complain "the configuration cannot be understood"; answer=78; }
	else
		answer=78
	fi
	resolved=
	[ "$answer" -ne 0 ] || judge_configuration || answer=78
	# shellcheck disable=SC2086
	release_environment $secrets
	return "$answer"
}

judge_configuration() {
	tell_once "$(printf '%s\n' "$configuration" | jq -r '(.warnings[] | "warning: \(.)"), .hints[]')"
	problems=$(printf '%s\n' "$configuration" | jq -r '.problems[]')
	if [ -n "$problems" ]; then
		printf '%s\n' "$problems" | while IFS= read -r line; do complain "$line"; done
		return 78
	fi
	for id in $wanted; do
		provider_ids | grep -qxF -- "$id" || { complain "no provider $id in the configuration"; return 78; }
	done
}

# What was told already is not told again at the next reading.
tell_once() {
	[ "$1" != "$told" ] || return 0
	told=$1
	[ -n "$quiet" ] || [ -z "$1" ] || printf '%s\n' "$1" | while IFS= read -r line; do complain "$line"; done
}

warnings() {
	printf '%s' "$configuration" | jq -r '.warnings[]'
}

provider_ids() {
	printf '%s' "$configuration" | jq -r '.providers[].id' | while IFS= read -r one; do
		case " $wanted " in
		'  ' | *" $one "*) printf '%s\n' "$one" ;;
		esac
	done
}

# There is always one: none at all is jq's failure, and tells nothing.
is_configured() {
	known_ids=$(provider_ids)
	[ -z "$known_ids" ] || printf '%s\n' "$known_ids" | grep -qxF -e "$1"
}

# A jq program on one provider: provider ID PROGRAM
provider() {
	printf '%s' "$configuration" | jq -r --arg id "$1" "first(.providers[] | select(.id == \$id)) | $2"
}

# The secret itself to standard output.
secret_of() {
	secret_file=$(provider "$1" '.secret.file // empty')
	secret_variable=$(provider "$1" '.secret.variable // empty')
	if [ -n "$secret_file" ]; then
		cat -- "$secret_file"
	elif [ -n "$secret_variable" ]; then
		eval "printf '%s' \"\$$secret_variable\""
	else
		provider "$1" .secret.text
	fi
}
