"""Okta's search expressions, as far as they are used: attr op value, and, or, parentheses."""
import json
import re

TOKEN = re.compile(r'\s*(?:(?P<p>[()])|(?P<s>"(?:[^"\\]|\\.)*")|(?P<w>[A-Za-z0-9_.\-:]+))')
ATTRIBUTES = re.compile(r"^(profile\.\w+|id|type|status|created|lastUpdated|lastMembershipUpdated)$")


class Invalid(Exception):
    pass


def tokens(text):
    at, found = 0, []
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise Invalid(text)
        at = match.end()
        found.append((match.lastgroup, match.group(match.lastgroup)))
    return found


def get(record, path):
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def compare(op, have, want):
    if isinstance(have, list):
        return any(compare(op, one, want) for one in have)
    if op == "pr":
        return have is not None
    if not isinstance(have, str):
        return have == want and op == "eq"
    have, want = have.lower(), str(want).lower()
    return {"eq": have == want, "sw": have.startswith(want), "co": want in have, "gt": have > want, "ge": have >= want,
            "lt": have < want, "le": have <= want}[op]


def parse(text):
    """A function that tells whether a record matches; Invalid when the expression is none."""
    rest = tokens(text)

    def take(kind=None, value=None):
        if not rest or (kind and rest[0][0] != kind) or (value and rest[0][1].lower() != value):
            raise Invalid(text)
        return rest.pop(0)[1]

    def is_word(word):
        return bool(rest) and rest[0][0] == "w" and rest[0][1].lower() == word

    def term():
        if rest and rest[0] == ("p", "("):
            take()
            inner = either()
            take("p", ")")
            return inner
        path, op = take("w"), take("w").lower()
        if not ATTRIBUTES.match(path) or op not in ("eq", "sw", "co", "gt", "ge", "lt", "le", "pr"):
            raise Invalid(text)
        if op == "pr":
            return lambda record: compare("pr", get(record, path), None)
        if not rest or rest[0][0] == "p":
            raise Invalid(text)
        kind, raw = rest.pop(0)
        try:
            want = json.loads(raw)
        except ValueError:
            raise Invalid(text)
        return lambda record: compare(op, get(record, path), want)

    def both():
        parts = [term()]
        while is_word("and"):
            take()
            parts.append(term())
        return lambda record: all(part(record) for part in parts)

    def either():
        parts = [both()]
        while is_word("or"):
            take()
            parts.append(both())
        return lambda record: any(part(record) for part in parts)

    matches = either()
    if rest:
        raise Invalid(text)
    return matches
