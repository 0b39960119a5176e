#!/usr/bin/env bats
# Each recipe of okta-map(1), taken from the page as it stands there, does what its title says.

load org
load records

PAGE=$BATS_TEST_DIRNAME/../../map/okta-map.1

setup() {
	cd "$BATS_TEST_TMPDIR"
	{ org; unit 00g1 2020 'Team Blue Falcon' null null; unit 00g2 2020 squad-web null null; unit 00g3 2020 'squad-9' null null
	  person 00u1 '"firstName":"Ana","lastName":"Ruiz","department":"R&D, East!","userType":"Employee"'
	  person 00u2 '"firstName":"Bo","lastName":"Lee","userType":"Robot"'
	  person 00u3 '"firstName":"Cy","lastName":"Day"' | sed s/ACTIVE/SUSPENDED/; members 00g1 00u1; end 3 3 1; } > in
}

# The shell command below a title of the section TRANSFORMERS.
recipe() {
	awk -v title=".Ss $1" '$0 == title { found = 1 } found && /^\.Ed/ { exit } block { print } found && /^\.Bd/ { block = 1 }' "$PAGE" | sed 's/\\e/\\/g'
}

before() {
	local title=$1
	shift
	recipe "$title" > recipe.sh
	[ -s recipe.sh ] || { echo "no recipe: $title"; return 1; }
	ends_with 0 bash -o pipefail -c 'sh recipe.sh < in | okta-map "$@"' - "$@"
	echo "$title" >> "$BATS_FILE_TMPDIR/seen"
}

after() {
	local title=$1
	shift
	recipe "$title" > recipe.sh
	[ -s recipe.sh ] || { echo "no recipe: $title"; return 1; }
	ends_with 0 bash -o pipefail -c 'okta-map "$@" in | sh recipe.sh' - "$@"
	catalog-emit -q --strict out > /dev/null
	echo "$title" >> "$BATS_FILE_TMPDIR/seen"
}

@test "Only some people, before" {
	before 'Only some people, before'
	[ "$(names User)" = '00u1 00u1' ]
}

@test "Only some groups, by a regular expression, before" {
	before 'Only some groups, by a regular expression, before'
	[ "$(names Group)" = '00g2 squad-web' ]
}

@test "Rename a group, before" {
	before 'Rename a group, before'
	[ "$(names Group | head -n 1)" = '00g1 payments' ]
	[ "$(jq -r '.spec.memberOf[]?' out)" = group:default/payments ]
}

@test "Names of people from two attributes, before" {
	before 'Names of people from two attributes, before' --user-name profile.handle
	[ "$(names User | head -n 1)" = '00u1 ana.ruiz' ]
}

@test "A link to every user, after" {
	after 'A link to every user, after'
	[ "$(jq -r 'select(.kind=="User").metadata.links[0].url' out | grep -c /view/00u)" -eq 3 ]
}

@test "Tags from an annotation, after" {
	after 'Tags from an annotation, after' --annotate-user department
	[ "$(jq -c 'select(.kind=="User").metadata.tags' out | xargs)" = '[r-d-east] null null' ]
}

@test "The type of a group from its name, after" {
	after 'The type of a group from its name, after'
	[ "$(jq -r 'select(.kind=="Group").spec.type' out | sort | uniq -c | xargs)" = '1 group 2 squad' ]
}

@test "Keep e-mails out of the catalog, after" {
	after 'Keep e-mails out of the catalog, after'
	no grep -q '@acme.example' out
}

@test "every recipe of the page was run, and each stops the stream where it fails" {
	sed -n '/^.Sh TRANSFORMERS/,/^.Sh SEE/p' "$PAGE" | sed -n 's/^.Ss //p' | sort > wanted
	sort "$BATS_FILE_TMPDIR/seen" | cmp - wanted
	while read -r title; do
		recipe "$title" > recipe.sh
		# A record that no recipe is made for: a number where an object should be.
		printf '%s\n' '{"kind":"OktaUser","user":5}' '{"kind":"OktaGroup","group":5}' '{"kind":"User","metadata":5,"spec":5}' '{"kind":"Group","metadata":5,"spec":5}' |
			sh recipe.sh > broken
		grep -q '"kind":"Abort"' broken || { echo "$title"; cat broken; return 1; }
	done < wanted
}
