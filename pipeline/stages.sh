#!/bin/sh
# Runs stages of one run, each reading what the one before it writes. Standard input is the first one's, standard output
# the last one's; each stage's exit status is left in RUN/NAME.status, because a pipe has but one.
#
#   stages.sh RUN NAME...     RUN/plan knows the stages' commands
set -u
run=$1
shift
# shellcheck source=/dev/null
. "$run/plan"

# Descriptor 5 is the lock of the namespace's names, for okta-map alone.
stage() {
	[ "$1" = map ] || exec 5>&-
	if [ "$1" = map ] && [ -z "${pass_messages:-}" ]; then name_ledger
	else noted "$1"; fi
}

noted() {
	run_stage "$1"
	printf '%s\n' "$?" > "$run/$1.status"
}

# What okta-map says to a person's terminal names the ledger, and not the run's copy, which no command may change. It stays in
# RUN/map.text.
name_ledger() {
	{
		noted map 2>&1 >&3 3>&- | tee "$run/map.text" 3>&- 5>&- |
			run_stage map_messages >&2 3>&- 5>&-
	} 3>&1
}

line=
for name; do line="$line${line:+ | }stage $name"; done
if [ -z "${pass_messages:-}" ] || [ "$*" = publish ]; then
	eval "$line"
else
	{ eval "$line" 2>&1 >&3 3>&- | tee -a "$run/messages" 3>&- | run_stage messages >&2 3>&-; } 3>&1
fi
