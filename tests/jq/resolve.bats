#!/usr/bin/env bats
# pipeline/resolve.jq: which part of a file is the providers', and where it was found. pipeline/duplicates.jq: keys that
# come twice in JSON.

PIPELINE=$BATS_TEST_DIRNAME/../../pipeline

# resolve FACT...: the answer to these facts, as JSON
resolve() {
	printf '%s\n' "$@" | jq -s -c -L "$PIPELINE" 'include "resolve"; resolve'
}

found() {
	resolve "$@" | jq -c 'del(.variables)'
}

file() {
	printf '{"config": "%s", "dir": "/x", "value": %s}' "$1" "$2"
}

@test "the providers' part of a file in every form, and its path" {
	p='{"oktaUrl":"u"}'
	[ "$(found "$(file a "{\"app\":1,\"catalog\":{\"locations\":[],\"providers\":{\"github\":1,\"okta\":$p}}}")")" = "{\"needs\":[],\"prefix\":\"catalog.providers.okta\",\"okta\":$p}" ]
	[ "$(found "$(file a "{\"providers\":{\"okta\":$p}}")")" = "{\"needs\":[],\"prefix\":\"providers.okta\",\"okta\":$p}" ]
	[ "$(found "$(file a "{\"okta\":{\"x\":$p}}")")" = "{\"needs\":[],\"prefix\":\"okta\",\"okta\":{\"x\":$p}}" ]
	[ "$(found "$(file a "{\"x\":$p}")")" = "{\"needs\":[],\"prefix\":\"\",\"okta\":{\"x\":$p}}" ]
	[ "$(found "$(file a "$p")")" = "{\"needs\":[],\"prefix\":\"\",\"okta\":$p}" ]
	[ "$(found "$(file a "[$p]")")" = "{\"needs\":[],\"prefix\":\"\",\"okta\":[$p]}" ]
}

@test "an app-config without the part has none, whatever else it has" {
	for value in '{"backend":{"cache":{"store":"memory"},"database":{"client":"x"}}}' '{"catalog":{"locations":[]}}' '{"catalog":null}' '{}' 'null' '"text"' '5'; do
		[ "$(resolve "$(file a "$value")" | jq -c .okta)" = null ] || { echo "$value"; return 1; }
	done
	# One such among others changes nothing.
	[ "$(resolve "$(file a '{"okta":{"k":1}}')" "$(file b '{"app":{"title":"x"}}')" | jq -c '[.okta, .prefix]')" = '[{"k":1},"okta"]' ]
}

@test "files of unlike forms are merged all the same; the path is then the whole one" {
	[ "$(resolve "$(file a '{"catalog":{"providers":{"okta":{"d":{"oktaUrl":"u","k":1}}}}}')" "$(file b '{"d":{"oktaUrl":"v"}}')" | jq -c '[.prefix, .okta]')" = '["catalog.providers.okta",{"d":{"oktaUrl":"v","k":1}}]' ]
}

@test "what stands beside the way to it is not asked for" {
	answer=$(resolve "$(file a '{"app":"${APP}","catalog":{"x":{"$file":"x"},"providers":{"github":{"$env":"GITHUB"},"okta":{"k":"${KEY}"}}}}')")
	[ "$(jq -c .needs <<< "$answer")" = '[{"variable":"KEY"}]' ]
	answer=$(resolve "$(file a '{"app":"${APP}","catalog":{"$include":"c.yaml"}}')")
	[ "$(jq -c .needs <<< "$answer")" = '[{"include":"/x/c.yaml"}]' ]
}

@test "a text that a later file replaces is not asked for; an include is, for it may be merged" {
	answer=$(resolve "$(file a '{"okta":{"k":"${OLD}","l":{"$include":"l.yaml"}}}')" "$(file b '{"okta":{"k":"new","l":{"m":1}}}')")
	[ "$(jq -c .needs <<< "$answer")" = '[{"include":"/x/l.yaml"}]' ]
	answer=$(resolve "$(file a '{"okta":{"k":"${OLD}","l":{"$include":"l.yaml"}}}')" "$(file b '{"okta":{"k":"new","l":{"m":1}}}')" '{"include":"/x/l.yaml","value":{"m":0,"n":"${N}"}}' '{"variable":"N","text":"n"}')
	[ "$(jq -c .needs <<< "$answer")" = '[]' ]
	[ "$(jq -c '.okta | [.k, .l.m, (.l.n | .["\u0000"].text)]' <<< "$answer")" = '["new",1,"n"]' ]
	# An override that is not set leaves the earlier text, which is then asked for.
	answer=$(resolve "$(file a '{"okta":{"k":"${OLD}"}}')" "$(file b '{"okta":{"k":"${NEW}"}}')" '{"variable":"NEW","text":null}')
	[ "$(jq -c .needs <<< "$answer")" = '[{"variable":"OLD"}]' ]
}

@test "every variable that holds a secret, in use or not, however it is written" {
	secrets() { resolve "$@" | jq -c '.variables'; }
	[ "$(secrets "$(file a '{"okta":{"privateKey":"${A}","token":{"$env":"B"},"clientId":"${C}"}}')")" = '["A","B"]' ]
	[ "$(secrets "$(file a '{"okta":{"x":{"oauth":{"privateKey":"${ A :-${B}}"}},"y":[{"token":"a${C:-}b$${D}"}]}}')")" = '["A","B","C"]' ]
	[ "$(secrets "$(file a '{"okta":{"privateKey":{"kty":"EC","d":"${D}"}}}')")" = '["D"]' ]
	# Known, not set, or replaced by a later file; a list of providers; what an include brings.
	[ "$(secrets "$(file a '{"okta":{"privateKey":"${A}"}}')" '{"variable":"A","text":"x"}')" = '["A"]' ]
	[ "$(secrets "$(file a '{"okta":{"privateKey":"${A}"}}')" "$(file b '{"okta":{"privateKey":{"$env":"B"}}}')" "$(file c '{"okta":{"privateKey":"c"}}')" '{"variable":"B","text":null}')" = '["A","B"]' ]
	[ "$(secrets "$(file a '[{"oktaUrl":"u","privateKey":{"$include":"s.yaml#k"}}]')" "$(file b '[{"oktaUrl":"u","privateKey":"b"}]')" '{"include":"/x/s.yaml","value":{"k":"${A}"}}')" = '["A"]' ]
	# The folder of a key is no secret.
	[ "$(secrets "$(file a '{"okta":{"privateKey":{"$file":"${DIR}/key.pem"}}}')")" = '[]' ]
}

@test "keys that come twice in JSON are found at every depth, and only those" {
	twice() { printf '%s' "$1" | jq -n -r --stream -L "$PIPELINE" -f "$PIPELINE/duplicates.jq" | xargs; }
	[ "$(twice '{"a":1,"b":2,"a":3}')" = a ]
	[ "$(twice '{"a":{"x":1},"a":{"y":2}}')" = a ]
	[ "$(twice '{"a":{"x":[{"q":1},{"q":2,"q":3}]},"b":{"x":1}}')" = 'a.x[1].q' ]
	[ "$(twice '{"a":{},"b":[],"a":[]}')" = a ]
	for good in '{}' '[]' '5' '[[1],[1],[{}],[{}]]' '{"a":[{"k":{"z":1}},{"k":{"z":1}}],"k":{"z":1},"z":null}'; do
		[ -z "$(twice "$good")" ] || { echo "$good"; return 1; }
	done
}
