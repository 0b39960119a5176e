#!/usr/bin/env bats
# pipeline/providers.jq with keys.jq, secret.jq, nearest.jq: what a resolved configuration makes of providers, and what is
# said of a wrong one.

GOOD='oktaUrl: "https://acme.okta.com", clientId: "0oa1", keyId: "k", privateKey: "p", schedule: {frequency: {minutes: 30}, timeout: "30m"}'

# providers 'JQ EXPRESSION of the tree' 'JQ PROGRAM on the answer'; good stands for a provider that is right.
providers() {
	jq -n -c "def good: {$GOOD}; def mark: {\"\\u0000\": .}; {needs: [], prefix: \"catalog.providers.okta\", okta: ($1)}" |
		jq -c -L "$BATS_TEST_DIRNAME/../../pipeline" --arg scope "${SCOPE:-all}" 'include "providers";
			providers($scope) | .warnings = [.providers[].warnings[]] | .hints = [.providers[].hints[]]' | jq -c -r "$2"
}

# The problems of one provider, called default, with $1 over what is right.
problems() {
	providers "{default: (good * ($1))}" '.problems[], .warnings[]'
}

# says EXPRESSION TEXT: exactly this one problem or warning, below catalog.providers.okta.default
tells() {
	[ "$(problems "$1")" = "catalog.providers.okta.default$2" ] || { problems "$1"; return 1; }
}

@test "one provider, several by id, a list" {
	[ "$(providers good '[.problems, .providers[0].id, .providers[0].path]')" = '[[],"default","catalog.providers.okta"]' ]
	[ "$(providers '{a: good, b: good}' '[.problems, .providers[].id]')" = '[[],"a","b"]' ]
	[ "$(providers '{a: (good + {id: "c"})}' '[.problems, .providers[].id]')" = '[[],"c"]' ]
	[ "$(providers '[good, good + {id: "x"}]' '[.problems, .providers[].id, .providers[1].path]')" = '[[],"default","x","catalog.providers.okta[1]"]' ]
	providers '[good, good]' '.problems[]' | grep -qF 'catalog.providers.okta[1]: has the id default, as catalog.providers.okta[0] has'
	providers '{a: good, b: "text"}' '.problems[]' | grep -qF 'catalog.providers.okta.b: expected a provider'
	providers '{a: good, b: ({problem: "x.yaml cannot be read"} | mark)}' '.problems[]' | grep -qxF 'catalog.providers.okta.b: x.yaml cannot be read'
	providers '{}' '.problems[]' | grep -qF 'catalog.providers.okta: missing'
	providers '5' '.problems[]' | grep -qF 'catalog.providers.okta: expected a provider'
	providers '{"a b": good}' '.problems[]' | grep -qF 'is no id'
}

@test "two providers with one ledger, however its path is spelled, are a problem of both keys" {
	at=catalog.providers.okta
	for path in /l/x /l/./x //l/k/../x; do
		[ "$(providers "{a: (good + {names: \"/l/x\"}), b: (good + {names: \"$path\"}), c: (good + {names: \"/l/X\"}), d: (good + {names: false}), e: (good + {names: false}), f: good, g: good}" '.problems[]')" = \
			"$at.b.names: /l/x is the ledger of $at.a.names; give each provider its own" ]
	done
	[ "$(providers '[good + {id: "a", names: "/x"}, good + {id: "b", names: "/x"}, good + {id: "c", names: "/x"}]' '.problems[]')" = \
		"$at[1].names: /x is the ledger of $at[0].names; give each provider its own
$at[2].names: /x is the ledger of $at[0].names; give each provider its own" ]
	# --status needs to know the schedules alone.
	[ "$(SCOPE=schedule providers '{a: (good + {names: "/x"}), b: (good + {names: "/x"})}' .problems)" = '[]' ]
}

@test "the stages' arguments" {
	[ "$(providers good '.providers[0].fetch | join(" ")')" = '--org-url https://acme.okta.com --id default --client-id 0oa1 --key-id k' ]
	[ "$(providers 'good + {groups: ["a b", "c"], users: "members", builtIn: true, strict: false, maxRemovals: "20%", requestTimeout: {minutes: 2}}' \
		'.providers[0] | [(.fetch[8:]), .map, .emit]')" = '[["--group","a b","--group","c","--users","members","--built-in","--timeout","120s"],[],["--max-removals","20%"]]' ]
	[ "$(providers 'good + {annotateUser: {department: "acme.com/dept"}, annotateGroup: ["x=y", "z"], hierarchy: {key: "profile.a", parentKey: "profile.b"}, excludeStatus: ["SUSPENDED", "STAGED"]}' '.providers[0].map')" = \
		'["--annotate-user","department=acme.com/dept","--annotate-group","x=y","--annotate-group","z","--hierarchy","profile.a:profile.b","--exclude-status","SUSPENDED,STAGED"]' ]
	# Variables give text: numbers and truth values are read from it as Backstage reads them.
	[ "$(providers 'good + {concurrency: "4", builtIn: "yes", strict: "off", maxRemovals: 5}' '.providers[0] | [.fetch[8:], .emit]')" = '[["--concurrency","4","--built-in"],["--max-removals","5"]]' ]
	[ "$(providers 'good + {groupType: {APP_GROUP: "application"}, groupPrefix: "team-", excludeType: ["APP_GROUP"]}' '.providers[0].map')" = '["--group-type","APP_GROUP=application","--group-prefix","team-","--exclude-type","APP_GROUP"]' ]
	[ "$(providers 'good + {names: false, cache: "/c"}' '.providers[0] | [.names, .cache]')" = '[false,"/c"]' ]
	[ "$(providers good '.providers[0] | [.names, .cache, .publish, .transformOkta, .format]')" = '[null,null,null,null,"yaml"]' ]
}

@test "the schedule's fields are the provider's" {
	[ "$(providers 'good + {schedule: {frequency: "PT1H", timeout: {seconds: 90}, initialDelay: "5s"}}' '.providers[0] | [.frequency, .timeout, .initialDelay]')" = '[3600000,90000,5000]' ]
}

@test "transforms and publish: a jq program or a command" {
	[ "$(providers 'good + {transform: {okta: ".", entities: {command: ["sed", "s/a/b/"]}}, publish: {command: "git push"}}' '.providers[0] | [.transformOkta, .transformEntities, .publish]')" = \
		'[{"jq":"."},{"command":["sed","s/a/b/"]},{"command":"git push"}]' ]
	[ "$(providers 'good + {publish: "git push"}' '.providers[0].publish')" = '{"command":"git push"}' ]
	[ "$(providers 'good + {transform: {okta: ({text: ".", file: "/x.jq"} | mark)}}' '.providers[0].transformOkta')" = '{"jq":"."}' ]
	tells '{transform: "x"}' '.transform: expected okta and entities, found string'
	tells '{transform: {okta: 5}}' '.transform.okta: expected a jq program or { command: ... }, the command as one text or a list of texts'
	tells '{publish: {comand: "x"}}' '.publish: expected { command: ... }, the command as one text or a list of texts
catalog.providers.okta.default.publish.comand: nobody reads this key; did you mean `command`?'
	tells '{transform: {oktas: "."}}' '.transform.oktas: nobody reads this key; did you mean `okta`?'
}

@test "each wrong value says what it is, with its path" {
	tells '{clientId: 5}' '.clientId: expected text, found 5; put it in quotes'
	tells '{keyId: {a: 1}}' '.keyId: expected text, found {"a":1}'
	tells '{clientId: null}' '.clientId: missing'
	tells '{privateKey: null}' '.privateKey: missing; expected the key itself, ${NAME}, { $env: NAME } or { $file: PATH }'
	tells '{privateKey: 5}' '.privateKey: expected the key itself, ${NAME}, { $env: NAME } or { $file: PATH }, found number'
	tells '{privateKey: " "}' '.privateKey: is empty'
	tells '{groups: [1]}' '.groups: expected a list of texts, found 1 in it'
	tells '{groups: 5}' '.groups: expected text, found 5; put it in quotes'
	tells '{concurrency: "many"}' '.concurrency: expected a number, found "many"'
	tells '{concurrency: 0}' '.concurrency: expected 1 to 64, found 0'
	tells '{concurrency: 1.5}' '.concurrency: expected a whole number, found 1.5'
	tells '{builtIn: "maybe"}' '.builtIn: expected true or false, found "maybe"'
	tells '{users: "everybody"}' '.users: expected all, members or none, found "everybody"'
	tells '{groupName: "profile."}' '.groupName: expected kebab-case-name, id, profile-name or profile.ATTRIBUTE, found "profile."'
	[ -z "$(problems '{groupName: "profile.x"}')" ]
	tells '{maxRemovals: "ten"}' '.maxRemovals: expected a number or a share such as 10%, found "ten"'
	tells '{requestTimeout: "soon"}' ".requestTimeout: is no duration; expected a number and a unit, such as 30m or '2 hours', or { minutes: 30 }"
	tells '{maxRemovals: 99999999999}' '.maxRemovals: expected a number or a share such as 10%, found "99999999999"'
	tells '{requestTimeout: "P2D"}' '.requestTimeout: expected at most 24 hours'
	tells '{cacheMaxAge: {years: 1e999}}' '.cacheMaxAge: is longer than a hundred years'
	tells '{schedule: {frequency: {seconds: 1e999}}}' '.schedule.frequency: is longer than a hundred years'
	tells '{schedule: {timeout: "P99999999999Y"}}' '.schedule.timeout: is longer than a hundred years'
	tells '{split: "many"}' '.split: expected a number, found "many"'
	tells '{cache: 5}' '.cache: expected a path, or false for none, found 5'
	tells '{id: "a/b"}' '.id: "a/b" is no id: expected letters, digits, - and _, at most 63'
	tells '{oauth: "x"}' '.oauth: expected clientId, keyId and privateKey, found string'
}

@test "keys that are wrong together" {
	tells '{names: false, nameHold: "90d"}' '.nameHold: needs the ledger of names, which names: false switches off'
	tells '{cache: false, cacheMaxAge: "1d"}' '.cacheMaxAge: needs the cache, which cache: false switches off'
	tells '{users: "members", userSearch: "x"}' '.userSearch: goes with users: all; found users: members'
	tells '{split: 3, format: "ndjson"}' '.split: goes with the formats that Backstage reads as files, yaml and yaml-flow; found format: ndjson'
	[ -z "$(problems '{users: "all", userSearch: "x", cacheMaxAge: "1d", nameHold: {days: 90}}')" ]
}

@test "addresses that are not the org's" {
	tells '{oktaUrl: "https://acme-admin.okta.com"}' '.oktaUrl: is the admin console'\''s address; leave out "-admin": https://acme.okta.com'
	tells '{oktaUrl: "https://acme-admin.okta.com/admin/dashboard"}' '.oktaUrl: is the admin console'\''s address; leave out "-admin": https://acme.okta.com'
	tells '{oktaUrl: "https://acme.okta.com/"}' '.oktaUrl: ends in a slash; write https://acme.okta.com'
	tells '{oktaUrl: "acme.okta.com"}' '.oktaUrl: https:// is missing; expected https://acme.okta.com'
	tells '{oktaUrl: "https://acme.okta.com/oauth2/default"}' '.oktaUrl: expected the org'\''s address alone, such as https://acme.okta.com, found "https://acme.okta.com/oauth2/default"'
	tells '{oktaUrl: "http://acme.okta.com"}' '.oktaUrl: expected the org'\''s address alone, such as https://acme.okta.com, found "http://acme.okta.com"'
	tells '{oktaUrl: null}' '.oktaUrl: missing; expected the org'\''s address, such as https://acme.okta.com'
}

@test "a key that was pasted wrong" {
	pem='-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n'
	[ -z "$(problems "{privateKey: \"$pem\"}")" ]
	problems "{privateKey: \"${pem//\\n/\\\\n}\"}" | grep -qF 'default.privateKey: has \n in place of its line breaks; in YAML write it after `privateKey: |`'
	problems "{privateKey: \"${pem//\\n/ }\"}" | grep -qF 'default.privateKey: has no line breaks'
	problems "{privateKey: \"${pem//\\n/}\"}" | grep -qF 'default.privateKey: has no line breaks'
	problems "{privateKey: ({text: \"${pem//\\n/ }\", variable: \"K\", variables: [\"K\"]} | mark)}" | grep -qF 'default.privateKey: has no line breaks'
	problems '{privateKey: "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n"}' | grep -qF 'is cut off'
	problems '{privateKey: "-----BEGIN PUBLIC KEY-----\nMIIEvQ\n-----END PUBLIC KEY-----\n"}' | grep -qF 'is a public key'
	problems '{privateKey: "{\"kty\": \"RSA\","}' | grep -qF 'is no JSON'
	# What is wrong with it is said, the key is not.
	[ -z "$(problems "{privateKey: \"${pem//\\n/ }\"}" | grep MIIEvQ)" ]
}

@test "where the secret is" {
	[ "$(providers 'good' '.providers[0].secret')" = '{"text":"p","option":"--key-file","path":["catalog","providers","okta","privateKey"]}' ]
	[ "$(providers 'good + {privateKey: ({file: "/k.pem"} | mark)}' '.providers[0].secret.file')" = /k.pem ]
	[ "$(providers 'good + {privateKey: ({text: "x", variable: "K", variables: ["K"]} | mark)}' '.providers[0].secret.variable')" = K ]
	[ "$(providers 'good + {privateKey: ({text: "xy", variables: ["K", "L"]} | mark)}' '.providers[0].secret.text')" = xy ]
	[ "$(providers 'good + {privateKey: {kty: "EC", d: "x"}}' '.providers[0].secret.text')" = '{"kty":"EC","d":"x"}' ]
	[ "$(providers 'good + {privateKey: {kty: "EC", d: ({text: "x", variable: "D"} | mark)}}' '.providers[0].secret.text')" = '{"kty":"EC","d":"x"}' ]
	[ "$(providers 'good + {token: "t", privateKey: null, clientId: null}' '.problems, .providers[0].secret.option')" = '[]
--token-file' ]
}

@test "RoadieHQ's keys are translated, with a hint; empty groups are left out as there" {
	roadie='{orgUrl: "https://acme.okta.com", oauth: {clientId: "0oa1", keyId: "k", privateKey: "p"}, userFilter: "u", groupFilter: "g", schedule: good.schedule}'
	[ "$(providers "[$roadie]" '.problems, .warnings')" = '[]
[]' ]
	[ "$(providers "[$roadie]" '.providers[0].fetch | join(" ")')" = '--org-url https://acme.okta.com --id default --client-id 0oa1 --key-id k --user-search u --group-search g' ] || providers "[$roadie]" '.providers[0].fetch | join(" ")'
	[ "$(providers "[$roadie]" '.providers[0].map')" = '["--drop-empty-groups"]' ]
	[ "$(providers "[$roadie + {dropEmptyGroups: false}]" '.providers[0].map')" = '[]' ]
	providers "[$roadie]" '.hints[]' | grep -qF "catalog.providers.okta[0]: RoadieHQ's form (orgUrl is read as oktaUrl, userFilter is read as userSearch, groupFilter is read as groupSearch)"
	providers "[$roadie + {orgUrl: 5, oauth: {clientID: 1, privateKey: \"p\"}}]" '.problems[], .warnings[]' > "$BATS_TEST_TMPDIR/said"
	grep -qF 'catalog.providers.okta[0].orgUrl: expected' "$BATS_TEST_TMPDIR/said"
	grep -qF 'catalog.providers.okta[0].oauth.clientId: missing' "$BATS_TEST_TMPDIR/said"
	grep -qF 'catalog.providers.okta[0].oauth.clientID: nobody reads this key; did you mean `clientId`?' "$BATS_TEST_TMPDIR/said"
	providers "[$roadie + {oktaUrl: \"https://acme.okta.com\"}]" '.problems[]' | grep -qF 'orgUrl: stands beside oktaUrl'
	# An SSWS token; OAuth wins, as there.
	[ "$(providers "[$roadie + {token: \"t\"}]" '.providers[0].secret.option')" = --key-file ]
	[ "$(providers '[{orgUrl: "https://acme.okta.com", token: "t", schedule: good.schedule}]' '.providers[0].secret.option')" = --token-file ]
}

@test "a key that nobody reads: the nearest name, at every level" {
	tells '{gruops: []}' '.gruops: nobody reads this key; did you mean `groups`?'
	tells '{colour: 1}' '.colour: nobody reads this key'
	problems '{schedule: {frequncy: "1m"}}' | grep -qxF 'catalog.providers.okta.default.schedule.frequncy: nobody reads this key; did you mean `frequency`?'
	# A longer word than the distance alone would do.
	tells '{x: 1}' '.x: nobody reads this key'
}

@test "a value that a variable should have given is missing once, not twice" {
	[ "$(problems '{oktaUrl: ({missing: "the environment has no variable U"} | mark)}')" = 'catalog.providers.okta.default.oktaUrl: the environment has no variable U' ]
	[ "$(problems '{schedule: {frequency: ({missing: "the environment has no variable F"} | mark)}}')" = 'catalog.providers.okta.default.schedule.frequency: the environment has no variable F' ]
	[ "$(problems '{privateKey: ({missing: "the environment has no variable K"} | mark)}')" = 'catalog.providers.okta.default.privateKey: the environment has no variable K' ]
}

@test "for --status nothing matters but ids and schedules" {
	[ -z "$(SCOPE=schedule problems '{oktaUrl: 5, gruops: 1, token: {}, privateKey: ({missing: "the environment has no variable K"} | mark)}' | grep -v gruops)" ]
	[ "$(SCOPE=schedule providers '{default: (good * {clientId: 5, schedule: {timeout: "soon"}}), "a b": good}' '.problems | length')" -eq 2 ]
}

@test "all problems at once" {
	[ "$(providers '{a: {oktaUrl: 1, privateKey: 2, schedule: 3}, b: {oktaUrl: "x y"}}' '.problems | length')" -ge 8 ]
}
