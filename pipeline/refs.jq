# The refs of the entities in a catalog of any JSON form: an array, a line each, or a mutation. Input: each document.

def entities: if type == "array" then .[] | entities
	elif .kind and .metadata then .
	elif .entities or .added then ((.entities // .added)[] | .entity // .)
	else empty end;

entities | select(.metadata.name) | "\(.kind):\(.metadata.namespace // "default")/\(.metadata.name)"
