#!/usr/bin/python3
"""Writes character_tables.c: what kebab_case.c and slugify.c know of characters.

    map/make_tables.py tests/data/naming-tables.json > map/character_tables.c

naming-tables.json holds what lodash's deburr and slugify do with each code
point; canonical decomposition, composition and combining classes come from
Python's unicodedata.
"""
import json
import sys
import unicodedata


def c_string(text):
    return '"' + "".join(c if " " <= c < "\x7f" and c not in '"\\' else
                         "".join("\\%03o" % b for b in c.encode()) for c in text) + '"'


def main():
    tables = json.load(open(sys.argv[1]))
    print("/* Written by make_tables.py; change that, not this. */\n#include \"character_tables.h\"\n")
    for name, key in (("slugify", "slugifyMap"), ("deburr", "deburr")):
        pairs = sorted((ord(k), v) for k, v in tables[key].items())
        print("const struct character_text %s_table[] = {" % name)
        for code, text in pairs:
            print("\t{0x%04x, %s}," % (code, c_string(text)))
        print("};\nconst size_t %s_count = %d;\n" % (name, len(pairs)))
    singles, pairs, classes = [], [], []
    for c in range(0xc0, 0x110000):
        d = unicodedata.decomposition(chr(c))
        if d and not d.startswith("<"):
            parts = [int(x, 16) for x in d.split()]
            singles.append((c, parts[0], parts[1] if len(parts) > 1 else 0))
            if len(parts) == 2 and unicodedata.normalize("NFC", chr(c)) == chr(c):
                pairs.append((parts[0], parts[1], c))
        if unicodedata.combining(chr(c)):
            classes.append((c, unicodedata.combining(chr(c))))
    for kind, name, rows in (("decomposition", "decomposition", singles), ("composition", "composition", sorted(pairs)),
                             ("class", "class", classes)):
        print("const struct character_%s %s_table[] = {" % (kind, name))
        for i in range(0, len(rows), 4):
            print("\t" + " ".join("{%s}," % ", ".join("0x%04x" % x for x in row) for row in rows[i:i + 4]))
        print("};\nconst size_t %s_count = %d;\n" % (name, len(rows)))


main()
