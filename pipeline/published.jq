# Where a provider's catalog is published. Input: the provider.

def published($output): "\($output)/\(.id)." + (.format
	| if . == "json" or . == "mutation" or . == "delta" then "json" elif . == "ndjson" then "ndjson" else "yaml" end);
