#!/usr/bin/env bats
# pipeline/keys.jq beside the programs' own --help: no option without a key, no key without an option.

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
BIN=${BIN:-$ROOT/bin}

# The long options of a program.
options_of() {
	"$BIN/$1" --help | grep -oE -- '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort
}

# The options that pipeline.sh gives itself.
own() {
	case $1 in
	okta-fetch) printf '%s\n' --org-url --client-id --key-file --key-id --token-file --id --cache --check ;;
	okta-map) printf '%s\n' --names ;;
	catalog-emit) printf '%s\n' --output --base --force --summary-file --check ;;
	esac
	printf '%s\n' --quiet --verbose --log-format --help --version
}

keyed() {
	jq -n -r -L "$ROOT/pipeline" --arg stage "$1" 'include "keys"; keys_of_stages[] | select(.stage == $stage).option' | sort
}

@test "every option of the three programs has a key, or is pipeline.sh's to give" {
	for pair in fetch:okta-fetch map:okta-map emit:catalog-emit; do
		left=$(options_of "${pair#*:}" | grep -vxF "$(own "${pair#*:}")" | grep -vxF "$(keyed "${pair%:*}")" || true)
		[ -z "$left" ] || { echo "${pair#*:} has no key for" $left; return 1; }
	done
}

@test "a key has its option's name in camelCase" {
	jq -n -r -L "$ROOT/pipeline" 'include "keys"; keys_of_stages | to_entries[]
		| (.value.option | ltrimstr("--") | split("-") | .[0] + (.[1:] | map((.[:1] | ascii_upcase) + .[1:]) | join(""))) as $camel
		| select(.key != $camel) | "\(.key) \(.value.option)"' > "$BATS_TEST_TMPDIR/others"
	# groups is Portal's; timeout is the schedule's.
	[ "$(cat "$BATS_TEST_TMPDIR/others")" = 'groups --group
requestTimeout --timeout' ]
}

@test "the manual names every key" {
	mandoc -Tascii -O width=200 "$ROOT/pipeline/okta-catalog.1" | col -b | sed -n '/^CONFIGURATION/,/^FILES/p' > "$BATS_TEST_TMPDIR/manual"
	jq -n -r -L "$ROOT/pipeline" 'include "keys"; keys_of_stages | keys[]' > "$BATS_TEST_TMPDIR/keys"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/keys")" -gt 30 ]
	while read -r key; do grep -qw "$key" "$BATS_TEST_TMPDIR/manual" || { echo "$key"; return 1; }; done < "$BATS_TEST_TMPDIR/keys"
}
