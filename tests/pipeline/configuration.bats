#!/usr/bin/env bats
# How pipeline.sh reads configurations, and --check and --print-config. The stages are the real ones; the org, where one is
# asked, is the simulated one.

load ../filter/org

setup() {
	cd "$BATS_TEST_TMPDIR"
	export XDG_STATE_HOME=$PWD/xdg
	unset OKTA_CLIENT_ORGURL OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_TOKEN
}

teardown() {
	org_stop
}

pipeline() {
	"${SHELL_UNDER_TEST:-dash}" "$ROOT/pipeline.sh" "$@"
}

# provider_yaml [LINE...]: a provider that is right, but for lines more (indented by the caller)
config() {
	cat <<-YAML
		catalog:
		  providers:
		    okta:
		      default:
		        oktaUrl: https://acme.okta.com
		        clientId: 0oa1
		        privateKey: "a key"
		        keyId: k
		        schedule: { frequency: { minutes: 30 }, timeout: { minutes: 30 } }
	YAML
	for line; do printf '        %s\n' "$line"; done
}

# What --print-config says with these configurations.
shows() {
	args=()
	for file; do args+=(--config "$file"); done
	ends_with 0 pipeline "${args[@]}" --print-config
}

@test "a whole app-config, its catalog alone, the provider's part alone; YAML and JSON" {
	{ echo 'app: { title: "${NOT_SET}" }'; config; } > whole.yaml
	config | sed -n '2,$s/^  //p' > providers.yaml
	config | sed -n '3,$s/^    //p' > okta.yaml
	config | sed -n '4,$s/^      //p' > map.yaml
	config | sed -n '5,$s/^        //p' > one.yaml
	{ echo '-'; sed 's/^/  /' one.yaml; } > list.yaml
	for name in whole providers okta map one list; do
		shows $name.yaml
		grep -q '^# default: https://acme.okta.com, every 30 minutes' out || { echo $name; cat out; return 1; }
		[ ! -s err ]
	done
	for name in whole list; do
		"$BIN/yaml2json" $name.yaml > $name.json
		shows $name.yaml
		cp out out.yaml
		shows $name.json
		[ "$(grep -v privateKey out)" = "$(grep -v privateKey out.yaml)" ]
	done
}

@test "several files: merged as Backstage merges them, each with its own folder and form" {
	config 'groups: [a, b]' 'caFile: ca.pem' > base.yaml
	mkdir local
	{
		echo 'catalog: { providers: { okta: { default: { groups: [c], clientId: "${CLIENT}", keyId: null, schedule: { frequency: 1h },'
		echo '  privateKey: { $file: key.pem } } } } }'
	} > local/prod.yaml
	: > local/key.pem
	echo '{"backend": {}}' > local/other.json
	CLIENT=0oa2 shows base.yaml local/prod.yaml local/other.json
	grep -q -e '--client-id 0oa2 --group c ' out || { cat out; return 1; }
	[ -z "$(grep -e '--key-id' out)" ]
	grep -q -e "--ca-file $PWD/ca.pem" out
	grep -q -e "--key-file $PWD/local/key.pem" out
	grep -q 'every 1 hour, for at most 30 minutes' out
}

@test "includes, environment and files, to any depth" {
	mkdir -p parts/secret
	echo 'catalog: { providers: { $include: "parts/okta.yaml#providers" } }' > config.yaml
	cat > parts/okta.yaml <<-'YAML'
		providers:
		  okta:
		    default:
		      oktaUrl: https://${ORG:-acme}.okta.com
		      clientId: { $env: CLIENT }
		      keyId: { $file: kid }
		      privateKey: { $file: secret/key.pem }
		      groups: { $include: groups.json }
		      transform: { okta: { $file: t.jq } }
		      schedule: { $include: "times.yml#all.of.it" }
	YAML
	echo kid1 > parts/kid; : > parts/secret/key.pem
	echo '["Platform \ud83d\ude00", "${TEAM}"]' > parts/groups.json
	echo 'select(.kind != "x")' > parts/t.jq
	echo 'all: { of: { it: { frequency: 30m, timeout: PT30M } } }' > parts/times.yml
	CLIENT=0oa1 TEAM='a team' shows config.yaml
	grep -q -e "--org-url https://acme.okta.com --id default --client-id 0oa1 --key-id kid1 --group 'Platform 😀' --group 'a team'" out || { cat out err; return 1; }
	grep -q -e "--key-file $PWD/parts/secret/key.pem" out
	grep -qF 'try ( select(.kind != "x") ) catch' out
	ends_with 78 pipeline --config config.yaml --print-config
	says 'default.clientId: the environment has no variable CLIENT'
	says 'default.groups[1]: the environment has no variable TEAM'
	rm parts/times.yml parts/secret/key.pem
	CLIENT=x TEAM=x ends_with 78 pipeline --config config.yaml --print-config
	says "default.schedule: $PWD/parts/times.yml: cannot be read"
	says "default.privateKey: $PWD/parts/secret/key.pem cannot be read"
}

@test "a variable is the environment's, not one that the shell has for itself" {
	config 'groups: ["${mode}"]' > config.yaml
	ends_with 78 pipeline --config config.yaml --print-config
	says 'the environment has no variable mode'
}

@test "all that is wrong is said at once, with its path: 78" {
	cat > config.yaml <<-'YAML'
		catalog:
		  providers:
		    okta:
		      a:
		        oktaUrl: https://acme-admin.okta.com
		        clientId: 5
		        privateKey: "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----"
		        users: everyone
		        schedule: { frequncy: { minutes: 30 }, timeout: { minutes: 30 } }
		      b:
		        oktaUrl: https://acme.okta.com/
		        clientId: x
		        privateKey: "-----BEGIN PRIVATE KEY----- MIIE -----END PRIVATE KEY-----"
		        schedule: { frequency: 30, timeout: { minute: 30 } }
	YAML
	ends_with 78 pipeline --config config.yaml --once
	p=catalog.providers.okta
	for text in "$p.a.oktaUrl: is the admin console" "$p.a.clientId: expected text, found 5" "$p.a.privateKey: has \\n in place" "$p.a.users: expected all" \
		"$p.a.schedule.frequency: missing" "$p.a.schedule.frequncy: nobody reads this key; did you mean \`frequency\`?" \
		"$p.b.oktaUrl: ends in a slash" "$p.b.privateKey: has no line breaks" "$p.b.schedule.frequency: " "$p.b.schedule.timeout: "; do
		says "$text"
	done
	[ -z "$(grep MIIE err)" ]
	[ ! -e catalog ]
}

@test "files that are none: each is named" {
	echo 'a: [' > broken.yaml
	echo '{"a":' > broken.json
	ends_with 78 pipeline --config broken.yaml --config broken.json --config nowhere.yaml --check
	says 'broken.yaml: line 2'
	says 'broken.json: parse error: Unfinished JSON term at EOF at line 2'
	says 'nowhere.yaml: cannot be read'
	echo '{"app": {"a": 1, "a": 2}}' > twice.json
	ends_with 78 pipeline --config twice.json --check
	says 'twice.json: comes twice: app.a; line 1, '
	printf '{"app": {\n\t"a": 1,\n\t"a": 2}}' > twice.json
	ends_with 78 pipeline --config twice.json --check
	says 'twice.json: comes twice: app.a; line 3, column 2: the key "a" comes again: it stands in line 2 already'
	echo 'app: {}' > config.yaml
	ends_with 78 pipeline --config config.yaml --check
	says 'catalog.providers.okta: missing'
	: > config.yaml
	ends_with 78 pipeline --config config.yaml --check
	says 'catalog.providers.okta: missing'
	config > config.yaml
	ends_with 78 pipeline --config config.yaml --provider nobody --check
	says 'no provider nobody in the configuration'
}

@test "--check asks the org, with the secret through a pipe" {
	org_start --users 20 --groups 4
	ends_with 0 pipeline --config "$ORG/app-config.yaml" --check
	grep -q "^default: https://localhost" out
	grep -q '^ok' out
	says 'the configuration is good'
	[ ! -e catalog ]
	sed 's/clientId: .*/clientId: 0oaNobody/' "$ORG/app-config.yaml" > "$ORG/other.yaml"
	ends_with 77 pipeline --config "$ORG/other.yaml" --check
	# What is no error of a run is one here; the org is asked all the same.
	sed 's/^\( *\)keyId:/\1gruops: []\n&/' "$ORG/app-config.yaml" > "$ORG/other.yaml"
	ends_with 78 pipeline --config "$ORG/other.yaml" --check
	says 'did you mean `groups`?'
	grep -q '^ok' out
}

# The commands that --print-config printed, run as they stand in a folder of their own.
paste() {
	mkdir -p pasted
	grep -v '^#' out > pasted/commands
	[ "$(wc -l < pasted/commands)" -eq "${1:-3}" ]
	(cd pasted && sh -e ./commands 2> said) || { cat pasted/said; return 1; }
}

@test "--print-config: its three commands, pasted, give the catalog that a run gives" {
	org_start --users 40 --groups 6
	key=$(cat "$ORG/key.pem")
	ends_with 0 pipeline --config "$ORG/app-config.yaml" --once
	# The key in a file. A trial of another naming rule gives nobody a name for good.
	cp xdg/okta-catalog/default/names.ndjson ledger
	"$BIN/yaml2json" "$ORG/app-config.yaml" | jq '.catalog.providers.okta.default.userName = "id"' > "$ORG/trial.json"
	shows "$ORG/trial.json"
	paste
	grep -q 'okta-map .*--names-readonly' pasted/commands
	cmp xdg/okta-catalog/default/names.ndjson ledger
	shows "$ORG/app-config.yaml"
	paste
	cmp pasted/default.new.yaml catalog/default.yaml
	# In a variable, and in the configuration itself, each with transforms between the stages.
	export THE_KEY="$key"
	"$BIN/yaml2json" "$ORG/app-config.yaml" | jq '.catalog.providers.okta.default |= (.privateKey = "${THE_KEY}" | .transform = {
		okta: "select(.kind != \"OktaUser\" or .user.profile.login >= \"b\")", entities: {command: ["sed", "s/a title/it'"'"'s/"]}})' > "$ORG/variable.json"
	jq --arg key "$key" '.catalog.providers.okta.default.privateKey = $key' "$ORG/variable.json" > "$ORG/inline.json"
	for form in variable inline; do
		shows "$ORG/$form.json"
		[ -z "$(grep -e 'PRIVATE KEY-----' out)" ]
		rm -r pasted
		paste
		jq -e . pasted/entities.ndjson > /dev/null
		grep -q '^kind: User' pasted/default.new.yaml
	done
	unset THE_KEY
}

@test "--print-config: its commands read a renamed group by its id and refuse another org, as a run does" {
	org_start --users 20 --groups 4
	jq -n --argjson c "$("$BIN/yaml2json" "$ORG/app-config.yaml")" '$c | .catalog.providers.okta.default += {groups: ["Platform"], names: "it'"'"'s/names"}' > "$ORG/c.json"
	mkdir "$ORG/it's"
	# Before the first run no group is known.
	shows "$ORG/c.json"
	paste 4
	[ -z "$(cat pasted/known-groups || echo missing)" ]
	ends_with 0 pipeline --config "$ORG/c.json" --once
	id=$(jq -r 'select(.kind == "Group").id' "$ORG/it's/names")
	org_tell rename-group "{\"id\":\"$id\",\"name\":\"Platform & Tools\"}"
	shows "$ORG/c.json"
	paste 4
	[ "$(cat pasted/known-groups)" = "$id Platform" ]
	grep -q 'Platform & Tools' pasted/said
	[ "$(jq -r 'select(.kind == "OktaGroup").group.id' pasted/org.ndjson)" = "$id" ]
	status=xdg/okta-catalog/default/status.json
	org=$(jq -r .org.id $status)
	grep -q "okta-map .*--expect-org $org " pasted/commands
	jq '.org.id = "00oother"' $status > s
	cp s $status
	shows "$ORG/c.json"
	no paste 4
	grep -q 'okta-fetch: .*, not 00oother (--expect-org): nothing is written' pasted/said
	# Without a ledger no group is known.
	jq '.catalog.providers.okta.default.names = false' "$ORG/c.json" > "$ORG/none.json"
	shows "$ORG/none.json"
	no grep -q known-groups out
}

@test "what --print-config shows: schedule, files, what is done with them; no secret" {
	config 'transform: { entities: { command: "grep -v x" } }' 'publish: { command: "curl -d @${OKTA_CATALOG_FILE} -H Authorization:${API_TOKEN} https://x" }' 'format: ndjson' 'cache: false' > config.yaml
	API_TOKEN='a token' shows config.yaml
	grep -qxF "# published as $PWD/catalog/default.ndjson; locks and status in $PWD/xdg/okta-catalog/default" out
	grep -qxF '# publish: command curl -d @${OKTA_CATALOG_FILE} -H Authorization:${API_TOKEN} https://x' out
	grep -qF "sh -c 'grep -v x' < entities.ndjson | $BIN/catalog-emit --format ndjson" out
	[ -z "$(grep -e --cache -e 'a key' -e 'a token' out)" ]
	# A key that is put together from several values is not printed either.
	config | sed 's/"a key"/"${A}${B}"/' > config.yaml
	A=part1 B=part2 shows config.yaml
	grep -qF -e "--key-file '<secret>'" out
	[ -z "$(grep -e part1 -e part2 out)" ]
}

# A program of that name that notes when the environment it is started with holds the secret.
watch_program() {
	real=$(type -P "$1") || return 0
	cat > "watched/$1" <<-SH
		#!/bin/sh
		echo "$1" >> "$PWD/seen"
		if /bin/grep -aq 'the secret of this test' /proc/\$\$/environ; then echo "$1 \$*" >> "$PWD/leaks"; fi
		exec $real "\$@"
	SH
	chmod +x "watched/$1"
}

@test "no program but okta-fetch ever has the secret in its environment, also while the configuration is read" {
	mkdir watched
	for one in jq cat dirname basename tr sed grep mkdir rm mv cp date flock timeout cmp sync sleep head chmod env id stat setpriv true sh ln tee; do watch_program $one; done
	for one in okta-fetch okta-map catalog-emit yaml2json; do PATH=$BIN:$PATH watch_program $one; done
	config "include: x" 'x: ${OTHER}' | sed 's/"a key"/"${DEEP_SECRET}"/' > config.yaml
	for shell in dash bash; do
		for mode in --check --print-config --once; do
			[ $mode$shell != --checkbash ] || continue
			rm -f leaks seen
			status=0
			env PATH="$PWD/watched:$PATH" BIN="$PWD/watched" DEEP_SECRET=$'line\nexport OTHER=\'the secret of this test' OTHER=x configuration=y \
				$shell "$ROOT/pipeline.sh" --config config.yaml $mode > out 2> err || status=$?
			grep -q yaml2json seen
			[ ! -e leaks ] || { echo "$shell $mode"; cat leaks; return 1; }
			[ -z "$(grep 'the secret of this test' out err)" ]
		done
	done
}

@test "what is no secret stays in the environment" {
	config 'groups: ["${TEAM}"]' 'transform: { okta: { command: "env > seen.env; cat" } }' > config.yaml
	TEAM=web OTHER='two words' shows config.yaml
	cat > probe.sh <<-SH
		program=x parts=$ROOT/pipeline bin=$BIN quiet='' wanted=''
		configs='config.yaml
		'
		for part in message environment configuration; do . "\$parts/\$part.sh"; done
		read_configuration && env
	SH
	TEAM=web OTHER='two
	lines' KEY=k dash probe.sh > env.out
	grep -qx TEAM=web env.out
	grep -qx "OTHER=two" env.out
	grep -q 'lines$' env.out
	grep -qx KEY=k env.out
	sed -i 's/"a key"/"${KEY}"/' config.yaml
	TEAM=web OTHER=x KEY=k dash probe.sh > env.out
	grep -qx OTHER=x env.out
	[ -z "$(grep '^KEY' env.out)" ]
}

@test "a secret that is not the one in use is in no program's environment either" {
	sed 's/"a key"/"${OLD_KEY}"/' <(config 'token: "${A_TOKEN}"' 'transform: { okta: { command: "env > seen.env; cat" } }') > config.yaml
	echo 'catalog: { providers: { okta: { default: { privateKey: { $env: NEW_KEY } } } } }' > later.yaml
	mkdir fake
	for name in okta-map catalog-emit yaml2json; do ln -s "$BIN/$name" fake/$name; done
	printf '#!/bin/sh\nenv > fetch.env\ncat > secret\n' > fake/okta-fetch
	chmod +x fake/okta-fetch
	OLD_KEY=of-old A_TOKEN=of-token NEW_KEY=of-new OTHER=other BIN=$PWD/fake ends_with 65 pipeline --config config.yaml --config later.yaml --once
	[ "$(cat secret)" = of-new ]
	[ "$(grep -l '^OTHER=other' seen.env fetch.env | wc -l)" -eq 2 ]
	[ -z "$(grep -e '^[A-Z_]*=of-' seen.env fetch.env)" ]
}

@test "RoadieHQ's configuration as it stands: read, with a hint" {
	cat > config.yaml <<-'YAML'
		catalog:
		  providers:
		    okta:
		      - orgUrl: 'https://acme.okta.com'
		        userFilter: profile.department eq "engineering"
		        groupFilter: profile.name eq "Everyone"
		        oauth:
		          clientId: ${OKTA_OAUTH_CLIENT_ID}
		          keyId: ${OKTA_OAUTH_KEY_ID}
		          privateKey: ${OKTA_OAUTH_PRIVATE_KEY}
		        schedule:
		          frequency: { minutes: 5 }
		          timeout: { minutes: 10 }
		          initialDelay: { minutes: 1 }
	YAML
	OKTA_OAUTH_CLIENT_ID=0oa1 OKTA_OAUTH_KEY_ID=k OKTA_OAUTH_PRIVATE_KEY='a key' shows config.yaml
	grep -qxF '# default: https://acme.okta.com, every 5 minutes, for at most 10 minutes, for the first time after 1 minute' out
	grep -qF -e "printf '%s' \"\$OKTA_OAUTH_PRIVATE_KEY\" |" out
	grep -qF -e "--client-id 0oa1 --key-id k --user-search 'profile.department eq \"engineering\"' --group-search 'profile.name eq \"Everyone\"'" out || { cat out; return 1; }
	grep -qF -e '/okta-map --drop-empty-groups' out
	says "catalog.providers.okta[0]: RoadieHQ's form (orgUrl is read as oktaUrl"
	[ "$(wc -l < err)" -eq 1 ]
}

@test "bash and busybox read it as dash does" {
	config 'groups: ["${TEAM}", b]' | sed 's/"a key"/"${KEY}"/' > config.yaml
	TEAM=$'x\ny' KEY='a '\''b' shows config.yaml
	cp out out.dash
	for shell in bash 'busybox sh'; do
		TEAM=$'x\ny' KEY='a '\''b' ends_with 0 $shell "$ROOT/pipeline.sh" --config config.yaml --print-config
		cmp out out.dash
	done
}

@test "a warning is told once, and again when it is another" {
	config 'gruops: [x]' > config.yaml
	cat > probe.sh <<-SH
		program=okta-catalog parts=$ROOT/pipeline bin=$BIN quiet='' wanted=''
		configs='config.yaml
		'
		for part in message environment configuration; do . "\$parts/\$part.sh"; done
		for i in 1 2 3; do read_configuration; done
		sed -i s/gruops/gruop/ config.yaml
		for i in 1 2 3; do read_configuration; done
	SH
	ends_with 0 dash probe.sh
	[ "$(grep -c 'did you mean' err)" -eq 2 ]
}

# Everything on standard error is JSON with this level; prints the messages.
all_json() { # LEVEL
	jq -R -e -r --arg level "$1" 'fromjson | if .level == $level and .program then .message else error("level \(.level)") end' err
}

@test "--log-format json: what is wrong is told as JSON, too" {
	echo 'a: [' > broken.yaml
	echo '{"a":' > broken.json
	echo '{"a": 1, "b": {"c": 1, "c": 2}}' > twice.json
	ends_with 78 pipeline --config broken.yaml --config broken.json --config twice.json --config nowhere.yaml --log-format json --once
	[ "$(all_json error | sed 's/ at .*//; s/ while .*//')" = 'broken.yaml: line 2, column 1: did not find expected node content
broken.json: parse error: Unfinished JSON term
twice.json: comes twice: b.c; line 1, column 24: the key "c" comes again: it stands in line 1 already
nowhere.yaml: cannot be read' ]
	config 'gruops: [x]' > config.yaml
	ends_with 0 pipeline --config config.yaml --log-format json --print-config
	[ "$(all_json warning)" = 'catalog.providers.okta.default.gruops: nobody reads this key; did you mean `groups`?' ]
	config | sed 's/oktaUrl/orgUrl/' > config.yaml
	ends_with 0 pipeline --config config.yaml --log-format json --print-config
	all_json note | grep -q "^catalog.providers.okta.default: RoadieHQ's form"
}

@test "a warning that stays is told by the first of many --once; when it comes back it is told again" {
	config 'gruops: [x]' > config.yaml
	config > good.yaml
	for run in 'config 1' 'config 0' 'good 0' 'config 1'; do
		# The key is none: okta-fetch says so before it asks anybody.
		ends_with 78 pipeline --config "${run% *}.yaml" --once
		says 'okta-fetch ended with status 78'
		[ "$(grep -c 'nobody reads this key' err)" -eq "${run#* }" ] || { echo "$run"; cat err; return 1; }
	done
}

@test "what okta-map or jq would refuse in every run is refused at reading, with its path" {
	config 'namespace: Not A Name' 'transform: { okta: "select(.a", entities: ". as $x | $y" }' > config.yaml
	ends_with 78 pipeline --config config.yaml --once
	p=catalog.providers.okta.default
	says "$p.namespace: Not A Name: expected 1 to 63 lower-case letters"
	# All options of okta-map, not the first alone.
	config 'namespace: Not A Name' 'dropEmptyGroups: true' 'excludeStatus: [GONE]' 'nameHold: 1d' 'manager: "--x"' > config.yaml
	ends_with 78 pipeline --config config.yaml --once
	says "$p.namespace: Not A Name: expected"
	says "$p.excludeStatus: GONE: Okta has no GONE"
	[ "$(grep -c "$p" err)" -eq 2 ] || { cat err; return 1; }
	config 'nameHold: 1d' 'namesFollow: true' > config.yaml
	shows config.yaml
	config 'transform: { okta: "select(.a", entities: ". as $x | $y" }' > config.yaml
	ends_with 78 pipeline --config config.yaml --once
	says "$p.transform.okta: is no jq program: syntax error, unexpected \$end, expecting ';' or ')', line 1"
	says "$p.transform.entities: is no jq program: \$y is not defined, line 1"
}

@test "--status needs no secret and no other value: 0 or 75" {
	config 'gruops: [x]' 'concurrency: ${CONCURRENCY}' | sed 's/"a key"/"${NO_KEY}"/' > config.yaml
	ends_with 75 pipeline --config config.yaml --status
	grep -q 'default: not fresh, no run has ended yet' out
	[ ! -s err ]
	sed -i 's/"${NO_KEY}"/{ $file: no-key.pem }/' config.yaml
	ends_with 75 pipeline --config config.yaml --status
	mkdir -p xdg/okta-catalog/default
	jq -n '{version: 1, lastSuccess: (now | todate), lastRun: {exit: 0}}' > xdg/okta-catalog/default/status.json
	ends_with 0 pipeline --config config.yaml --status
	# Without a schedule nothing is fresh.
	sed -i s/frequency/frequncy/ config.yaml
	ends_with 78 pipeline --config config.yaml --status
	says 'schedule.frequency: missing'
}

@test "every key at once: what it says is what the programs take" {
	org_start --users 30 --groups 6
	"$BIN/yaml2json" > provider.json <<-YAML
		oktaUrl: $OKTA_CLIENT_ORGURL
		clientId: $OKTA_CLIENT_CLIENTID
		keyId: $OKTA_CLIENT_PRIVATEKEYID
		privateKey: { \$file: org/key.pem }
		caFile: org/ca.pem
		groups: [Platform, Payments]
		groupsFile: more-groups
		groupSearch: type eq "OKTA_GROUP"
		userSearch: status eq "ACTIVE"
		users: all
		builtIn: false
		cacheMaxAge: { days: 1 }
		concurrency: 4
		rateShare: "40"
		requestTimeout: 90s
		dpop: require
		missingGroups: warn
		progress: never
		userName: kebab-case-email
		groupName: profile.name
		nameHold: { days: 90 }
		namesFollow: true
		collisions: suffix
		sharedEmail: login
		membership: both
		hierarchy: { key: profile.name, parentKey: profile.parent }
		manager: managerId
		dropEmptyGroups: true
		groupPrefix: [P, p]
		stripPrefix: [team-, "okta "]
		annotateUser: { department: acme.com/department, title: acme.com/title }
		annotateGroup: [type=acme.com/type]
		excludeStatus: [SUSPENDED, STAGED]
		excludeType: [APP_GROUP]
		namespace: acme
		groupType: { APP_GROUP: application, OKTA_GROUP: team }
		picture: profileUrl
		format: yaml-flow
		maxRemovals: 20%
		maxTakenOver: 2
		signIn: user-id
		requireBase: no
		strict: "false"
		split: 2
		locationKey: acme
		transform: { okta: ., entities: { command: [cat] } }
		publish: { command: 'cat "\${OKTA_CATALOG_FILE}" > published' }
		schedule: { frequency: 30m, timeout: { minutes: 5 }, initialDelay: PT1S, scope: global }
	YAML
	echo Platform > more-groups
	# No key is forgotten here.
	[ "$(jq -L "$ROOT/pipeline" 'include "keys"; (keys_of_stages | keys) - keys' provider.json)" = '[]' ]
	jq '{okta: .}' provider.json > config.json
	ends_with 0 pipeline --config config.json --check
	# Only formats for providers have a location key, and those no parts.
	jq '.okta |= del(.locationKey)' config.json > files.json
	ends_with 0 pipeline --config files.json --once
	cmp published catalog/default.yaml
	jq '.okta |= (del(.split) | .format = "mutation")' config.json > provider-format.json
	ends_with 0 pipeline --config provider-format.json --once --output catalog2
	cmp published catalog2/default.json
}

@test "RoadieHQ's configuration and Portal's with dropEmptyGroups publish the same bytes" {
	org_start --users 30 --groups 8
	# Somebody's group is emptied.
	id=$(jq -r -s 'map(select(.type == "OKTA_GROUP"))[0].id' "$ORG/groups.ndjson")
	org_tell set-members "{\"id\":\"$id\",\"userIds\":[]}"
	"$BIN/yaml2json" "$ORG/app-config.yaml" | jq '.catalog.providers.okta.default.dropEmptyGroups = true' > "$ORG/portal.json"
	jq '.catalog.providers.okta |= [.default | {orgUrl: .oktaUrl, oauth: {clientId, keyId, privateKey}, groupFilter: "type eq \"OKTA_GROUP\"", caFile, schedule}]' \
		"$ORG/portal.json" > "$ORG/roadie.json"
	jq '.catalog.providers.okta.default.groupSearch = "type eq \"OKTA_GROUP\""' "$ORG/portal.json" > "$ORG/same.json"
	ends_with 0 pipeline --config "$ORG/same.json" --once --output portal
	ends_with 0 pipeline --config "$ORG/roadie.json" --once --output roadie --state roadie.state
	says "RoadieHQ's form"
	cmp portal/default.yaml roadie/default.yaml
	grep -q '^kind: Group' roadie/default.yaml
	[ -z "$(grep "$id" roadie/default.yaml)" ]
}

@test "a configuration from a pipe is read once, YAML and JSON; a schedule cannot read one: 64" {
	config > config.yaml
	"$BIN/yaml2json" config.yaml > config.json
	mkfifo pipe.yaml pipe.json
	for kind in yaml json; do
		cat config.$kind > pipe.$kind 3>&- &
		ends_with 0 timeout 20 "${SHELL_UNDER_TEST:-dash}" "$ROOT/pipeline.sh" --config pipe.$kind --print-config
		grep -q '^# default: https://acme.okta.com' out
		ends_with 64 pipeline --config config.yaml --config pipe.$kind
		says "--config pipe.$kind is a pipe, which can be read but once: give a file, or --once"
	done
	ends_with 0 bash -c '"$1" "$2" --config <(cat config.json) --print-config' sh "${SHELL_UNDER_TEST:-dash}" "$ROOT/pipeline.sh"
	grep -q '^# default: https://acme.okta.com' out
}

@test "options that cannot be meant so: 64, and what is there is told" {
	{ echo 'okta:'; for id in a b-2; do config | sed -n "4,\$s/^  //p" | sed "s/default/$id/"; done; } > config.yaml
	ends_with 78 pipeline --config config.yaml --provider c --once
	says 'no provider c in the configuration; there is: a b-2'
	for value in 'a b' '*' ''; do ends_with 64 pipeline --config config.yaml --provider "$value" --once; done
	ends_with 64 pipeline --config "con
	fig.yaml"
	says '--config: a value with a line break'
}

@test "a configuration without --config: the option is named" {
	ends_with 64 pipeline app-config.yaml --once
	says 'unexpected app-config.yaml: a configuration is given with --config app-config.yaml'
}

@test "two thousand groups cost little more than one: the work does not grow with their square" {
	TIMEFORMAT=%U
	config 'groups: [x]' > one.yaml
	config "groups: [$(seq -s , -f '"Team %g, & its people"' 2000)]" > many.yaml
	config "groups: [$(seq -s , -f '00g%017g' 2000)]" > ids.yaml
	for shell in dash bash; do
		one=$({ time "$shell" "$ROOT/pipeline.sh" --config one.yaml --print-config > out; } 2>&1)
		for name in many ids; do
			some=$({ time "$shell" "$ROOT/pipeline.sh" --config $name.yaml --print-config > out; } 2>&1)
			[ "$(grep -o -e '--group ' out | wc -l)" -eq 2000 ]
			awk -v one="$one" -v some="$some" 'BEGIN { exit !(some < 8 * one) }' || { echo "$shell $name: $one s, $some s"; return 1; }
		done
	done
}
