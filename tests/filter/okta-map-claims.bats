#!/usr/bin/env bats
# Nobody becomes somebody else: who carries an e-mail that several share.

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

carriers() {
	jq -r 'select(.metadata.annotations["okta.com/email"]? and .spec.profile.email).metadata.annotations["okta.com/user-id"]' out | sort | xargs
}

# Whoever is without the annotation is without the profile's, too.
no_half_carriers() {
	[ "$(jq -r 'select(.kind == "User" and .metadata.annotations["okta.com/email"] != .spec.profile.email)' out)" = '' ]
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
			says "e-mail box@a.example is shared by 2 users, and Backstage refuses to sign in any of them by e-mail: 00u1 (00u1), 00u2 (00u2): give each an address of its own in Okta, let users sign in by Okta id (the resolver in examples/backstage), or leave the address to the user whose login it is (--shared-email login)"
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

@test "an e-mail of thousands: the line names the first twenty and counts the others" {
	python3 -c '
for n in range(5000):
    print("""{"kind":"OktaUser","user":{"id":"00u%04d","created":"%d","profile":{"login":"l%d","email":"box@a.example"}}}""" % (n, 9999 - n, n))' |
		map --user-name id
	[ "$(carriers | wc -w)" -eq 5000 ]
	[ "$(wc -l < err)" -eq 1 ]
	says 'e-mail box@a.example is shared by 5000 users, '
	says ': 00u4999 (00u4999), 00u4998 (00u4998), '
	says ', 00u4980 (00u4980) and 4980 more: give each'
	[ "$(wc -c < err)" -lt 1000 ]
}
