"""Are these two streams of entities the same values? In any order; End is left out."""
import json
import sys


def read(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        entity = json.loads(line)
        if entity and entity.get("kind") != "End":
            found[entity["metadata"]["name"]] = entity
    return found


want, got = read(sys.argv[1]), read(sys.argv[2])
wrong = [n for n in want if want[n] != got.get(n)]
for name in wrong[:5]:
    print("# %s: %r became %r" % (name, want[name]["metadata"]["description"][:80], (got.get(name) or {}).get("metadata", {}).get("description")), file=sys.stderr)
sys.exit(len(want) != len(got) or len(want) < 3000 or bool(wrong))
