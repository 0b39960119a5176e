#!/bin/sh
# What pipeline.sh makes of configurations before it looks for providers, as {value, problems}: resolve.sh FILE...
# shellcheck disable=SC2034,SC1090,SC2154
set -u
root=$(cd "${0%/*}/../../.." && pwd)
parts=$root/pipeline bin=${BIN:-$root/bin} configs='' quiet='' wanted=''
for part in message environment configuration; do . "$parts/$part.sh"; done
for file; do configs="$configs$file
"; done
hold_environment
resolve_configuration || exit 78
printf '%s\n' "$resolved" | jq -c -L "$parts" 'include "marks"; .okta
	| {value: ([unmarked] | first), problems: [marks_with(.problem) as $at | getpath($at) | marked.problem]}'
