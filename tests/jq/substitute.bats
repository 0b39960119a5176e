#!/usr/bin/env bats
# pipeline/substitute.jq: what each reference becomes, what is asked for, and what is said of a wrong one. That the values
# are Backstage's is for tests/judges/config to say.

# substitute VALUE: with A, B set, C empty, N not set, and the file /x/f.
substitute() {
	jq -n -c -L "$BATS_TEST_DIRNAME/../../pipeline" --argjson v "$1" 'include "substitute";
		{variables: {A: " one ", B: "two", C: "", N: null}, files: {"/x/f": "text\n", "/x/none": null}, readable: {"/x/k.pem": true, "/x/no.pem": false},
			includes: {"/x/loop.yaml": {value: {again: {"$include": "loop.yaml"}}}, "/x/bad.yaml": {problem: "is wrong"}}} as $facts
		| $v | substitute($facts; "/x"; 0; null)'
}

mark_of() {
	substitute "$1" | jq -c '.k["\u0000"]'
}

@test "a text remembers which variables it was made from, and when it is the whole of one" {
	[ "$(mark_of '{"k":"${A}"}')" = '{"text":"one","variables":["A"],"variable":"A"}' ]
	[ "$(mark_of '{"k":" ${A} "}' | jq -c '[.text, .variable]')" = '[" one ","A"]' ]
	[ "$(mark_of '{"k":"${A}-${B}"}')" = '{"text":"one-two","variables":["A","B"]}' ]
	[ "$(mark_of '{"k":{"$env":"A"}}' | jq -c '[.text, .variable]')" = '["one","A"]' ]
	# A default is nobody's secret.
	[ "$(substitute '{"k":"${N:-d}","l":"$${A}"}')" = '{"k":"d","l":"${A}"}' ]
}

@test "what is not known yet is asked for" {
	[ "$(mark_of '{"k":"${NEW}"}')" = '{"need":{"variable":"NEW"},"variables":["NEW"]}' ]
	[ "$(mark_of '{"k":{"$file":"new"}}')" = '{"need":{"file":"/x/new"}}' ]
	[ "$(mark_of '{"k":{"$file":"../up/${NEW}"}}')" = '{"need":{"variable":"NEW"}}' ]
	[ "$(mark_of '{"k":{"$include":"sub/new.yaml#a"}}')" = '{"need":{"include":"/x/sub/new.yaml"}}' ]
}

@test "a secret's file is not read, only looked for" {
	[ "$(substitute '{"privateKey":{"$file":"k.pem"}}' | jq -c '.privateKey["\u0000"]')" = '{"file":"/x/k.pem"}' ]
	[ "$(substitute '{"token":{"$file":"other"}}' | jq -c '.token["\u0000"]')" = '{"need":{"readable":"/x/other"}}' ]
	[ "$(substitute '{"privateKey":{"$file":"no.pem"}}' | jq -r '.privateKey["\u0000"].problem')" = '/x/no.pem cannot be read' ]
}

@test "names of files that a stage gets start from the configuration's folder" {
	[ "$(substitute '{"caFile":"ca.pem","groupsFile":"/g","cache":"c/d","names":false}')" = '{"caFile":"/x/ca.pem","groupsFile":"/g","cache":"/x/c/d","names":false}' ]
	[ "$(substitute '{"caFile":"${B}.pem"}' | jq -r '.caFile["\u0000"].text')" = /x/two.pem ]
}

@test "a command's text is left for sh to read; its words, as a list, are not" {
	[ "$(substitute '{"publish":{"command":"curl ${A} $B ${N:-x} $${C}"}}')" = '{"publish":{"command":"curl ${A} $B ${N:-x} ${C}"}}' ]
	[ "$(substitute '{"publish":"echo ${A}","transform":{"okta":{"command":"x ${NEW}"}}}')" = '{"publish":"echo ${A}","transform":{"okta":{"command":"x ${NEW}"}}}' ]
	[ "$(substitute '{"publish":{"command":["echo","${A}"]}}' | jq -r '.publish.command[1]["\u0000"].text')" = one ]
}

@test "what is wrong is said, and stays where it is" {
	[ "$(mark_of '{"k":"${N}"}' | jq -r .missing)" = 'the environment has no variable N' ]
	[ "$(mark_of '{"k":"${N} ${N}"}' | jq -r .missing)" = 'the environment has no variable N' ]
	[ "$(mark_of '{"k":"${a.b}"}' | jq -r .missing)" = "'a.b' is no name of a variable" ]
	[ "$(mark_of '{"k":{"$env":"A","$file":"f"}}' | jq -r .problem)" = '$env stands beside other keys' ]
	[ "$(mark_of '{"k":{"$file":5}}' | jq -r .problem)" = '$file: expected text, found number' ]
	[ "$(mark_of '{"k":{"$file":"none"}}' | jq -r .problem)" = '/x/none cannot be read' ]
	[ "$(mark_of '{"k":{"$include":"bad.yaml"}}' | jq -r .problem)" = '/x/bad.yaml: is wrong' ]
	[ "$(mark_of '{"k":{"$include":"x.toml"}}' | jq -r .problem)" = '$include x.toml: expected a .yaml or .json file' ]
	[ "$(mark_of '{"k":{"$include":"loop.yaml#none"}}' | jq -r .missing)" = 'loop.yaml has no none' ]
}

@test "files that include each other are no endless loop" {
	substitute '{"k":{"$include":"loop.yaml"}}' | grep -q 'files that include each other'
}
