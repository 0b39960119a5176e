# shellcheck shell=sh disable=SC2154
# From configuration files to providers. $configuration holds the answer of providers.jq: it may hold secrets, so it
# is a variable of this shell alone and goes from program to program through pipes.

# One file as {"dir":...,"config":...} on one line.
read_file() {
	[ -r "$1" ] || { complain "$1: the configuration cannot be read"; return 78; }
	folder=$(cd "$(dirname "$1")" && pwd) || return 78
	case $1 in
	*.json) jq -c . "$1" || { complain "$1: is no JSON"; return 78; } ;;
	*) "$bin/yaml2json" "$1" || return 78 ;;
	esac | jq -c --arg dir "$folder" '{dir: $dir, config: .}'
}

# A pipe's status is that of its last program: an error of the first shows in what comes out.
read_files() {
	printf '%s' "$configs" | while IFS= read -r file; do
		line=$(read_file "$file") && [ -n "$line" ] || exit 78
		printf '%s\n' "$line"
	done
}

# Sets configuration. Prints every problem; warnings go on.
read_configuration() {
	files=$(read_files) || return 78
	configuration=$(printf '%s\n' "$files" | jq -c -s -L "$parts" -f "$parts/providers.jq") \
		|| { complain "the configuration cannot be understood"; return 78; }
	files=
	problems=$(printf '%s' "$configuration" | jq -r '.problems[]')
	if [ -n "$problems" ]; then
		printf '%s\n' "$problems" | while IFS= read -r line; do complain "$line"; done
		return 78
	fi
	[ -n "$quiet" ] || warnings | while IFS= read -r line; do complain "warning: $line"; done
	hide_secrets
	for id in $wanted; do
		provider_ids | grep -qxF -- "$id" || { complain "no provider $id in the configuration"; return 78; }
	done
}

warnings() {
	printf '%s' "$configuration" | jq -r '.warnings[]'
}

# Variables that hold a secret are this shell's from now on, and no other program's.
hide_secrets() {
	for name in $(printf '%s' "$configuration" | jq -r '.providers[].secret.variable // empty'); do
		eval "held_secret=\$$name; unset $name; $name=\$held_secret"
		unset held_secret
	done
	unset OKTA_CLIENT_ORGURL OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_TOKEN
}

provider_ids() {
	printf '%s' "$configuration" | jq -r '.providers[].id' | while IFS= read -r one; do
		case " $wanted " in
		'  ' | *" $one "*) printf '%s\n' "$one" ;;
		esac
	done
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

print_configuration() {
	for id in $(provider_ids); do
		provider "$id" '"# \(.id): \(.url), every \((.frequency // 0) / 1000) s, at most \((.timeout // 0) / 1000) s",
			"\("'"$bin"'/okta-fetch" | @sh) \(.fetch | map(@sh) | join(" ")) \(.secret.option) \((.secret.file // "<secret>") | @sh) > org.ndjson",
			"\("'"$bin"'/okta-map" | @sh) \(.map | map(@sh) | join(" ")) org.ndjson > entities.ndjson",
			"\("'"$bin"'/catalog-emit" | @sh) \(.emit | map(@sh) | join(" ")) entities.ndjson"'
	done
}
