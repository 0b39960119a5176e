# The least that a mapping can be: user record in, entity out, one by one, without groups and memberships. jq -c -f
select(.kind == "OktaUser") | .user | {
  apiVersion: "backstage.io/v1alpha1", kind: "User",
  metadata: {
    name: (.profile.email | split("@")[0]), title: .profile.displayName,
    annotations: {"okta.com/user-id": .id, "okta.com/login": .profile.login, "okta.com/email": .profile.email}
  },
  spec: {profile: {displayName: .profile.displayName, email: .profile.email}, memberOf: []}
}
