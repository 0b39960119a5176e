#!/bin/sh
# The three stages of one run. Standard input is the secret, which okta-fetch alone reads; each stage's exit status is
# left in a file, because a pipe has but one.
#
#   stages.sh RUN BIN     RUN/fetch.args, map.args, emit.args: the stages' arguments, quoted for sh
set -u
run=$1 bin=$2

stage() {
	name=$1 command=$2
	eval "set -- $(cat "$run/$name.args")"
	"$bin/$command" "$@"
	printf '%s\n' "$?" > "$run/$name.status"
}

stage fetch okta-fetch | stage map okta-map | stage emit catalog-emit
