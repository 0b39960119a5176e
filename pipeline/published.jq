# Where a provider's catalog is published and its ledger is kept, and the namespace of its names. Input: the provider.

def published($output): "\($output)/\(.id)." + (.format
	| if . == "json" or . == "mutation" or . == "delta" then "json" elif . == "ndjson" then "ndjson" else "yaml" end);

# The ledger that a good run replaces; "": none is kept. $folder: STATE/ID.
def ledger($folder): if .names == false then "" else .names // "\($folder)/names.ndjson" end;
def ledger_in($state): ledger("\($state)/\(.id)");

def namespace: .namespace // "default";
