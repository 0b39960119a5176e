# What the shell found out, as facts. Input: raw lines (jq -n -R). A fact begins with "config PATH", "include PATH" or "readable
# PATH"; "dir PATH" and "problem WHAT" may follow, and a line of JSON: its value. Output: an object for each, with the
# same names; one without a value has a problem.

def after($word): select(startswith("\($word) ")) | .[($word | length) + 1:];

# What a program says of a file, without the names that come with the path anyway.
def problem($path): ltrimstr("yaml2json: ") | ltrimstr("\($path): ") | ltrimstr("jq: error: ") | ltrimstr("jq: ");

def with_problem: if has("value") or has("problem") then . else .problem = "holds nothing" end | if .problem then del(.value) else . end;

reduce inputs as $line ([];
	if $line | test("^(config|include|readable) ") then . + [$line | split(" ") | {(.[0]): (.[1:] | join(" "))}]
	elif $line | startswith("dir ") then .[-1].dir = ($line | after("dir"))
	elif $line | startswith("problem ") then .[-1] |= (.problem = ([.problem // empty, ($line | after("problem"))] | join("; ")))
	elif .[-1] | has("value") then .[-1].problem = "holds more than one document"
	else .[-1].value = ($line | fromjson) end)
| .[]
| (.config // .include) as $path
| with_problem
| if .problem then .problem |= (split("; ") | map(problem($path)) | join("; ")) else . end
