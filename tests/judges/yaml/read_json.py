"""Python's json: the entities of the forms json, ndjson and mutation, a line of JSON each."""
import json
import sys

text = open(sys.argv[1], encoding="utf-8").read()
if text.startswith("["):
    entities = json.loads(text)
elif text.startswith('{"type"'):
    entities = [item["entity"] for item in json.loads(text)["entities"]]
else:
    entities = [json.loads(line) for line in text.split("\n") if line]
for entity in entities:
    for key in ("backstage.io/managed-by-location", "backstage.io/managed-by-origin-location"):
        entity["metadata"]["annotations"].pop(key, None)
    print(json.dumps(entity))
