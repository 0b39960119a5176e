#!/usr/bin/env bats
# catalog-emit --sign-in: who could not sign in with a resolver of Backstage is reported before publication.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# user NAME [ID [ANNOTATED [PROFILED [NAMESPACE]]]]: - for a value that is absent
user() {
	jq -nc --arg name "$1" --arg id "${2:--}" --arg annotated "${3:--}" --arg profiled "${4:-${3:--}}" --arg space "${5:-default}" '
		def unless_absent($key): if . == "-" then {} else {($key): .} end;
		{apiVersion: "backstage.io/v1alpha1", kind: "User", metadata: {name: $name, namespace: $space,
			annotations: (($id | unless_absent("okta.com/user-id")) + ($annotated | unless_absent("okta.com/email")))},
		spec: {profile: ({displayName: "x"} + ($profiled | unless_absent("email"))), memberOf: []}}'
}
end() { echo '{"kind":"End"}'; }

# refused RESOLVER FILE EXPECTED: the summary has these lines, REF: REASON each, and -v says the same
refused() {
	ends_with 0 catalog-emit -v -o org.yaml --force --sign-in "$1" --summary-file sum.json "$2"
	says "$(jq '.signIn.refused | length' sum.json) user"
	[ "$(jq -r .signIn.resolver sum.json)" = "$1" ]
	[ "$(jq -r '.signIn.refused[] | "\(.ref): \(.reason)"' sum.json)" \
		= "$(sed -n "s/^catalog-emit: \(debug: \)\{0,1\}\(.*\) could not sign in ($1): /\2: /p" err)" ]
	is "$(jq -r '.signIn.refused[] | "\(.ref): \(.reason)"' sum.json)" "$3"
}
is() { [ "$1" = "$2" ] || { printf 'found:\n%s\nexpected:\n%s\n' "$1" "$2"; return 1; }; }

@test "each resolver: nobody is refused who is found alone, and the summary says of how many users" {
	{ user ana 00uA ana@x; user ben 00uB ben@x; end; } > in
	for resolver in user-id email-annotation profile-email email-local-part; do
		ends_with 0 catalog-emit -v -o org.yaml --sign-in $resolver --summary-file sum.json in
		says "; 0 users could not sign in ($resolver)"
		is "$(jq -c .signIn sum.json)" "{\"resolver\":\"$resolver\",\"users\":2,\"refused\":[]}"
	done
	ends_with 0 catalog-emit -o org.yaml --summary-file sum.json in
	is "$(jq 'has("signIn")' sum.json)" false
	no grep -q 'could not sign in' err
}

@test "user-id: who has no Okta id or shares it is refused, and an e-mail does not matter" {
	{ user ana 00uA; user ben - ben@x; user cy 00uC c@x; user di 00uC c@x; user eve '' ; end; } > in
	refused user-id in 'user:default/ben: no Okta id
user:default/cy: shared with user:default/di
user:default/di: shared with user:default/cy
user:default/eve: no Okta id'
	{ user ana 00uA | sed 's/user-id/group-id/'; end; } > other
	refused user-id other 'user:default/ana: no Okta id'
}

@test "email-annotation: no e-mail, a shared one in JavaScript's lower case, and somebody else's" {
	{ user ana 00uA Ana@x; user ben 00uB - -; user cy 00uC ANA@X; user di 00uD - ana@x; user eve 00uE - eve@x; user fay 00uF - fay@x; user gus 00uG FAY@x
	user ik 00uI 'ΟΔΟΣ@x'; user jo 00uJ 'οδος@x' - emea; user kim 00uK 'İ@x'; user lea 00uL 'i̇@x'; end; } > in
	refused email-annotation in 'user:default/ana: shared with user:default/cy
user:default/ben: no e-mail
user:default/cy: shared with user:default/ana
user:default/di: no e-mail
user:default/eve: no e-mail
user:default/fay: would sign in as user:default/gus
user:default/ik: shared with user:emea/jo
user:default/kim: shared with user:default/lea
user:default/lea: shared with user:default/kim
user:emea/jo: shared with user:default/ik'
	ends_with 0 catalog-emit -o org.yaml --sign-in email-annotation in
	says '; 10 users could not sign in (email-annotation)'
}

@test "profile-email: spec.profile.email is looked up, for who has none also the address without its +tag" {
	{ user ana 00uA - ana@x; user ben 00uB ana+ben@x -; user cy 00uC cy@x -; user di 00uD cy+di@x cy+di@x; user eve 00uE +x@x -; user evi 00uY @x; user fay 00uF fay+@x -; user fey 00uZ fay@x; end; } > in
	refused profile-email in 'user:default/ben: would sign in as user:default/ana
user:default/cy: no e-mail
user:default/eve: no e-mail
user:default/fay: no e-mail'
}

@test "email-local-part: the name is the part before @, in the namespace default" {
	{ user ana 00uA Ana@x; user ben 00uB cy@x; user cy 00uC cy@y; user di 00uD di+x@x; user eve 00uE eve@x eve@x emea; user fay 00uF fay@x fay@x emea
	user fay 00uG gus@x; user hal 00uH - hal@x; user ian 00uI; user kim 00uK 'KIM@x' -; user lea 00uL @x; user mo 00uM mo; end; } > in
	refused email-local-part in 'user:default/ben: would sign in as user:default/cy
user:default/di: name is not the local part
user:default/fay: name is not the local part
user:default/ian: no e-mail
user:default/lea: name is not the local part
user:emea/eve: name is not the local part
user:emea/fay: would sign in as user:default/fay'
}

@test "a value of more than 200 UTF-16 units is not found by Backstage" {
	long=$(printf 'a%.0s' $(seq 198))
	{ user a200 00uA "$long@x"; user a201 00uB "b$long@x"; user euro 00uC "$(printf '\u20ac')${long#a}@x"; user euro1 00uD "$(printf '\u20ac')$long@x"
	user tag 00uE "o+$long@x"; user o 00uF o@x; end; } > in
	more='e-mail of more than 200 characters, which Backstage does not find'
	refused email-annotation in "user:default/a201: $more
user:default/euro1: $more
user:default/tag: $more"
	refused profile-email in "user:default/a201: $more
user:default/euro1: $more
user:default/tag: would sign in as user:default/o"
}

@test "user-id: ids are compared exactly, and what is no Okta id is refused" {
	id64=$(printf 'u%.0s' $(seq 64))
	{ user ana 00ua; user ben 00uA; user cy "$id64"; user di "x$id64"; user eve '00u-1'; user fay 00u,kind=user; user gus ' 00ug'; user hal 00ué; end; } > in
	wrong='Okta id is not 1 to 64 letters and digits'
	refused user-id in "user:default/di: $wrong
user:default/eve: $wrong
user:default/fay: $wrong
user:default/gus: $wrong
user:default/hal: $wrong"
}

@test "an e-mail with a comma or blanks at its ends is looked up without them" {
	{ user ana 00uA ana@x; user ben 00uB ' ana@x'; user cy 00uC "cy@x$(printf '\u3000')"; user di 00uD 'ana@x, ,'; user eve 00uE 'ana@x,kind=user'; user fay 00uF ' '
	user gus 00uG "g s@x"; user hal 00uH ',hal@x'; user ida 00uI 'ana+i@x '
	user joy 00uJ "$(printf '\U1f600@x')"; user kit 00uK "$(printf 'k\tit@x')"; user lin 00uL "$(printf '\x7f\uffe6@x')"; end; } > in
	unfound='e-mail with a comma, blanks at its ends, a control character or one beyond U+FFFF, which Backstage does not find'
	refused email-annotation in "user:default/ben: would sign in as user:default/ana
user:default/cy: $unfound
user:default/di: would sign in as user:default/ana
user:default/eve: $unfound
user:default/fay: $unfound
user:default/hal: $unfound
user:default/ida: $unfound
user:default/joy: $unfound
user:default/kit: $unfound"
	refused profile-email in "user:default/ben: would sign in as user:default/ana
user:default/cy: $unfound
user:default/di: would sign in as user:default/ana
user:default/eve: $unfound
user:default/fay: $unfound
user:default/hal: $unfound
user:default/ida: would sign in as user:default/ana
user:default/joy: $unfound
user:default/kit: $unfound"
}

@test "five sharers are named, the others counted" {
	{ for n in 1 2 3 4 5 6 7; do user p$n 00u$n box@x; done; end; } > in
	refused email-annotation in "$(for n in 1 2 3 4 5 6 7; do
		others=$(for m in 1 2 3 4 5; do printf ', user:default/p%d' $(((n + m - 1) % 7 + 1)); done)
		echo "user:default/p$n: shared with ${others#, } and 1 more"
	done)"
	{ for n in 1 2 3 4 5 6; do user p$n 00u$n box@x; done; end; } > in
	ends_with 0 catalog-emit -o org.yaml --sign-in email-annotation --summary-file sum.json --force in
	is "$(jq -r '.signIn.refused[1].reason' sum.json)" \
		'shared with user:default/p3, user:default/p4, user:default/p5, user:default/p6, user:default/p1'
}

@test "an invalid entity counts as what stays published of it, in every form" {
	{ user ana 00uA ana@x '"ana" #x@x'; user ben 00uB Ben@x; user di 00uD - -; } |
		jq -c '(.metadata.annotations? // empty) |= . + {x: "okta.com/email: no@x"} | if .metadata then .metadata.labels = {"okta.com/email": "label"} | .metadata.x = {email: "no"} | .spec.y = {email: "no"} | .metadata.profile = {email: "no"} | .spec.annotations = {"okta.com/email": "no@x"} else . end' > in
	end >> in
	{ sed 's/"displayName":"x"/"displayName":""/' in | grep -v End; user cy 00uC ben@x; user zoe 00uZ '"ana" #x@x'; end; } > invalid
	for format in yaml yaml-flow json ndjson mutation; do
		rm -f org
		catalog-emit -q -f $format -o org in
		ends_with 0 catalog-emit -f $format -o org --sign-in email-annotation --summary-file sum.json invalid
		says '3 invalid, of which 3 keep their last form'
		is "$(jq -c '.signIn.refused | map([.ref, .reason])' sum.json)" \
			'[["user:default/ben","shared with user:default/cy"],["user:default/cy","shared with user:default/ben"],["user:default/di","no e-mail"]]'
		catalog-emit -q -f $format -o org --force in
		ends_with 0 catalog-emit -f $format -o org --sign-in profile-email --summary-file sum.json invalid
		is "$(jq -c '.signIn.refused | map([.ref, .reason])' sum.json)" \
			'[["user:default/ana","shared with user:default/zoe"],["user:default/ben","shared with user:default/cy"],["user:default/cy","shared with user:default/ben"],["user:default/di","no e-mail"],["user:default/zoe","shared with user:default/ana"]]'
		catalog-emit -q -f $format -o org --force in
		ends_with 0 catalog-emit -f $format -o org --sign-in user-id --summary-file sum.json invalid
		is "$(jq -c '.signIn.refused' sum.json)" '[]'
	done
}

@test "--sign-in of another name is a usage error that lists the resolvers" {
	for value in '' email user_id USER-ID; do
		ends_with 64 catalog-emit --sign-in "$value" /dev/null
		says "--sign-in $value: expected user-id, email-annotation, profile-email or email-local-part"
	done
}

@test "parts and --check: the same users are refused" {
	{ user ana 00uA ben@x; user ben 00uB ana@x; user cy 00uC; end; } > in
	for options in '-o org.yaml' '--split 7 -o parts.yaml' '--check'; do
		ends_with 0 catalog-emit $options --sign-in email-local-part --summary-file sum.json in
		is "$(jq -r '.signIn.refused | sort_by(.ref)[] | "\(.ref): \(.reason)"' sum.json)" 'user:default/ana: would sign in as user:default/ben
user:default/ben: would sign in as user:default/ana
user:default/cy: no e-mail'
	done
	says '3 users could not sign in (email-local-part)'
}

@test "memory: 160 bytes an entity, also if all share one e-mail" {
	case $BIN in *sanitized*) skip "AddressSanitizer takes memory of its own" ;; esac
	python3 - > in <<'PY'
for n in range(100000):
    print('{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"person.%d","annotations":{"okta.com/user-id":"00u%017d",'
          '"okta.com/email":"%s@acme.example"}},"spec":{"memberOf":[]}}' % (n * 7919 % 100003, n, "shared" if n % 2 else n))
print('{"kind":"End"}')
PY
	end > none
	command time -qf %M -o peak catalog-emit -q none
	bound=$(($(cat peak) + 100000 * 160 / 1024 + 2048))
	command time -qf %M -o peak catalog-emit -q --sign-in email-annotation -o org.yaml --summary-file sum.json in
	is "$(jq '.signIn.refused | length' sum.json)" 50000
	[ "$(cat peak)" -le "$bound" ] || { echo "$(cat peak) KiB, $bound allowed"; return 1; }
}
