# Entities of a catalog in one of the JSON forms, which have one a line, as
# changes.jq takes them. Input: raw lines (jq -n -R); $wanted: lines of
# "REF KEY doc|id", in lower case; $side: 1 before, 2 after.

# ascii_downcase is slow.
def lower: if test("[A-Z]") then ascii_downcase else . end;

(reduce ($wanted | split("\n")[] | select(. != "") | split(" "))
	as [$ref, $key, $need] ({}; .[$ref] += [[$key, $need]])) as $wanted
| inputs
| select(startswith("{")) | rtrimstr("\r") | rtrimstr(",") | fromjson?
| (.entity // .)
| select(.kind and .metadata.name)
| . as $entity
| ("\(.kind | lower):\(.metadata.namespace // "default")/"
	+ (.metadata.name | lower)) as $ref
| ($wanted[$ref] // empty)[] as [$key, $need]
| ($entity.metadata.annotations // {}
	| .["okta.com/user-id"] // .["okta.com/group-id"] // empty
	| "\($key)\t\($side)\t\(tojson)"),
(select($need == "doc") | "\($key)\t\($side + 2)\t\($entity | tojson)")
