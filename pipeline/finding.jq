# Messages of the stages, and which of them are findings: what stays from run to run until somebody mends it.

# A raw line as {time, level, program, message}. Transforms and publish may write what they like; it is $by's.
def message($by):
	. as $line
	| (try fromjson catch null)
	| if type == "object" and (.level | type) == "string" and (.message | type) == "string" then .
		else {time: (now | todate), level: "note", program: $by, message: $line} end;

# The wrapper says in its own line how the run went, and which stage was the first to fail.
def is_summary: .program == "catalog-emit" and .level == "note" and (.message | test("^(unchanged|first publication|[0-9]+ added)"))
	or .level == "error" and (.message | startswith("the input is empty: did "))
	# What sh says of a stage that a signal ended.
	or .level == "note" and (.message | test("^(Killed|Terminated|Aborted|Segmentation fault)( \\(core dumped\\))?$"));

# okta-fetch's warnings are of the moment, but for groups that do not exist or have another name.
def is_finding:
	(.program == "okta-map" or .program == "catalog-emit" or .program == "okta-catalog") and (.level == "warning" or .level == "note")
		or .program == "okta-fetch" and .level == "warning" and (.message | test("^(no group |group .* was renamed in Okta to )"));

# The same from run to run, though lines move.
def finding_key: "\(.program): \(if .level == "warning" then "warning: " else "" end)\(.message | sub("^(?<file>.*)line [0-9]+: "; "\(.file)") | gsub("\n"; " "))";

def text($several; $provider):
	"\(.program): \(if $several then "\($provider): " else "" end)\(if .level == "warning" and (.message | startswith("warning: ") | not) then "warning: " else "" end)\(.message)";
