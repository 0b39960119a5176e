# How a good run went, from catalog-emit's summary, for people; $took in seconds.

def some($n; $what): if $n > 0 then "\($n) \($what)" else empty end;
def names: if length > 3 then "\(.[:3] | join(", ")) and \(length - 3) more" else join(", ") end;

def sign_in:
	.signIn | select(. != null) | (.refused | length) as $n
	| select($n > 0)
	| ", \($n) could not sign in (\(.resolver): \(.refused | map(.ref) | names))";

def run_line($file; $took):
	([some(.added | length; "added"), some(.renamed | length; "renamed"), some(.changed | length; "changed"),
		(.removed | select(length > 0) | "\(length) removed (\(names))"),
		(.takenOver // [] | select(length > 0) | "\(length) taken over (\(map(.ref) | names))")] | join(", ")) as $changes
	| (if .first then "first publication" elif $changes == "" then "unchanged" else $changes end)
		+ ": \(.groups) groups, \(.users) users in \($file)"
		+ (if .invalid > 0 then ", \(.invalid) invalid" else "" end)
		+ ([sign_in] | add // "")
		+ " (\(if .calls then "\(.calls) calls, " else "" end)\($took) s)";
