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
resolve_configuration
printf '%s\n' "$facts" | jq -c -s -L "$parts" 'include "marks"; include "resolve";
	[.[] | select(.config).problem | values] as $broken | resolve.okta
	| {value: ([unmarked] | first), problems: ($broken + [marks_with(.problem) as $at | getpath($at) | marked.problem])}'
