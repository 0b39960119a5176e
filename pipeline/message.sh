# shellcheck shell=sh disable=SC2154
# Messages of the wrapper: one line each on standard error, or one JSON object a line (--log-format json).

quiet=${quiet:-} log_format=${log_format:-text}

# log LEVEL EXIT TEXT; LEVEL: error, warning or note; EXIT may be empty
log() {
	if [ "$log_format" = json ]; then
		jq -n -c --arg level "$1" --arg exit "$2" --arg message "$3" --arg program "${program:-okta-catalog}" --arg provider "${id:-}" \
			'{time: (now | todate), $level, $program, $message} + (if $exit == "" then {} else {exit: ($exit | tonumber)} end)
			+ (if $provider == "" then {} else {$provider} end)' >&2
	elif [ "$1" = warning ]; then
		printf '%s: warning: %s\n' "${program:-okta-catalog}" "$3" >&2
	else
		printf '%s: %s\n' "${program:-okta-catalog}" "$3" >&2
	fi
}

complain() {
	log error '' "$*"
}

warn() {
	log warning '' "$*"
}

say() {
	[ -n "$quiet" ] || log note '' "$*"
}

die() {
	status=$1
	shift
	log error "$status" "$*"
	exit "$status"
}
