"""Misbehaviour on demand: rules {"match": REGEX on path and query, "nth": K | "from": K | "times": N, "do": WHAT, ...}."""
import re
import threading


class Faults:
    def __init__(self, rules):
        self.rules, self.lock = [], threading.Lock()
        for rule in rules:
            self.add(rule)

    def add(self, rule):
        with self.lock:
            self.rules.append(dict(rule, seen=0))

    def clear(self):
        with self.lock:
            self.rules = []

    def find(self, target):
        """The rule that applies to this request, or None."""
        with self.lock:
            for rule in self.rules:
                if not re.search(rule.get("match", ""), target):
                    continue
                rule["seen"] += 1
                n = rule["seen"]
                if ("nth" in rule and n != rule["nth"]) or n < rule.get("from", 1) or n > rule.get("times", n):
                    continue
                return rule
        return None

    def defer(self, rule):
        """The rule met a request that was refused, with a nonce's challenge say, and had nothing to spoil: the next request is its."""
        with self.lock:
            if "nth" in rule:
                rule["nth"] = rule["seen"] + 1
