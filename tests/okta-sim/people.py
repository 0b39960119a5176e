"""A made-up company: users and groups from a seed, each rendered once to the bytes that are served."""
import json
import random

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FIRST = ["Ana", "José", "Zoë", "Łukasz", "Siân", "Jürgen", "Đorđe", "李", "さくら", "Иван", "Nadia", "Tom", "Ngọc", "Élodie",
         "Bjørn", "Aoife", "Ming", "Fatima", "Omar", "Grace", "Ravi", "Chloe", "Søren", "Marta"]
LAST = ["Ruiz", "O'Brien", "Müller", "Nowak", "van der Berg", "Smith-Jones", "Þórsson", "王", "山田", "Петров", "Nguyễn",
        "D’Angelo", "García", "Öztürk", "Kim", "de la Cruz", "Hansen", "Okafor", "Lee", "Patel", "Novák", "Brown"]
LOGIN = ["ana", "jose", "zoe", "lukasz", "sian", "jurgen", "dorde", "li", "sakura", "ivan", "nadia", "tom", "ngoc", "elodie",
         "bjorn", "aoife", "ming", "fatima", "omar", "grace", "ravi", "chloe", "soren", "marta"]
LOGIN2 = ["ruiz", "o'brien", "mueller", "nowak", "vanderberg", "smith-jones", "thorsson", "wang", "yamada", "petrov", "nguyen",
          "dangelo", "garcia", "ozturk", "kim", "delacruz", "hansen", "okafor", "lee", "patel", "novak", "brown"]
DOMAINS = ["acme.example", "acme.example", "acme.example", "acme.test", "contractor.example"]
TEAMS = ["Platform", "Payments", "Data Science", "Mobile", "Security & Risk", "Größe", "研究", "R+D", "team-web", "Team Web",
         "QA \"East\"", "Field, Sales", "SRE", "Design/UX", "IT <b>Support</b>"]


class Ids:
    def __init__(self, seed):
        self.random = random.Random("ids %s" % seed)

    def make(self, prefix):
        return prefix + "".join(self.random.choice(ALPHABET) for _ in range(20 - len(prefix)))


def stamp(rng, year=2024):
    return "%d-%02d-%02dT%02d:%02d:%02d.000Z" % (year, rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23),
                                                rng.randint(0, 59), rng.randint(0, 59))


def render(value, rng):
    """As Okta sends: compact; now and then escapes instead of letters, and numbers that a parser would spoil."""
    text = json.dumps(value, ensure_ascii=rng.random() < 0.2, separators=(",", ":"))
    return text.replace('"@big"', "9007199254740993").replace('"@one"', "1.0").encode()


def status(rng):
    return rng.choices(["ACTIVE", "SUSPENDED", "STAGED", "PROVISIONED", "LOCKED_OUT", "PASSWORD_EXPIRED", "DEPROVISIONED"],
                       [86, 2, 2, 2, 2, 2, 4])[0]


def user(n, identity, origin, rng):
    a, b = rng.randrange(len(FIRST)), rng.randrange(len(LAST))
    local = "%s.%s%s" % (LOGIN[a], LOGIN2[b], "" if rng.random() < 0.3 else n)
    domain = rng.choice(DOMAINS)
    login = local + "@" + domain
    profile = {"firstName": FIRST[a], "lastName": LAST[b], "mobilePhone": None, "secondEmail": None, "login": login,
               "email": login if rng.random() < 0.93 else rng.choice(["shared.mailbox@acme.example", local.upper() + "@" + domain]),
               "department": rng.choice(TEAMS), "title": rng.choice(["Engineer", "Manager", "Analyst", None]),
               "displayName": rng.choice([None, "%s %s" % (FIRST[a], LAST[b])]), "costCenter": "%05d" % rng.randrange(99999),
               "badge": "@big", "ratio": "@one", "remote": rng.random() < 0.5, "skills": ["c", "sh", "jq"],
               "notes": "x" * 900 + " \"quoted\" \\ / \t end"}
    if n == 0:
        profile.update(firstName="Ana", lastName="Ruiz", login="ana.ruiz@acme.example", email="ana.ruiz@acme.example")
    record = {"id": identity, "status": "ACTIVE" if n == 0 else status(rng), "created": stamp(rng), "activated": stamp(rng),
              "statusChanged": None, "lastLogin": None, "lastUpdated": stamp(rng, 2026), "passwordChanged": None,
              "type": {"id": "oty1a2b3c4D5E6F7g8h9"}, "profile": profile,
              "_links": {"self": {"href": "%s/api/v1/users/%s" % (origin, identity)}}}
    return record, render(record, rng)


def group(name, kind, identity, origin, rng):
    profile = {"name": name}
    if rng.random() < 0.8:
        profile["description"] = rng.choice([None, "The team of <i>%s</i>" % name, "Second line\nof text", ""])
    record = {"id": identity, "created": stamp(rng), "lastUpdated": stamp(rng, 2025), "lastMembershipUpdated": stamp(rng, 2025),
              "objectClass": ["okta:user_group"], "type": kind, "profile": profile,
              "_links": {"users": {"href": "%s/api/v1/groups/%s/users" % (origin, identity)}}}
    if kind == "APP_GROUP":
        record["source"] = {"id": "0oa1a2b3c4D5E6F7g8h9"}
    return record, render(record, rng)


CREDENTIALS = b',"credentials":{"provider":{"type":"OKTA","name":"OKTA"}}}'


class Company:
    """users, groups: id -> record; text: id -> bytes as served (users: without credentials); members: group id -> user
    ids, in order; place: id -> its place in lists, for ever."""

    def whole(self, identity):
        """A user with credentials, as served to who does not ask to omit them."""
        return self.text[identity][:-1] + CREDENTIALS if identity.startswith("00u") else self.text[identity]

    def __init__(self, users, groups, seed, origin):
        rng = random.Random(seed)
        ids = Ids(seed)
        self.users, self.groups, self.text, self.members = {}, {}, {}, {}
        for n in range(users):
            identity = ids.make("00u")
            self.users[identity], self.text[identity] = user(n, identity, origin, rng)
        names = [("Everyone", "BUILT_IN"), ("Okta Administrators", "BUILT_IN"), ("Engineering", "OKTA_GROUP"), ("Empty group", "OKTA_GROUP")]
        for n in range(groups):
            names.append((TEAMS[n] if n < len(TEAMS) else "%s %d" % (rng.choice(TEAMS), n),
                          "APP_GROUP" if rng.random() < 0.15 else "OKTA_GROUP"))
        names = names[:groups + 2]
        if groups > 4:
            names[-1] = ("Engineering", "APP_GROUP")
        everybody = list(self.users)
        for name, kind in names:
            identity = ids.make("00g")
            self.groups[identity], self.text[identity] = group(name, kind, identity, origin, rng)
            size = 0 if name == "Empty group" else min(len(everybody), 1 + int(rng.paretovariate(0.9) * 4))
            self.members[identity] = everybody[:2] if name == "Okta Administrators" else everybody if kind == "BUILT_IN" else \
                sorted(rng.sample(everybody, size), key=everybody.index) if size < 60 else rng.sample(everybody, size)
        self.place = {identity: n for n, identity in enumerate([*self.users, *self.groups])}


class LazyText(dict):
    """Users rendered when they are served, from one template of the usual size (1,854 bytes)."""

    def __init__(self, template):
        super().__init__()
        self.template = template

    def __missing__(self, identity):
        return self.template.replace(b"@IDENTITY", identity.encode())


class Synthetic:
    """A company whose users are all alike but for their ids: for measurements with many of them."""

    def __init__(self, users, groups, seed, origin, everyone=0):
        rng, ids = random.Random(seed), Ids(seed)
        record, _ = user(1, "@IDENTITY", origin, rng)
        record.update(status="ACTIVE")
        record["profile"].update(login="@IDENTITY@acme.example", email="@IDENTITY@acme.example")
        record["profile"]["notes"] = "x" * (1854 - len(json.dumps(record, separators=(",", ":"))) + 900 - 44)
        self.text = LazyText(json.dumps(record, separators=(",", ":")).encode())
        everybody = ["00u%017d" % n for n in range(users)]
        self.users, self.groups, self.members = dict.fromkeys(everybody, record), {}, {}
        for n in range(groups):
            identity = ids.make("00g")
            self.groups[identity], self.text[identity] = group("Team %d" % n, "OKTA_GROUP", identity, origin, rng)
            self.members[identity] = everybody if n < everyone else rng.sample(everybody, min(users, 50))
        self.place = {identity: n for n, identity in enumerate(everybody)}

    whole = Company.whole
