# The simplest mapping that gives what okta-map gives: groups, and users with their memberships. jq -nc -f
def name: ascii_downcase | gsub("[^a-z0-9]+"; "-");
[inputs] as $all
| ($all | map(select(.kind == "OktaGroup") | {key: .group.id, value: (.group.profile.name | name)}) | from_entries) as $group
| ($all | map(select(.kind == "OktaMembers") | .groupId as $id | .userIds[] | [., $group[$id]]) | group_by(.[0])
    | map({key: .[0][0], value: map("group:default/" + .[1])}) | from_entries) as $of
| ($all[] | select(.kind == "OktaGroup") | .group | {
    apiVersion: "backstage.io/v1alpha1", kind: "Group",
    metadata: {
      name: $group[.id], title: .profile.name, description: .profile.description,
      annotations: {"okta.com/group-id": .id, "okta.com/group-type": .type}
    },
    spec: {type: "group", profile: {displayName: .profile.name}, children: []}
  }),
  ($all[] | select(.kind == "OktaUser") | .user | {
    apiVersion: "backstage.io/v1alpha1", kind: "User",
    metadata: {
      name: (.profile.email | split("@")[0]), title: .profile.displayName,
      annotations: {"okta.com/user-id": .id, "okta.com/login": .profile.login, "okta.com/email": .profile.email}
    },
    spec: {profile: {displayName: .profile.displayName, email: .profile.email}, memberOf: ($of[.id] // [])}
  })
