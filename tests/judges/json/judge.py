"""Python's json judges lib/json_cursor: the same texts are taken and refused, whichever way they are read.

    judge.py PROGRAM...      TEXTS=200000 for more of them, SEED=... for others
"""
import json
import os
import random
import subprocess
import sys

WORDS = ["id", "status", "login", "displayName", "Größe", "", "a" * 45, "k\\u0069nd", "Zoë \\\"Z\\\" D'Ávila", "王小明", "😀", "\\ud83d\\ude00", "\\ud800",
         "x" * 15, "x" * 16, "x" * 17, "line\\nfeed\\\\", "\x7f", "é" * 20, "no.such@acme.example", "q" * 100 + "\\/"]
NUMBERS = ["0", "-0", "1.0", "12345678901234567890", "-1.5e+10", "1E5", "0.25", "7e-3"]
INSERTED = [b'"', b"\\", b",", b":", b"{", b"}", b"[", b"]", b" ", b"\t", b"\n", b"\r", b"\0", b"\x1f", b"\x7f", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80",
            b"\xf4\x90\x80\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xa8", b"\xff", b"-", b"+", b".", b"e", b"0", b"null", b"nul", b"true", b"\\u", b"\\u12", b"\\x", b"\xef\xbb\xbf"]


def blank(rng):
    return rng.choice(["", "", "", "", "", "", " ", "\n\t", "\r "])


def value(rng, depth):
    kind = rng.randrange(10 if depth else 6)
    if kind < 4:
        return '"%s"' % rng.choice(WORDS)
    if kind == 4:
        return rng.choice(NUMBERS)
    if kind == 5:
        return rng.choice(["true", "false", "null"])
    parts = ["%s%s%s" % (blank(rng), value(rng, depth - 1), blank(rng)) for _ in range(rng.randrange(6))]
    if kind == 6:
        return "[%s]" % (",".join(parts) or blank(rng))
    return "{%s}" % (",".join('%s"%s"%s:%s' % (blank(rng), rng.choice(WORDS), blank(rng), part) for part in parts) or blank(rng))


def mutate(rng, text):
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        at, kind = rng.randrange(len(text) + 1), rng.randrange(5)
        if kind == 0:
            text = text[:at] + rng.choice(INSERTED) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randrange(1, 4):]
        elif kind == 2:
            text = text[:at] + bytes([rng.randrange(256)]) + text[at + 1:]
        elif kind == 3:
            text = text[:at]
        else:
            text = text[:at] + text[rng.randrange(len(text) + 1):]
    return text


def refuse(word):
    raise ValueError(word)


def allows(text):
    try:
        json.loads(text.decode("utf-8"), parse_constant=refuse)
    except ValueError:
        return False
    return True


def main():
    rng, count = random.Random(os.environ.get("SEED", "json")), int(os.environ.get("TEXTS", "20000"))
    texts = [mutate(rng, value(rng, 4).encode()) for _ in range(count)]
    verdicts = [allows(text) for text in texts]
    number = 0
    print("1..%d" % len(sys.argv[1:]))
    for program in sys.argv[1:]:
        number += 1
        done = subprocess.run([program], input=b"".join(b"%d\n%s" % (len(text), text) for text in texts), stdout=subprocess.PIPE, check=False)
        answers = done.stdout.decode().split("\n")[:-1]
        wrong = [(text, verdict, answer) for text, verdict, answer in zip(texts, verdicts, answers) if (answer == "takes") != verdict or answer == "disagrees"]
        good = done.returncode == 0 and len(answers) == count and not wrong and 0 < sum(verdicts) < count
        for text, verdict, answer in wrong[:5]:
            print("# %r: Python %s, we: %s" % (text, "takes" if verdict else "refuses", answer))
        print("%sok %d - %s: %d texts, %d of them JSON: as Python has it" % ("" if good else "not ", number, os.path.basename(program), count, sum(verdicts)))


main()
