# The keys that come twice in a JSON file, one path a line; Backstage refuses such a file. Input: jq -n --stream.
# .open is the path of the container that the reader is in, .seen all that was entered.

include "marks";

reduce inputs as $event ({open: [], seen: {}, twice: []};
	$event[0] as $path
	| if ($event | length) == 1 then .open = $path[:-2]
		elif ($path | length) == 0 then .
		else
			(.open | length) as $depth
			| ($path[:$depth + 1] | tojson) as $entered
			| (if .seen[$entered] and ($path[$depth] | type) == "string" then .twice += [$path[:$depth + 1]] else . end)
			| reduce range($depth; $path | length) as $i (.; .seen[$path[:$i + 1] | tojson] = true)
			| .open = $path[:-1]
		end)
| .twice[] | path_text
