# For bats files that write streams by hand: `load records`.

org() { printf '{"kind":"OktaOrg","version":1,"id":"default","oktaUrl":"https://acme.okta.com","fetchedAt":"%s"}\n' "${1:-2026-11-24T04:00:00Z}"; }
end() { printf '{"kind":"End","groups":%s,"users":%s,"memberships":%s,"calls":3,"waitedSeconds":0}\n' "$1" "$2" "$3"; }
# user ID CREATED EMAIL [LOGIN [STATUS]]
user() { printf '{"kind":"OktaUser","user":{"id":"%s","status":"%s","created":"%s","profile":{"login":"%s","email":"%s","firstName":"F","lastName":"L"}}}\n' "$1" "${5:-ACTIVE}" "$2" "${4:-$3}" "$3"; }
# group ID CREATED NAME
group() { printf '{"kind":"OktaGroup","group":{"id":"%s","created":"%s","type":"OKTA_GROUP","profile":{"name":"%s","description":"d"}}}\n' "$1" "$2" "$3"; }
# unit ID CREATED NAME CODE PARENTCODE: a group in a tree; codes as JSON
unit() { printf '{"kind":"OktaGroup","group":{"id":"%s","created":"%s","type":"OKTA_GROUP","profile":{"name":"%s","code":%s,"up":%s}}}\n' "$@"; }
members() { local g=$1; shift; printf '{"kind":"OktaMembers","groupId":"%s","userIds":[%s]}\n' "$g" "$(printf '"%s",' "$@" | sed 's/,$//')"; }
# person ID PROFILE: a user with these members of the profile on top, as JSON without braces
person() { printf '{"kind":"OktaUser","user":{"id":"%s","status":"ACTIVE","created":"2024","profile":{"login":"%s@acme.example","email":"%s@acme.example",%s}}}\n' "$1" "$1" "$1" "$2"; }

# ID NAME of all entities of a kind in the file out.
names() { jq -r "select(.kind==\"$1\") | [.metadata.annotations[\"okta.com/user-id\"] // .metadata.annotations[\"okta.com/group-id\"], .metadata.name] | join(\" \")" out | sort; }
# The eight letters that the design puts behind a contested name.
suffix() { printf %s "$1" | openssl dgst -sha256 -binary | base32 | tr A-Z a-z | cut -c 1-8; }
# An annotation of an entity by its Okta id, "absent" without.
annotation() { jq -r --arg id "$1" --arg key "$2" 'select(.metadata.annotations? | .["okta.com/user-id"] == $id or .["okta.com/group-id"] == $id) | .metadata.annotations[$key] // "absent"' out; }
# The parents: GROUP-ID PARENT-REF
parents() { jq -r 'select(.kind=="Group") | [.metadata.annotations["okta.com/group-id"], .spec.parent // "-"] | join(" ")' out | sort; }

# map_on DAY OPTION... < records: one run of okta-map on a day, with the ledger
# names; ends with $expect (0)
map_on() {
	{ org "$1"; cat; end 0 0 0; } > in
	shift
	ends_with "${expect:-0}" okta-map --names names "$@" in
}
