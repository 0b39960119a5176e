#!/usr/bin/env bats
# catalog-emit at its bounds: one less, exactly, one more.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
}

user() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"%s","annotations":{"okta.com/user-id":"%s"}},"spec":{"memberOf":[%s]}}\n' "$1" "$2" "${3:-}"; }
group() { printf '{"apiVersion":"backstage.io/v1alpha1","kind":"Group","metadata":{"name":"%s","annotations":{"okta.com/group-id":"%s"}},"spec":{"type":"group","children":[]}}\n' "$1" "$2"; }
end() { printf '{"kind":"End","id":"%s"}\n' "${1:-default}"; }
# lines N FUNCTION PREFIX ID-PREFIX: N entities
lines() { for n in $(seq "$1"); do "$2" "$3$n" "$4$n"; done; }

@test "the guard refuses by users alone, by groups alone and by memberships alone, one beyond the bound" {
	{ lines 20 user u 00u; lines 20 group g 00g; lines 20 user m 00m | sed 's/\[\]/["g1"]/'; end; } > in
	catalog-emit -q -f json -o org.json in
	refused() { # KIND BEFORE SED: what SED changes; 5 of it may vanish, 6 may not
		sed "${3//LAST/5}" in > less
		cp org.json kept.json
		ends_with 0 catalog-emit -f json -o kept.json --max-removals 5 less
		sed "${3//LAST/6}" in > less
		ends_with 79 catalog-emit -f json -o org.json --max-removals 5 less
		says "(a renaming counts): 6 of $2 $1"
		no grep -q "6 of $2 $1," err
	}
	refused users 40 '/"u[1-LAST]"/d'
	refused groups 20 '/"name":"g1[1-LAST]"/d'
	refused memberships 20 's/\(00m[1-LAST]"}},"spec":{"memberOf":\)\["g1"\]/\1[]/'
}

@test "--max-removals: a share of 100 % and a count of a billion are accepted, one more is not" {
	{ user ana 00u1; end; } > in
	for value in 0 0% 100% 1000000000; do
		ends_with 0 catalog-emit --max-removals $value in
	done
	for value in '' % 101% 150% 1000000001 -1 1.5 '10 %' x; do
		ends_with 64 catalog-emit --max-removals "$value" in
		says "--max-removals $value: expected a number or a share"
	done
}

@test "the default bound is 10 % and at least 10" {
	{ lines 110 user u 00u; end; } > in
	for gone in 10:0 11:0 12:79; do
		catalog-emit -q --force -f ndjson -o org.ndjson in
		ends_with "${gone#*:}" catalog-emit -f ndjson -o org.ndjson <(tail -n +$((${gone%:*} + 1)) in)
	done
	{ lines 30 user u 00u; end; } > in
	for gone in 10:0 11:79; do
		catalog-emit -q --force -f ndjson -o org.ndjson in
		ends_with "${gone#*:}" catalog-emit -f ndjson -o org.ndjson <(tail -n +$((${gone%:*} + 1)) in)
	done
}

@test "three removed names are reported, of more three and the number of the others; the guard reports five" {
	{ lines 9 user u 00u; end; } > in
	names() { # REMOVED BOUND STATUS TEXT
		catalog-emit -q --force -f ndjson -o org.ndjson in
		ends_with "$3" catalog-emit -f ndjson -o org.ndjson --max-removals "$2" <(tail -n +$(($1 + 1)) in)
		says "$4"
	}
	names 3 9 0 '3 removed (user:default/u1, user:default/u2, user:default/u3)'
	names 4 9 0 '4 removed (user:default/u1, user:default/u2, user:default/u3 and 1 more)'
	names 5 0 79 'users: user:default/u1, user:default/u2, user:default/u3, user:default/u4, user:default/u5: if'
	names 6 0 79 'user:default/u5 and 1 more: if'
}

@test "a forced change of the number of parts removes its own parts and nothing of others" {
	{ lines 30 user u 00u; end; } > in
	other() { # what is at parts/003.yaml before
		rm -rf parts parts.yaml
		catalog-emit -q --split "$1" -o parts.yaml in
		"${@:2}" > parts/003.yaml
		cp parts/003.yaml theirs
		ends_with 0 catalog-emit --split 2 --force -o parts.yaml in
		cmp parts/003.yaml theirs
		[ "$(ls parts | tr '\n' ' ')" = '000.yaml 001.yaml 003.yaml ' ]
	}
	other 3 echo 'kind: Location'
	other 3 printf '# catalog-emit 1 id=other part=3/4\n'
	other 3 printf '# catalog-emit 10 id=default part=3/4\n'
	other 3 printf '# catalog-emit 1 id=default\n'
	catalog-emit -q --split 5 --force -o parts.yaml in
	[ "$(ls parts | wc -l)" -eq 5 ]
	ends_with 0 catalog-emit --force -o parts.yaml in
	[ ! -e parts ]
}

@test "only the first line that this version writes is its own" {
	{ user ana 00u1; end; } > in
	catalog-emit -q -o good.yaml in
	for head in '# catalog-emit 10 id=default' '# catalog-emit 2' '# catalog-emit 1x' '#catalog-emit 1' '# Catalog-emit 1' '# catalog-emit' '# catalog-emit 11'; do
		sed "1s/.*/$head/" good.yaml > org.yaml
		cp org.yaml before
		ends_with 65 catalog-emit -o org.yaml in
		says 'org.yaml: not written by catalog-emit'
		cmp org.yaml before
	done
	for head in '# catalog-emit 1' '# catalog-emit 1 id=default'; do
		sed "1s/.*/$head/" good.yaml > org.yaml
		ends_with 0 catalog-emit -o org.yaml in
	done
}

@test "text that YAML could take for something else is quoted, wherever it begins; keys of all lengths are read back" {
	python3 - > in <<'PY'
import json
ends = [": b", " #b", ":", " ", "  b", ": ", " : b", "\tb", ", b", "\u00e9: b", "'", '"', "\\", "\x7f", "\u2028", "\n"]
values = [("abcdefghijklmnopqrstuvwxyz" * 2)[:n] + end for n in range(41) for end in ends]
words = ["nan", "inf", ".nan", ".inf", "-.inf", "+.inf", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"]
values += [word for w in words for word in (w, w.upper(), w.capitalize(), w + "x", "x" + w)]
values += ["k" * n for n in (199, 200, 201)]
keys = ["k" * n for n in range(960, 1110, 3)] + [chr(0x1f600) * n for n in (160, 167, 170, 250, 251, 500)] + ["\\" * n for n in range(480, 520)]
print(json.dumps({"apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": "ana", "values": values,
    "keys": {value: {value: value} for value in values if value}, "long": {key: [key] for key in keys}}, "spec": {"memberOf": []}}))
print('{"kind":"End"}')
PY
	for format in yaml yaml-flow; do
		ends_with 0 catalog-emit -f $format -o org.$format in
		python3 - org.$format <<'PY'
import json, sys, yaml
want, got = json.loads(open("in").readline()), yaml.safe_load(open(sys.argv[1]))
for part in ("values", "keys", "long"):
    assert got["metadata"][part] == want["metadata"][part], (part, [x for x in zip(want["metadata"][part], got["metadata"][part]) if x[0] != x[1]][:3])
PY
		ends_with 0 catalog-emit -f $format -o org.$format in
		says unchanged
	done
	# Not every reader takes these words for something else.
	for word in nan inf y n yes no on off true false null; do
		for spelled in $word ${word^^} ${word^}; do
			grep -qx "  *- \"$spelled\"" org.yaml
		done
	done
}

@test "a key that comes twice is found among any number of keys, and only then" {
	python3 - <<'PY'
import json
def entity(name, keys):
    members = ",".join('"%s":1' % k for k in keys)
    return '{"apiVersion":"backstage.io/v1alpha1","kind":"User","metadata":{"name":"%s","x":{%s}},"spec":{"memberOf":[]}}\n' % (name, members)
good, bad = open("good", "w"), open("bad", "w")
for n in [1, 2, 23, 24, 25, 26, 64, 65, 999, 1000, *range(1001, 1101, 11), 5000]:
    keys = ["k%d" % (i * 7919 % 10007) for i in range(n)]
    good.write(entity("n%d" % n, keys))
    for at in sorted({0, n // 2, n - 1}):
        bad.write(entity("n%d-%d" % (n, at), keys + [keys[at]]))
        bad.write(entity("e%d-%d" % (n, at), ["\\u006b" + keys[at][1:]] + keys))
for out in (good, bad):
    out.write('{"kind":"End"}\n')
PY
	ends_with 0 catalog-emit --check --strict good
	says "0 invalid of $(($(wc -l < good) - 1))"
	ends_with 65 catalog-emit --check bad
	says "$(($(wc -l < bad) - 1)) invalid of $(($(wc -l < bad) - 1))"
}

@test "prefixes of 253, names of 63 characters and all blanks of JavaScript are judged as in Backstage" {
	python3 - <<'PY'
import json
label = "a" * 63
prefix = ".".join([label] * 3) + "." + "a" * 61
assert len(prefix) == 253
def entity(name, **metadata):
    return json.dumps({"apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": name, **metadata}, "spec": {"memberOf": []}}) + "\n"
blanks = [9, 10, 11, 12, 13, 32, 0xa0, 0x1680, *range(0x2000, 0x200b), 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff]
near = [0x200b, 0x2060, 0x205e, 0x180e, 0x2030, 0x85, 0x1f, 0x3001]
link = lambda text: [{"url": "https://x", "title": text}]
with open("good", "w") as out:
    out.write(entity("p", annotations={prefix + "/x": "y", "x/" + "n" * 63: "y", "n" * 63: "y"}) + entity("n" * 63))
    out.writelines(entity("near%d" % n, links=link(chr(c))) for n, c in enumerate(near))
    out.write(entity("around", links=link("".join(map(chr, blanks)) + "x")))
    out.write('{"kind":"End"}\n')
with open("bad", "w") as out:
    out.write(entity("p", annotations={prefix + "a/x": "y"}) + entity("l", annotations={"a" + label + "/x": "y"}))
    out.write(entity("k", annotations={"n" * 64: "y"}) + entity("n" * 64))
    out.writelines(entity("blank%d" % n, links=link(chr(c))) for n, c in enumerate(blanks))
    out.write(entity("all", links=link("".join(map(chr, blanks)))))
    out.write('{"kind":"End"}\n')
PY
	ends_with 0 catalog-emit --check --strict good
	ends_with 65 catalog-emit --check bad
	says "$(($(wc -l < bad) - 1)) invalid of $(($(wc -l < bad) - 1))"
}

@test "an entity of 512 levels is published and found again, one of 513 is an error" {
	nested() { user ana 00u1 | sed "s/\"memberOf\"/\"x\":$(printf '[%.0s' $(seq "$1"))$(printf ']%.0s' $(seq "$1")),&/"; end; }
	nested 510 > in
	for format in yaml yaml-flow json ndjson mutation; do
		# A mutation's line has the entity one level deeper.
		ends_with 0 catalog-emit -f $format -o org.$format in
	done
	nested 511 > in
	ends_with 65 catalog-emit in
	says 'line 1: byte'; says 'more than 512 levels'
}

@test "an existing file and existing parts keep their mode; new ones have 0644 whatever the umask" {
	{ lines 20 user u 00u; end; } > in
	sed 's/"metadata":{/&"title":"x",/' in > changed
	for mode in 600 640 664 444 755; do
		for format in yaml json; do
			rm -f org sum.json
			(umask 077; catalog-emit -q -f $format -o org --summary-file sum.json in)
			[ "$(stat -c %a org sum.json | tr '\n' ' ')" = '644 644 ' ]
			chmod $mode org sum.json
			ends_with 0 catalog-emit -f $format -o org --summary-file sum.json changed
			[ "$(stat -c %a org sum.json | tr '\n' ' ')" = "$mode $mode " ]
		done
		rm -rf parts parts.yaml sum.json
		(umask 077; catalog-emit -q --split 3 -o parts.yaml in)
		[ "$(stat -c %a parts parts/* parts.yaml | tr '\n' ' ')" = '755 644 644 644 644 ' ]
		chmod $mode parts/001.yaml parts.yaml
		rm parts/002.yaml
		ends_with 0 catalog-emit --split 3 --force -o parts.yaml changed
		[ "$(stat -c %a parts/*)" = "$(printf '644\n%s\n644' $mode)" ]
		[ "$(stat -c %a parts.yaml)" = $mode ]
		rm -f sum.json
	done
}
