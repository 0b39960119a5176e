#!/usr/bin/env bats
# Nobody becomes somebody else: who gets a name that several claim, and who
# carries an e-mail that several share.

load org
load records

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# map OPTION... < records: one run
map() {
	{ org; group 00g1 2024 x; cat; echo '{"kind":"End"}'; } > in
	ends_with 0 okta-map "$@" in
}

# nick ID CREATED LOGIN NICK: a user for --user-name profile.nick
nick() {
	person "$1" "\"nick\":\"$4\"" |
		sed "s/\"2024\"/\"$2\"/; s/\"login\":\"[^\"]*\"/\"login\":\"$3\"/"
}

# permutations < LINES: a file order.N for each order of the lines
permutations() {
	python3 -c '
import itertools, sys
for n, lines in enumerate(itertools.permutations(sys.stdin.readlines())):
    open("order.%d" % n, "w").writelines(lines)'
}

# gets NAME ID OPTION... < records: ID gets the name, in each order of the
# records, and the output is the same each time
gets() {
	local name=$1 id=$2 order
	shift 2
	rm -f order.* first first.err
	permutations
	for order in order.*; do
		map "$@" < "$order"
		[ "$(names User | grep -i " $name\$")" = "$id $name" ] || { cat "$order"; names User; return 1; }
		[ -e first ] || { cp out first; cp err first.err; }
		cmp out first || return 1
		cmp err first.err || return 1
	done
}

carriers() {
	jq -r 'select(.metadata.annotations["okta.com/email"]? and .spec.profile.email).metadata.annotations["okta.com/user-id"]' out | sort | xargs
}

# A user without the annotation has no e-mail in the profile either.
no_half_carriers() {
	[ "$(jq -r 'select(.kind == "User" and .metadata.annotations["okta.com/email"] != .spec.profile.email)' out)" = '' ]
}

@test "the user whose login gives the name gets the name, however old the others are" {
	gets bob 00u3 <<-END
		$(user 00u1 2001 bob@other.example eve@a.example)
		$(user 00u2 2002 _bob!@a.example mallory@a.example)
		$(user 00u3 2024 bob@a.example)
		$(user 00u4 2003 BOB@b.example zed@a.example)
	END
	# The login decides also if the e-mail gives the name by a repair only.
	gets bob 00u2 <<-END
		$(user 00u1 2001 bob@other.example eve@a.example)
		$(user 00u2 2024 _bob!@a.example bob@a.example)
	END
	gets o-brien 00u2 <<-END
		$(user 00u1 2001 o-brien@other.example eve@a.example)
		$(user 00u2 2024 "o'brien@a.example")
	END
	# A login without an @, as Okta allows, gives the name as it is.
	gets bob 00u2 <<-END
		$(user 00u1 2001 bob@other.example eve@a.example)
		$(user 00u2 2024 bob@a.example Bob)
	END
}

@test "the login decides by each rule that makes the name from the e-mail" {
	for rule in strip-domain-email=bob kebab-case-email=bob-a-example slugify-email=bob-a.example; do
		gets "${rule#*=}" 00u2 --user-name "${rule%=*}" <<-END
			$(user 00u1 2001 bob@a.example eve@a.example)
			$(user 00u2 2024 bob@a.example)
			$(user 00u3 2002 bob@a.example none)
		END
		# Written in another way, the login gives the same name.
		gets "${rule#*=}" 00u2 --user-name "${rule%=*}" <<-END
			$(user 00u1 2001 bob@a.example eve@a.example)
			$(user 00u2 2024 bob@a.example BOB@A.example)
		END
	done
	# The rule profile.email makes the name from the e-mail, too.
	gets bob-a.example 00u2 --user-name profile.email <<-END
		$(user 00u1 2001 '\"bob@a.example' eve@a.example)
		$(user 00u2 2024 bob@a.example)
	END
	# By another rule, or for groups, it does not.
	gets bob 00u1 --user-name profile.nick <<-END
		$(nick 00u1 2001 eve bob)
		$(nick 00u2 2024 bob bob)
	END
}

@test "of users whose logins give other names, one whose name needed no repair comes first" {
	for repaired in _bob! '\"bob\"' ' bob' 'bob.' 'böb' bob---; do
		base=bob
		[ "$repaired" != böb ] || base=b-b
		gets $base 00u2 <<-END
			$(user 00u1 2001 "$repaired@x" u1)
			$(user 00u2 2024 "$base@x" u2)
		END
	done
	# Another case is no repair: the older one has the name.
	gets BOB 00u1 <<-END
		$(user 00u1 2001 BOB@x u1)
		$(user 00u2 2024 bob@x u2)
	END
	# No rule but those of the e-mail looks at the login.
	gets bob 00u2 --user-name profile.nick <<-END
		$(nick 00u1 2001 bob _bob!)
		$(nick 00u2 2024 zed bob)
	END
}

@test "groups: a name that needed no repair comes before an older group's" {
	{ group 00g1 2001 _web; group 00g2 2024 web; group 00g3 2002 web!; } > groups
	for order in cat tac; do
		{ org; $order groups; end 3 0 0; } > in
		ends_with 0 okta-map --group-name profile-name in
		[ "$(names Group)" = "00g1 web-$(suffix 00g1)
00g2 web
00g3 web-$(suffix 00g3)" ]
	done
}

@test "without other differences the one created first gets the name, then the lesser id, in any order" {
	gets ann 00uC <<-END
		$(user 00uA 2024 ann@a.example)
		$(user 00uB 2024 ann@b.example)
		$(user 00uC 2023 ann@c.example)
		$(user 00uD 2025 ann@d.example)
	END
	gets ann 00uA <<-END
		$(user 00uB 2024-01-01T00:00:00.000Z ann@a.example)
		$(user 00uA 2024-01-01T00:00:00.000Z ann@b.example)
		$(user 00ua 2024-01-01T00:00:00.000Z ann@c.example)
		$(user 00uA1 2024-01-01T00:00:00.000Z ann@d.example)
	END
	# Without a time of creation, too, and for groups.
	gets ann 00uA <<-END
		$(user 00uB '' ann@a.example)
		$(user 00uA '' ann@b.example)
	END
	{ group 00gB 2024 web; group 00gA 2024 web; } > groups
	for order in cat tac; do
		{ org; $order groups; end 2 0 0; } > in
		ends_with 0 okta-map in
		[ "$(names Group)" = "00gA web
00gB web-$(suffix 00gB)" ]
	done
}

@test "all that decides at once: the same names in each of 120 orders" {
	gets bob 00u5 <<-END
		$(user 00u1 2001 bob@a.example x1)
		$(user 00u2 2000 ' bob@b.example' x2)
		$(user 00u3 2024 bob@c.example bob@a.example)
		$(user 00u5 2023 bob@c.example BOB@a.example)
		$(user 00u6 2022 _bob@c.example BOB@b.example)
	END
}

@test "the holder in the ledger keeps the name before all who claim it" {
	user 00u1 2024 _bob!@x u1 | map --names names
	{ user 00u2 2001 bob@x; user 00u1 2024 _bob!@x u1; } | map --names names
	[ "$(names User)" = "00u1 bob
00u2 bob-$(suffix 00u2)" ]
	# The name of one who left goes to nobody, whatever the login gives.
	user 00u2 2001 bob@x | map --names names
	[ "$(names User)" = "00u2 bob-$(suffix 00u2)" ]
}

@test "users who share an e-mail all carry it, and one line names each of them" {
	{ user 00u1 2020 box@a.example one@a.example; user 00u2 2024 Box@a.example box@a.example
	user 00u3 2019 two@a.example x@a.example; user 00u4 2021 TWO@a.example y@a.example
	user 00u5 2018 Two@A.example z@a.example; user 00u6 2018 alone@a.example; } > people
	for order in cat tac; do
		for option in '' '--shared-email keep'; do
			$order people | map --user-name id $option
			[ "$(carriers)" = '00u1 00u2 00u3 00u4 00u5 00u6' ]
			no_half_carriers
			[ "$(grep -c ' is shared by ' err)" -eq 2 ]
			says "e-mail box@a.example is shared by 2 users, and Backstage refuses to sign in any of them by e-mail: 00u1 (00u1), 00u2 (00u2): give each an address of its own in Okta, let users sign in by Okta id (the resolver in examples/backstage), or if all of them are one person, leave the address to the user whose login it is (--shared-email login)"
			says "e-mail two@a.example is shared by 3 users, and Backstage refuses to sign in any of them by e-mail: 00u5 (00u5), 00u3 (00u3), 00u4 (00u4): give"
			[ -e first ] || cp err first
			cmp err first
		done
	done
	ends_with 0 okta-map -q --user-name id in
	[ "$(carriers)" = '00u1 00u2 00u3 00u4 00u5 00u6' ]
	[ ! -s err ]
}

@test "--shared-email login: the one user whose login is the e-mail carries it; with none or two, all do" {
	{ user 00u1 2020 box@a.example one@a.example; user 00u2 2024 Box@a.example bOX@A.example
	user 00u3 2019 two@a.example x@a.example; user 00u4 2021 two@a.example y@a.example
	user 00u5 2019 six@a.example SIX@a.example; user 00u6 2021 six@a.example; user 00u7 2018 six@a.example z@a.example
	user 00u8 2018 alone@a.example w@a.example; } > people
	for order in cat tac; do
		$order people | map --user-name id --shared-email login
		[ "$(carriers)" = '00u2 00u3 00u4 00u5 00u6 00u7 00u8' ]
		no_half_carriers
		[ "$(jq -r 'select(.metadata.annotations["okta.com/user-id"]? == "00u1").spec.profile' out | jq -c .)" = '{"displayName":"F L"}' ]
		[ "$(grep -c ' is shared by ' err)" -eq 3 ]
		says "e-mail box@a.example is shared by 2 users: 00u1 (00u1), 00u2 (00u2): only 00u2 (00u2), whose login it is, carries it (--shared-email login)"
		says 'e-mail two@a.example is shared by 2 users, and Backstage refuses to sign in any of them by e-mail: 00u3 (00u3), '
		says 'or make the address the login of one of them'
		says 'e-mail six@a.example is shared by 3 users, and Backstage refuses'
		ends_with 0 okta-map -q --user-name id --shared-email login in
		[ "$(carriers)" = '00u2 00u3 00u4 00u5 00u6 00u7 00u8' ]
	done
	ends_with 64 okta-map --shared-email oldest in
	says 'keep'
}

@test "e-mails are equal as JavaScript's lower case has them" {
	{ user 00u1 2020 'ΟΔΟΣ@a.example'; user 00u2 2021 'οδος@a.example'; user 00u3 2022 'οδοσ@a.example'
	user 00u4 2020 'İzmir@a.example'; user 00u5 2021 'i̇zmir@a.example'; user 00u6 2022 'izmir@a.example'
	user 00u7 2020 'KIM@a.example'; user 00u8 2022 'kim@a.example'; } | map --user-name id
	[ "$(grep -c ' is shared by ' err)" -eq 3 ]
	says 'is shared by 2 users, and Backstage refuses to sign in any of them by e-mail: 00u1 (00u1), 00u2 (00u2): '
	says 'is shared by 2 users, and Backstage refuses to sign in any of them by e-mail: 00u4 (00u4), 00u5 (00u5): '
	says 'is shared by 2 users, and Backstage refuses to sign in any of them by e-mail: 00u7 (00u7), 00u8 (00u8): '
	# The login is compared alike.
	{ user 00u1 2020 'οδος@a.example' x; user 00u2 2021 'οδος@a.example' 'ΟΔΟΣ@A.example'; } | map --user-name id --shared-email login
	[ "$(carriers)" = 00u2 ]
}

@test "e-mails with equal hashes are not shared" {
	for pair in 'ana55942 ana185836' 'ana147461 ana161501' 'ana75680 ana116443'; do
		for name in $pair; do
			user "00u$name" 2024 "$name@acme.example" "l$name"
		done
	done | map --shared-email login
	[ ! -s err ]
	[ "$(carriers | wc -w)" -eq 6 ]
}

@test "an e-mail of thousands: one line names each of its users, the oldest first" {
	python3 -c '
for n in range(5000):
    print("""{"kind":"OktaUser","user":{"id":"00u%04d","created":"%d","profile":{"login":"l%d","email":"box@a.example"}}}""" % (n, 9999 - n, n))' |
		map --user-name id
	[ "$(carriers | wc -w)" -eq 5000 ]
	[ "$(wc -l < err)" -eq 1 ]
	says 'e-mail box@a.example is shared by 5000 users, '
	says ': 00u4999 (00u4999), 00u4998 (00u4998), '
	says ', 00u0001 (00u0001), 00u0000 (00u0000): give each'
	[ "$(grep -o '00u[0-9]* (' err | sort -u | wc -l)" -eq 5000 ]
}
