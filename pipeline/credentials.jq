# How okta-fetch signs in: the org's address, client ID, key and key ID, or an SSWS token. Everything here gives an array of
# {stage, args}, {secret}, {variables}, {problem} and {warning}.

include "marks";
include "nearest";
include "keys";
include "secret";

def url_problem:
	if type != "string" then "expected the org's address, such as https://acme.okta.com, found \(found)"
	elif test("^https://[^/?#]*-admin\\.") then "is the admin console's address; leave out \"-admin\": \(capture("^(?<a>https://[^/?#]*)-admin(?<b>\\.[^/?#]*)") | .a + .b)"
	elif test("^https://[^/?#\\s@]+/$") then "ends in a slash; write \(rtrimstr("/"))"
	elif test("^https://[^/?#\\s@]+$") then null
	elif test("^[A-Za-z0-9.-]+(:[0-9]+)?/?$") then "https:// is missing; expected https://\(rtrimstr("/"))"
	else "expected the org's address alone, such as https://acme.okta.com, found \(found)" end;

def url($path):
	if . == null then [{problem: "\($path): missing; expected the org's address, such as https://acme.okta.com"}]
	else
		url_problem as $wrong
		| if $wrong != null then [{problem: "\($path): \($wrong)"}] else [{stage: "fetch", args: ["--org-url", .]}] end
	end;

def text_argument($path; $option): [try {stage: "fetch", args: [$option, text]} catch {problem: "\($path): \(.)"}];

# One of the secrets, from the tree with its marks. $at is its path as an array, below the provider.
def secret_parts($path; $at; $option):
	secret($option == "--key-file") as $s
	| [{variables: $s.variables}, (if $s.problem then {problem: "\($path): \($s.problem)"} else {secret: ($s.secret + {$option, path: $at})} end)];

# Client ID, key and key ID, in oauth or beside it, or an SSWS token. $raw is the same with marks.
def credentials($path; $c; $raw):
	if $c.oauth != null and ($c.oauth | type) != "object" then [{problem: "\(under($path; "oauth")): expected clientId, keyId and privateKey, found \($c.oauth | type)"}]
	else
		(if $c.oauth != null then [under($path; "oauth"), $c.oauth, $raw.oauth, ["oauth"]] else [$path, $c, $raw, []] end) as [$at, $o, $o_raw, $in]
		| if $raw.token != null and ($o.clientId == null or $o_raw.privateKey == null) then $raw.token | secret_parts(under($path; "token"); ["token"]; "--token-file")
		else
			($o.clientId | if . == null then [{problem: "\(under($at; "clientId")): missing"}] else text_argument(under($at; "clientId"); "--client-id") end)
			+ ($o.keyId | if . == null then [] else text_argument(under($at; "keyId"); "--key-id") end)
			+ ($o_raw.privateKey | if . == null then [{problem: "\(under($at; "privateKey")): missing; expected the key itself, ${NAME}, { $env: NAME } or { $file: PATH }"}]
				else secret_parts(under($at; "privateKey"); $in + ["privateKey"]; "--key-file") end)
			+ ($c.oauth | unread_keys($at; ["clientId", "keyId", "privateKey"]) | map({warning: .}))
		end
	end;
