#!/usr/bin/env bats
# What is published is safe on the disk in this order: files, their names, then the index that refers to them.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir out
	export ASAN_OPTIONS=detect_leaks=0 # LeakSanitizer cannot run under strace
}

user() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"%s","annotations":{"okta.com/user-id":"%s"}},"spec":{"memberOf":[]}}\n' "$1" "$2"; }
company() { for n in $(seq "$1"); do user "p$n" "00u$n"; done; echo '{"kind":"End"}'; }

# calls COMMAND...: its calls that make files safe, a line each, paths from out/ on
calls() {
	strace -f -y -qq -e trace=fsync,fdatasync,rename,renameat,renameat2 -o log "$@" > stdout 2> err || { cat err; return 1; }
	sed -E "s/^[0-9]+ +//; s|$PWD/||g; s|\"out/|\"|g; s|<out/|<|g; s|<out>|<.>|g
		s/^f(data)?sync\([0-9]+<([^>]*)>.*= 0\$/fsync \2/; s/^rename\(\"([^\"]*)\", \"([^\"]*)\"\).*= 0\$/rename \2/" log
}
is() { [ "$1" = "$2" ] || { printf 'found:\n%s\nexpected:\n%s\n' "$1" "$2"; return 1; }; }

@test "one file: fsync of the file, rename, fsync of the folder; nothing when it is unchanged" {
	company 3 > in
	one='fsync .org.yaml.tmp
rename org.yaml
fsync .'
	is "$(calls catalog-emit -o out/org.yaml in)" "$one"
	is "$(calls catalog-emit -o out/org.yaml in)" ''
	company 4 > in
	is "$(calls catalog-emit -o out/org.yaml in)" "$one"
	company 5 > in
	# The folder of a name without a slash is the working directory.
	is "$(calls sh -c 'cd out && exec catalog-emit -o org.yaml ../in')" "$one"
}

@test "parts: all files, then the parts' names, then their folder, then the index and its folder" {
	company 40 > in
	is "$(calls catalog-emit --split 3 -o out/org.yaml in)" 'fsync org/.000.yaml.tmp
fsync org/.001.yaml.tmp
fsync org/.002.yaml.tmp
fsync .org.yaml.tmp
rename org/000.yaml
rename org/001.yaml
rename org/002.yaml
fsync org
rename org.yaml
fsync .'
	# 40 parts are more than are written at once.
	calls catalog-emit --split 40 --force -o out/org.yaml in > order
	is "$(grep -c '^fsync .*tmp$' order)" 41
	is "$(sed -n '1,41s/ .*//p' order | sort -u)" fsync
	is "$(sed -n '42,81s/ .*//p' order | sort -u)" rename
	is "$(tail -n 3 order)" 'fsync org
rename org.yaml
fsync .'
	# One part changed: the index stays as it is.
	{ user p1 00u1 | sed 's/"metadata":{/&"title":"x",/'; company 40 | tail -n +2; } > in2
	part=$(grep -l 'user:default/p1 ' out/org/*)
	is "$(calls catalog-emit --split 40 -o out/org.yaml in2 | sed "s|${part#out/}|PART|; s|org/\.${part##*/}\.tmp|TMP|")" 'fsync TMP
rename PART
fsync org
fsync .'
}

@test "the ledger: fsync of the file, rename, fsync of the folder" {
	{ printf '{"kind":"OktaOrg","version":1,"id":"default","fetchedAt":"2026-11-24T04:00:00Z"}\n'
	printf '{"kind":"OktaUser","user":{"id":"00u1","created":"2024","profile":{"login":"ana@x"}}}\n{"kind":"End"}\n'; } > org.ndjson
	one='fsync .names.ndjson.tmp
rename names.ndjson
fsync .'
	is "$(calls okta-map --names out/names.ndjson org.ndjson)" "$one"
	is "$(calls okta-map --names out/names.ndjson org.ndjson)" ''
	sed -i 's/00u1/00u2/; s/ana@x/ben@x/' org.ndjson
	is "$(calls okta-map --names out/names.ndjson org.ndjson)" "$one"
}
