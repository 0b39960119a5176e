#!/usr/bin/env bats
# The recipes of examples/jq.md do what the page shows, run as they are printed there.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir recipes bin
	# Each section: its title in N.title, its sh block in N.sh, what that prints in N.text.
	awk '/^## / { n++; print substr($0, 4) > ("recipes/" n ".title"); printf "" > ("recipes/" n ".text") }
		/^```$/ { out = "" } out { print > out } /^```(sh|text)$/ { out = "recipes/" n "." substr($0, 4) }' "$ROOT/examples/jq.md"
}

# wrapper NAME 'script': in the place of a program, whose real path the script knows as $real.
wrapper() {
	printf '#!/bin/sh\nreal=%s\n%s\n' "$BIN/$1" "$2" > "bin/$1"
	chmod +x "bin/$1"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# Runs a recipe in a fresh copy of the folder of the orgs.
run_recipe() {
	rm -rf folder
	cp -R "$ROOT/examples/orgs" folder
	(cd folder && dash "../$1") > out 2> err
}

@test "a dozen recipes and more, each with a block to paste; none is twice" {
	[ "$(ls recipes/*.title | wc -l)" -ge 12 ]
	for title in recipes/*.title; do [ -s "${title%.title}.sh" ]; done
	[ -z "$(sort recipes/*.title | uniq -d)" ]
}

@test "every recipe prints what the page says, and what it publishes is good for Backstage" {
	# Strict: an entity that Backstage would refuse ends the run.
	wrapper catalog-emit 'exec "$real" --strict "$@"'
	for recipe in recipes/*.sh; do
		run_recipe "$recipe" || { cat "${recipe%.sh}.title" err; return 1; }
		diff -u "${recipe%.sh}.text" out || { cat "${recipe%.sh}.title" err; return 1; }
		no grep -E 'line [0-9]|error' err
	done
}

@test "between stages every jq has the form that aborts; the other ones print for people" {
	for recipe in recipes/*.sh; do
		stages=$(grep -c 'jq -c' "$recipe" || true)
		[ "$stages" -eq "$(grep -cE "jq -c.* 'try \($" "$recipe" || true)" ] || { cat "$recipe"; return 1; }
		[ "$stages" -eq "$(grep -c "^  ) catch {kind: \"Abort\", message: \.}'" "$recipe" || true)" ] || { cat "$recipe"; return 1; }
		[ "$(grep -c 'jq ' "$recipe")" -eq $((stages + $(grep -c 'jq -r' "$recipe" || true))) ] || { cat "$recipe"; return 1; }
	done
	[ "$(grep -l 'try (' recipes/*.sh | wc -l)" -ge 8 ]
}

# In the saved stream: all profiles of OktaUser or OktaGroup are numbers.
spoil() {
	jq -c --arg kind "$1" 'if .kind == $kind then (.user // .group).profile = 5 else . end' "$ROOT/examples/orgs/acme.ndjson" > spoilt
	cp spoilt folder/acme.ndjson
}

@test "a record that a recipe cannot take stops everything: nothing is published, and what jq said is passed on" {
	for recipe in $(grep -l 'try (' recipes/*.sh); do
		said=
		for kind in OktaUser OktaGroup; do
			rm -rf folder bin/okta-map
			cp -R "$ROOT/examples/orgs" folder
			if head -n 1 "$recipe" | grep -q '^okta-map'; then
				wrapper okta-map '"$real" "$@" | jq -c "if .kind == \"End\" then . else .metadata = 5 | .spec = 5 end"'
			else
				spoil "$kind"
			fi
			(cd folder && dash "../$recipe") > out 2> err || true
			[ ! -e folder/catalog.yaml ] || { cat "$recipe"; return 1; }
			! grep -q 'Cannot index number' err || said=1
		done
		[ -n "$said" ] || { cat "$recipe" err; return 1; }
	done
}

@test "the org chart shows everybody, who is in what, and two teams under their parent" {
	run_recipe "$(grep -l chart.svg recipes/*.sh)"
	[ "$(grep -c 'class="node"' folder/chart.svg)" -eq 13 ]
	[ "$(grep -c 'class="edge"' folder/chart.svg)" -eq $(($(tail -n 1 folder/acme.ndjson | jq .memberships) + 2)) ]
	grep -q '>Ana Ruiz<' folder/chart.svg
	grep -q 'group:default/okta.*platform.*user:default/ana.ruiz' folder/chart.svg
}
