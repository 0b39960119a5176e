# Where a provider's secret is, and what is wrong with a key that was pasted. The secret itself stays where it is until
# okta-fetch reads it, but for one that is written into the configuration.

include "marks";

# What can be seen on a private key's text without knowing keys, or null.
def pasted_wrong:
	"; in YAML write it after `privateKey: |`, each line indented, or keep it in a file: { $file: okta-key.pem }" as $advice
	| if test("-----BEGIN [A-Z ]*PUBLIC KEY-----") then "is a public key; the private one is needed"
		elif test("^\\s*-----BEGIN") | not then
			if test("^\\s*\\{") then (try (fromjson | null) catch "looks like a JWK, but is no JSON") else null end
		elif test("\\\\n") then "has \\n in place of its line breaks\($advice)"
		elif test("-----BEGIN [^-]+-----[ \\t]*\\n") | not then "has no line breaks\($advice)"
		elif test("-----END [^-]+-----") | not then "is cut off: the line -----END PRIVATE KEY----- is missing"
		else null end;

# The value of privateKey or token (marks in it) to {secret: {file} or {variable} or {text}}, or {problem}.
def secret($is_key):
	(if is_mark then marked
		elif type == "string" then {text: .}
		elif type == "object" and has("kty") then {text: (unmarked | tojson)}
		else {problem: "expected the \(if $is_key then "key" else "token" end) itself, ${NAME}, { $env: NAME } or { $file: PATH }, found \(type)"} end)
	| if .problem or .missing then {problem: (.problem // .missing)}
		elif .file then {secret: {file}}
		elif (.text | test("\\S")) | not then {problem: "is empty"}
		elif $is_key and (.text | pasted_wrong) != null then {problem: (.text | pasted_wrong)}
		elif .variable then {secret: {variable}}
		else {secret: {text}} end;

# Where the secret of a provider (the input) is, as a text for sh.
def secret_place: .secret | @sh "secret_file=\(.file // "") secret_variable=\(.variable // "") secret_path=\(.path // [] | path_text)";
