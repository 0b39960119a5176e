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
	okta-fetch) printf '%s\n' --org-url --client-id --key-file --key-id --token-file --id --cache --known-groups --check ;;
	okta-map) printf '%s\n' --names --names-readonly --names-from --names-reserved --names-lock --expect-org --give ;;
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

@test "every key has an option that its program knows" {
	for pair in fetch:okta-fetch map:okta-map emit:catalog-emit; do
		left=$(keyed "${pair%:*}" | grep -vxF "$(options_of "${pair#*:}")" || true)
		[ -z "$left" ] || { echo "${pair#*:} does not know" $left; return 1; }
	done
}

@test "every word that a key may have is one that its program takes" {
	jq -n -r -L "$ROOT/pipeline" 'include "keys"; keys_of_stages[] | select(.takes == "choice")
		| .stage as $s | .option as $o | .words[] | "\($s) \($o) \(.)"' > "$BATS_TEST_TMPDIR/words"
	[ "$(wc -l < "$BATS_TEST_TMPDIR/words")" -gt 25 ]
	while read -r stage option word; do
		case $stage in
		fetch) set -- okta-fetch --org-url https://localhost:1 --client-id c --key-id k --key-file /dev/null ;;
		map) set -- okta-map ;;
		emit) set -- catalog-emit --base /dev/null ;;
		esac
		program=$1 status=0
		shift
		"$BIN/$program" "$@" "$option" "$word" < /dev/null > /dev/null 2> "$BATS_TEST_TMPDIR/err" || status=$?
		# As far as its empty input, or the key that is none.
		case $status in 65 | 78) ;; *) echo "$option $word: $status"; cat "$BATS_TEST_TMPDIR/err"; return 1 ;; esac
	done < "$BATS_TEST_TMPDIR/words"
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
