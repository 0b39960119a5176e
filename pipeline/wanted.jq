# What --dry-run shows of catalog-emit's summary (the input), in the order in
# which it shows it, and which documents of the catalogs it needs for that.
# Output, raw lines:
#	item KEY<TAB>0<TAB>JSON		the item; lines sort by KEY as shown
#	before|after REF KEY doc|id	of that catalog, the document and the
#					Okta id of REF, or the id alone

def items:
	{item: ({action: "summary", first, refused: (.exit == 79)}
		+ (with_entries(select(.key == ("added", "removed", "renamed",
			"changed", "takenOver"))) | map_values(length))
		+ (.signIn // {} | if .refused then {signIn: {resolver,
			refused: (.refused | length)}} else {} end))},
	(.added | sort[] | {item: {action: "added", ref: .},
		after: ., need: "id"}),
	(.removed | sort[] | {item: {action: "removed", ref: .},
		before: ., need: "id"}),
	(.renamed | sort_by(.to)[] | {
		item: {action: "renamed", ref: .to, from, to},
		before: .from, after: .to, need: "doc"}),
	(.takenOver | sort_by(.ref)[] | {
		item: {action: "takenOver", ref, from, to}}),
	(.changed | sort[] | {item: {action: "changed", ref: .},
		before: ., after: ., need: "doc"});

foreach items as $one (0; . + 1;
	"0000000\(.)"[-8:] as $key
	| "item \($key)\t0\t\($one.item | tojson)",
	(("before", "after") as $side | $one[$side] // empty
		| "\($side) \(.) \($key) \($one.need)"))
