"""PyYAML: every document as a line of JSON."""
import json
import sys

import yaml

for document in yaml.load_all(open(sys.argv[1], encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    print(json.dumps(document))
