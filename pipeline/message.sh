# shellcheck shell=sh
# Messages of the wrapper: one line each on standard error.

quiet=${quiet:-}

complain() {
	printf '%s: %s\n' "${program:-okta-catalog}" "$*" >&2
}

say() {
	[ -n "$quiet" ] || complain "$@"
}

die() {
	status=$1
	shift
	complain "$@"
	exit "$status"
}
