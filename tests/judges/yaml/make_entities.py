"""Entities with strings that YAML readers like to misread, always the same ones."""
import json
import random

NASTY = ["", " ", "no", "No", "yes", "on", "off", "y", "n", "true", "TRUE", "null", "Null", "~", "1", "01", "0o7", "0x1F", "1e3", "1.5",
         ".5", "-1", "+1", "1_000", "12:30", "12:30:45", "2024-01-01", "2024-01-01T00:00:00Z", ".inf", "-.inf", ".nan", "NaN", "=", "<<",
         "a: b", "a:", ":a", "a #b", "#a", "- a", "-", "--- a", "---", "...", "? a", "?", "[a]", "{a}", "a, b", "&a", "*a", "!a", "!!str a",
         "|", ">", "@a", "`a", "%a", "'a'", "\"a\"", "a\\b", "a\nb", "a\n", "\n", "\ta", "a\tb", "a ", " a", "a  b", "\r", "\x01", "\x1b[31m",
         "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "é", "研究", "😀", "\U0010ffff", "a" * 65536, "user:default/x", "00e5",
         "0b1", "1__0", "685_230.15", "190:20:30", "e5", "0.", "1.e+3", "true false", "a:b:c", "http://x/y#z", "a@b.c", "a+b (c)", "A" * 250,
         "x: |\n  y", "key: [1, 2", "\\", "\"", "'", "a'b", "$text", "${A}", "nul\ufffdl", "Infinity", "0777", "1,000", "..", "a..b", "-a-", "_"]
LETTERS = " \t\n:#-?[]{},&*!|>'\"%@`\\/~=<.+_0123456789eExXoObnyNYtrufalsTRUEé研😀\x85\u2028\ufeff\x00\x0c"


NUMBERS = [0, -0.0, 7, -2.5, 1e3, 1e300, -1.5e-10, 1e-7, 12345678901, 9007199254740991, 0.1, 5e-324]
RAW_NUMBERS = ["1e3", "1E5", "1.5E+10", "-1e-3", "0e0", "100", "-0", "0.10", "1e0"]


def entity(name, value, other, number):
    return {"apiVersion": "backstage.io/v1alpha1", "kind": "User",
            "metadata": {"name": name, "description": value, "annotations": {"a.b/c": value, "x": other},
                         "custom": {"list": [value, [other, []], {}, {"k": value, "l": [1, -2.5, True, None]}, [[[value]]]], "n": number, "e": [[], {}],
                                    "key": {value[:900]: other, " " + other[:900]: {"": value[:5]}, "long " + other: {value: [value]}}}},
            "spec": {"memberOf": [], "more": [other, {value[:300]: [value[:300]]}]}}


def long_text(rng):
    return "".join(rng.choice(LETTERS) for _ in range(65536))


def main():
    rng = random.Random(7)
    offsets = [("abcdefghijklmnopqrstuvwxyz" * 2)[:n] + end
               for n in range(1, 41) for end in (": b", " #b", ":", "  b")]
    values = NASTY + offsets + ["".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 12))) for _ in range(3000)] + [long_text(rng) for _ in range(3)]
    # NUL becomes U+FFFD in entities, by design.
    values = [value.replace("\x00", "\ufffd") for value in values]
    for n, value in enumerate(values):
        line = json.dumps(entity("e%05d" % n, value, values[-n - 1], NUMBERS[n % len(NUMBERS)]), ensure_ascii=n % 2 == 0)
        if n % 3 == 0:
            line = line.replace('"n": ', '"r": %s, "n": ' % RAW_NUMBERS[n // 3 % len(RAW_NUMBERS)], 1)
        print(line)
    print('{"kind":"End"}')


main()
