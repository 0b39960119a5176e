# How okta-fetch signs in: the org's address, client ID, key and key ID, or an SSWS token. Everything here gives an array of
# {stage, args}, {secret}, {problem} and {warning}.

include "marks";
include "nearest";
include "keys";
include "secret";

def url_problem:
	if type != "string" then "expected the org's address, such as https://acme.okta.com, found \(found)"
	elif test("^https://[^/?#]*-admin\\.") then capture("^(?<a>https://[^/?#]*)-admin(?<b>\\.[^/?#]*)")
		| "is the admin console's address; leave out \"-admin\": \(.a + .b)"
	elif test("^https://[^/?#\\s@]+/$") then "ends in a slash; write \(rtrimstr("/"))"
	elif test("^https://[^/?#\\s@]+$") then null
	elif test("^[A-Za-z0-9.-]+(:[0-9]+)?/?$") then "https:// is missing; expected https://\(rtrimstr("/"))"
	else "expected the org's address alone, such as https://acme.okta.com, found \(found)" end;

def url($path):
	(if . == null then "missing; expected the org's address, such as https://acme.okta.com" else url_problem end) as $wrong
	| [if $wrong != null then problem($path; $wrong) else {stage: "fetch", args: ["--org-url", .]} end];

def text_argument($path; $option): [try {stage: "fetch", args: [$option, text]} catch problem($path; .)];

# One of the secrets, from the tree with its marks. $at is its path as an array, below the provider.
def secret_parts($path; $at; $option):
	secret($option == "--key-file") as $s
	| [if $s.problem then problem($path; $s.problem) else {secret: ($s.secret + {$option, path: $at})} end];

# Client ID, key and key ID of $o, which is the provider ($in is []) or its oauth; $raw is the same with marks.
def client($path; $o; $raw; $in):
	under($path; "clientId") as $client_path | under($path; "privateKey") as $key_path
	| ($o.clientId | if . == null then [problem($client_path; "missing")] else text_argument($client_path; "--client-id") end)
	+ ($o.keyId | if . == null then [] else text_argument(under($path; "keyId"); "--key-id") end)
	+ ($raw.privateKey
		| if . == null then [problem($key_path; "missing; expected the key itself, ${NAME}, { $env: NAME } or { $file: PATH }")]
			else secret_parts($key_path; $in + ["privateKey"]; "--key-file") end);

# OAuth where there is enough of it, as RoadieHQ's provider has it, else an SSWS token. $raw is the provider with marks.
def credentials($path; $c; $raw):
	under($path; "oauth") as $oauth_path
	| ($c.oauth // $c) as $o | (if $c.oauth == null then $raw else $raw.oauth end) as $o_raw
	| if ($o | type) != "object" then [problem($oauth_path; "expected clientId, keyId and privateKey, found \($o | type)")]
		elif $raw.token != null and ($o.clientId == null or $o_raw.privateKey == null) then
			$raw.token | secret_parts(under($path; "token"); ["token"]; "--token-file")
		elif $c.oauth == null then client($path; $o; $o_raw; [])
		else client($oauth_path; $o; $o_raw; ["oauth"])
			+ ($o | unread_keys($oauth_path; ["clientId", "keyId", "privateKey"]) | map({warning: .})) end;
