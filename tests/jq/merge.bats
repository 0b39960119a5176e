#!/usr/bin/env bats
# pipeline/merge.jq; tests/judges/config holds the whole reading against Backstage's.

# merged EARLIER LATER
merged() {
	jq -n -c -S -L "$BATS_TEST_DIRNAME/../../pipeline" --argjson a "$1" --argjson b "$2" 'include "merge"; $a | without_nulls | merge($b)'
}

@test "objects are merged key by key, anything else is replaced" {
	[ "$(merged '{"a":1,"b":{"c":1,"d":2}}' '{"b":{"d":3,"e":4},"f":5}')" = '{"a":1,"b":{"c":1,"d":3,"e":4},"f":5}' ]
	[ "$(merged '{"a":[1,2]}' '{"a":[3]}')" = '{"a":[3]}' ]
	[ "$(merged '{"a":{"b":1},"c":"x"}' '{"a":"x","c":{"b":1}}')" = '{"a":"x","c":{"b":1}}' ]
}

@test "null takes a key away; in a list it stays" {
	[ "$(merged '{"a":1,"b":{"c":1},"n":null}' '{"a":null,"b":{"c":null},"z":{"y":null}}')" = '{"b":{},"z":{}}' ]
	[ "$(merged '{}' '{"a":[null,{"b":null}]}')" = '{"a":[null,{"b":null}]}' ]
}

@test "a mark is a value like a text; a variable that is not set leaves what was there" {
	[ "$(merged '{"a":{"b":1}}' '{"a":{"\u0000":{"text":"x"}}}')" = '{"a":{"\u0000":{"text":"x"}}}' ]
	[ "$(merged '{"a":{"\u0000":{"text":"x"}}}' '{"a":{"b":1}}')" = '{"a":{"b":1}}' ]
	[ "$(merged '{"a":1}' '{"a":{"\u0000":{"missing":"x"}}}')" = '{"a":1}' ]
	[ "$(merged '{}' '{"a":{"\u0000":{"missing":"x"}}}')" = '{"a":{"\u0000":{"missing":"x"}}}' ]
}
