#!/usr/bin/env bats
# yaml2json as a person meets it: what it says of a document that is none. That it reads as npm's yaml does is for
# tests/judges/yaml2json to say.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# refuses TEXT WORDS: 65, one line, these words in it
refuses() {
	printf '%b' "$1" > in.yaml
	ends_with 65 yaml2json in.yaml
	says "yaml2json: in.yaml: $2"
	[ "$(wc -l < err)" -eq 1 ]
	[ ! -s out ]
}

@test "a key that comes twice: both lines" {
	refuses 'a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n' 'line 5, column 3: the key "c" comes again: it stands in line 3 already'
	refuses '{a: 1,\n b: 2,\n "a": 3}\n' 'line 3, column 2: the key "a" comes again: it stands in line 1 already'
}

@test "what people get wrong in YAML" {
	refuses 'a:\n\tb: 1\n' 'line 2, column 1: a tab: YAML wants spaces here'
	refuses 'a: b: c\n' 'line 1, column 5: mapping values are not allowed'
	refuses 'a: 1\n---\nb: 2\n' 'line 2, column 1: a second document: expected one'
	refuses 'a: *b\n' 'line 1, column 4: an alias whose anchor does not come before it'
	refuses 'a: !secret b\n' 'line 1, column 4: a tag of its own: expected plain YAML'
	refuses 'a: x\n~: y\n' 'line 2, column 1: a key that is read as a number or as nothing; put it in quotes'
	refuses 'a: 1\nb: "x\xe2\x80\xa8y"\n' 'line 2: has the character U+2028'
	refuses 'a: "\xff"\n' 'line 1'
	ends_with 78 yaml2json nowhere.yaml
	says 'nowhere.yaml: cannot be opened'
}

@test "what grows without end is stopped" {
	{ echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'; for i in 1 2 3 4 5 6 7 8 9; do
		echo "a$i: &a$i [$(printf "*a$((i - 1)), %.0s" 1 2 3 4 5 6 7 8 9 10)]"
	done; } > in.yaml
	ends_with 65 yaml2json in.yaml
	says 'grows beyond 16 MiB: too many aliases?'
	refuses "$(printf '[%.0s' $(seq 200))" 'line 1, column 101: more than 100 levels'
}

@test "a pipe is read as a file is; a last line without its end is whole" {
	[ "$(printf 'k: |\n  a\n  b' | yaml2json)" = '{"k":"a\nb\n"}' ]
	[ "$(printf '' | yaml2json -)" = null ]
	printf 'no: off' > in.yaml
	[ "$(yaml2json in.yaml)" = '{"no":"off"}' ]
}
