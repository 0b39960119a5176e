#!/usr/bin/env bats
# catalog-emit: nothing is replaced that it did not write, and what it cannot read as its own is no first publication.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
	{ company; end; } > in
	{ company 3; end; } > less
	end > none
}

user() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"%s","annotations":{"okta.com/user-id":"%s"}},"spec":{"memberOf":[]}}\n' "$1" "$2"; }
company() { for n in $(seq 1 "${1:-30}"); do user "person$n" "00u$n"; done; }
end() { printf '{"kind":"End","id":"default","oktaUrl":"https://acme.okta.com"}\n'; }

# untouched FILE OPTION...: with these options each stream is refused, with and without entities, and FILE stays.
untouched() {
	local file=$1
	shift
	cp "$file" as_it_was
	for stream in in less none; do
		ends_with 65 catalog-emit "$@" $stream
		says "$file: not written by catalog-emit"
		cmp "$file" as_it_was
	done
}

@test "what somebody else wrote is not replaced, in no form, unless --force says so" {
	echo '{"name":"my-package","version":"1.0.0"}' > one-line.json
	printf '{\n  "name": "my-package"\n}\n' > package.json
	printf '{"kind":"OktaOrg","version":1}\n{"kind":"OktaUser","user":{"id":"00u1","profile":{"login":"a@x"}}}\n{"kind":"End"}\n' > org.ndjson
	cp in map.ndjson
	printf '[\n  {"a": 1}\n]\n' > array.json
	printf '[\n]\n[\n]\n' > two.json
	printf '[]\n' > empty.json
	printf '{"type":"full","entities":[\n{"a":1}\n]}\n' > full.json
	for file in one-line.json package.json org.ndjson map.ndjson array.json two.json empty.json full.json; do
		for format in ndjson json mutation; do
			untouched $file -f $format -o $file
		done
	done
	ends_with 0 catalog-emit -f json --force -o package.json in
	[ "$(jq length package.json)" -eq 30 ]
}

@test "a summary that will be the catalog by another name: 73, and nothing is there" {
	ln -s org.yaml link
	ends_with 73 catalog-emit -q -o org.yaml --summary-file link in
	says 'org.yaml: is the same file as another that this run writes'
	[ ! -e org.yaml ]
	[ ! -e .org.yaml.tmp ]
}

@test "with --base elsewhere, too, and a delta, and the parts of a first --split" {
	catalog-emit -q -o base.yaml in
	echo '# Read me' > README.md
	untouched README.md --base base.yaml -o README.md
	untouched README.md --base base.yaml -f delta -o README.md
	catalog-emit -q --base base.yaml -o copy.yaml in
	ends_with 0 catalog-emit --base base.yaml -o copy.yaml in
	catalog-emit -q --base base.yaml -f delta -o d.json in
	ends_with 0 catalog-emit --base base.yaml -f delta -o d.json less --force
	mkdir q
	echo 'kind: Location' > q/001.yaml
	untouched q/001.yaml --split 3 -o q.yaml
	[ ! -e q.yaml ]
	[ ! -e q/000.yaml ]
	ends_with 0 catalog-emit --split 3 -o q.yaml --force in
}

@test "a base that was altered is an error, never a smaller catalog" {
	catalog-emit -q -o good.yaml in
	catalog-emit -q -f yaml-flow -o good.flow in
	for change in 's/^--- # .*/---/' 's/^--- # /---  # /' 's/^--- #.*person7 .*/---/' '1a # a comment' '1a ---'; do
		for good in good.yaml good.flow; do
			sed "$change" $good > org.yaml
			untouched org.yaml -o org.yaml
		done
	done
	for good in good.yaml good.flow; do
		for line in $(grep -n '^--- #' $good | cut -d: -f1 | sed -n '1p;2p;17p;$p'); do
			sed "${line}d" $good > org.yaml
			untouched org.yaml -o org.yaml
			ends_with 0 catalog-emit --force -f "$([ $good = good.yaml ] && echo yaml || echo yaml-flow)" -o org.yaml in
			cmp org.yaml $good
		done
	done
	catalog-emit -q -f yaml-flow --split 2 -o parts.yaml in
	sed -i 5d parts/001.yaml
	ends_with 65 catalog-emit -f yaml-flow --split 2 -o parts.yaml in
	says 'parts/001.yaml: not written by catalog-emit'
	for body in 3,10d '/^kind: /d' '9s/$/\nkind: User/'; do
		sed "$body" good.yaml > org.yaml
		untouched org.yaml -o org.yaml
	done
	for body in '3s/}$//' '3s/"memberOf.*//' 3d; do
		sed "$body" good.flow > org.yaml
		untouched org.yaml -o org.yaml
	done
	head -c 3000 good.yaml > org.yaml
	untouched org.yaml -o org.yaml
	for format in json mutation; do
		catalog-emit -q -f $format -o good.json in
		jq . good.json > pretty.json
		untouched pretty.json -f $format -o pretty.json
		jq -c . good.json > flat.json
		untouched flat.json -f $format -o flat.json
		head -n 12 good.json > cut.json
		untouched cut.json -f $format -o cut.json
		sed '3s/.*/{"kind":"User"},/' good.json > line.json
		untouched line.json -f $format -o line.json
	done
	catalog-emit -q -f ndjson -o good.ndjson in
	sed '3s/^{/[/' good.ndjson > line.ndjson
	untouched line.ndjson -f ndjson -o line.ndjson
	ends_with 65 catalog-emit -f delta --base line.ndjson in
	ends_with 65 catalog-emit --check -f ndjson -o line.ndjson in
	ends_with 0 catalog-emit --force -f ndjson -o line.ndjson in
	cmp line.ndjson good.ndjson
}

@test "the index is gone, the parts are there: they are what was published" {
	mkdir d
	catalog-emit -q --split 4 -o d/default.yaml in
	cp -r d whole
	rm d/default.yaml
	ends_with 79 catalog-emit --split 4 -o d/default.yaml less
	ends_with 79 catalog-emit --split 4 -o d/default.yaml none
	ends_with 65 catalog-emit -o d/default.yaml in
	says 'is published in 4 parts'
	ends_with 65 catalog-emit --split 5 -o d/default.yaml in
	sed 's/"default"/"other"/' in > other
	ends_with 65 catalog-emit --split 4 -o d/default.yaml other
	diff -r d/default whole/default
	ends_with 0 catalog-emit --split 4 -o d/default.yaml in
	diff -r d whole
}

@test "the parts are gone, the index is there: 65 with and without entities" {
	mkdir d
	catalog-emit -q --split 4 -o d/default.yaml in
	rm d/default/*
	for stream in in less none; do
		ends_with 65 catalog-emit --split 4 -o d/default.yaml --require-base $stream
		says 'd/default/000.yaml: is missing'
	done
	[ -z "$(ls d/default)" ]
	ends_with 0 catalog-emit --split 4 -o d/default.yaml --force in
	[ "$(cat d/default/* | grep -c '^--- #')" -eq 30 ]
}

@test "parts of a catalog of the same name with the other ending are left alone" {
	mkdir d
	catalog-emit -q --split 4 -o d/default.yaml in
	cp -r d whole
	ends_with 65 catalog-emit --split 4 -o d/default.yml in
	ends_with 65 catalog-emit --split 2 -o d/default.yml less
	says 'd/default.yml: its parts would replace those'
	ends_with 0 catalog-emit -o d/default.yml in
	ends_with 0 catalog-emit -o d/default.yml in
	mv d/default.yml out.yml
	diff -r d whole
	sed -i '1s/id=default/id=other/' d/default/002.yaml
	ends_with 65 catalog-emit --split 4 -o d/default.yaml in
	says 'd/default/002.yaml: not written by catalog-emit for this catalog'
}

@test "a pipe or a device is refused at once, as the file, as the base, and as the summary" {
	mkfifo pipe
	for options in '-o pipe' '-o pipe --base none' '-f delta -o pipe --base in'; do
		ends_with 73 timeout 10 catalog-emit $options in
		says 'pipe: is no regular file'
	done
	ends_with 65 timeout 10 catalog-emit --base pipe -o org.yaml in
	says 'pipe: is no regular file'
	ends_with 73 timeout 10 catalog-emit --summary-file pipe -o org.yaml in
	[ -p pipe ]
	mknod device c 1 3 2> /dev/null || skip "only root can make a device"
	ends_with 73 timeout 10 catalog-emit -o device in
	[ -c device ]
}

@test "no file is two things at once, whatever its spelling" {
	catalog-emit -q -f mutation -o m.json in
	cp m.json before
	ln -s m.json link.json
	for base in m.json ./m.json link.json "$PWD/m.json"; do
		ends_with 64 catalog-emit -f delta --base "$base" -o m.json in
		says 'would replace its own --base'
	done
	for other in m.json ./m.json link.json; do
		ends_with 64 catalog-emit -f mutation -o m.json --summary-file $other in
		ends_with 64 catalog-emit -f mutation --base m.json --summary-file $other in
	done
	cmp m.json before
	cp in copy
	ends_with 64 catalog-emit -o new.yaml --summary-file new.yaml in
	ends_with 64 catalog-emit -o new.yaml --summary-file ./in in
	ends_with 64 catalog-emit -o new.yaml --summary-file copy in copy
	cmp in copy
	[ ! -e new.yaml ]
	ends_with 64 catalog-emit --summary-file - in
	ends_with 0 catalog-emit -o new.yaml --summary-file - in
	[ "$(jq .users out)" -eq 30 ]
	[ ! -e ./- ]
}

# stopped CALL COMMAND...: starts it in the background and waits until it stopped right before its CALLth call that changes a file.
stopped() {
	env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD="${B:-$ROOT/build}/fault/die_at.so" STOP_AT="$1" "${@:2}" 2> stopped_err 3>&- &
	pid=$!
	until [ "$(ps -o stat= -p $pid | cut -c1)" = T ]; do kill -0 $pid; done
}

@test "two runs at once: the second is told 75 at each moment, and what the first publishes is whole" {
	catalog-emit -q --split 2 -o parts.yaml in
	catalog-emit -q -o one.yaml in
	{ company 33; end; } > more
	{ user new 00uNew; end; } > other
	for call in 2 3 4 5; do
		cp one.yaml org.yaml
		stopped $call catalog-emit -o org.yaml more
		ends_with 75 catalog-emit -o org.yaml --force other
		says 'org.yaml: another run is writing it'
		ends_with 0 catalog-emit -o org.yaml in
		says unchanged
		cmp org.yaml one.yaml
		kill -CONT $pid
		wait $pid
		[ "$(grep -c '^--- #' org.yaml)" -eq 33 ]
	done
	for call in 2 6 8; do
		rm -rf org.yaml org
		sed 's/parts/org/' parts.yaml > org.yaml
		cp -r parts org
		stopped $call catalog-emit --split 2 -o org.yaml more
		ends_with 75 catalog-emit --split 2 -o org.yaml --force other
		ends_with 0 catalog-emit --split 2 -o org.yaml in
		kill -CONT $pid
		wait $pid
		[ "$(cat org/* | grep -c '^--- #')" -eq 33 ]
	done
	[ -z "$(find . -name '.*.tmp')" ]
}

@test "what was published since the base was read is not replaced unseen: 75" {
	for options in '' '--split 2' '-f json'; do
		rm -rf org.yaml org
		mkfifo slow
		catalog-emit $options -o org.yaml slow 2> err 3>&- &
		# Opened to read, too: that waits for nobody, and who never comes is seen below.
		exec 4<> slow
		until ls -l /proc/$!/fd | grep -q slow; do kill -0 $!; done
		rm slow
		ends_with 0 catalog-emit $options -o org.yaml in
		find org* -type f -exec md5sum {} + > before
		cat less >&4
		exec 4>&-
		status=0
		wait $! || status=$?
		[ "$status" -eq 75 ]
		find org* -type f -exec md5sum {} + | cmp - before
	done
}
