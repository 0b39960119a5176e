"""The users and groups API: lists, members, search, paging."""
import json
import secrets
from urllib.parse import parse_qsl, quote_plus

import expressions

PAGE = {"users": (200, 200), "groups": (200, 10000), "members": (1000, 1000)}  # default, highest


class ApiError(Exception):
    """status, errorCode, errorSummary"""


class Api:
    def __init__(self, settings, company, origin):
        self.settings, self.company, self.origin = settings, company, origin
        self.cursors = {}
        self.everybody = None

    @staticmethod
    def scope(path):
        return "okta.users.read" if path.startswith("/api/v1/users") else "okta.groups.read"

    def visible_groups(self):
        if "groups" not in self.settings.roles.split(","):
            return []
        shown = self.settings.resource_groups
        return [i for i, g in self.company.groups.items() if not shown or g["profile"]["name"] in shown]

    def users(self, query):
        if "users" not in self.settings.roles.split(","):
            return []
        if self.settings.synthetic:
            self.everybody = self.everybody or list(self.company.users)
            return self.everybody
        everybody = self.company.users.items()
        if "search" in query:
            matches = expressions.parse(query["search"])
            return [i for i, u in everybody if matches(u)]
        return [i for i, u in everybody if u["status"] != "DEPROVISIONED"]

    def groups(self, query):
        shown = self.visible_groups()
        if "search" in query:
            matches = expressions.parse(query["search"])
            return [i for i in shown if matches(self.company.groups[i])]
        return shown

    def require_group(self, identity):
        if identity not in self.company.groups or identity not in self.visible_groups():
            raise ApiError(404, "E0000007", "Not found: Resource not found: %s (UserGroup)" % identity)

    def page(self, kind, path, query, ids, omit):
        default, highest = PAGE[kind]
        try:
            limit = int(query.get("limit", default))
        except ValueError:
            limit = 0
        if not 1 <= limit <= highest:
            raise ApiError(400, "E0000001", "Api validation failed: limit")
        limit = min(limit, self.settings.page_limit or limit)
        start = 0
        if "after" in query:
            if query["after"] not in self.cursors or self.cursors[query["after"]][0] != path:
                raise ApiError(400, "E0000031", "Invalid search criteria.")
            last, ids, kept = self.cursors[query["after"]][1], ids, self.cursors[query["after"]][2]
            place = self.company.place.get(last, -1)
            start = place + 1 if place < len(ids) and ids[place:place + 1] == [last] else \
                next((n + 1 for n, i in enumerate(ids) if i == last), None)
            if start is None:  # the object at which the last page ended is gone
                start = next((ids.index(i) for i in kept if i in ids), len(ids))
        rest = {k: v for k, v in query.items() if k not in ("limit", "after")}

        def url(**first):
            return "<%s%s?%s>" % (self.origin, path, "&".join("%s=%s" % (k, quote_plus(str(v))) for k, v in {**first, **rest}.items()))
        links = [("link", url(limit=limit) + '; rel="self"')]
        if start + limit < len(ids):
            cursor = secrets.token_urlsafe(12)
            self.cursors[cursor] = (path, ids[start + limit - 1], ids[start + limit:start + limit + 100])
            links.append(("link", url(after=cursor, limit=limit) + '; rel="next"'))
        return links, b"[" + b",".join(self.render(i, omit, query) for i in ids[start:start + limit]) + b"]"

    def first_again(self, target, body):
        path = target.split("?")[0].split("/")[3:]
        ids = self.company.members[path[1]] if len(path) == 3 else list(self.company.users if path == ["users"] else self.company.groups)
        if not body.startswith(b"[{") or not ids:
            return body
        return b"[" + self.render(ids[0], path == ["users"], {}) + b"," + body[1:]

    def render(self, identity, omit, query):
        text = self.company.text[identity] if omit else self.company.whole(identity)
        if identity.startswith("00g") and "stats" in query.get("expand", ""):
            text = text[:-1] + b',"_embedded":{"stats":{"usersCount":%d,"appsCount":0}}}' % len(self.company.members[identity])
        return text

    def answer(self, path, query_text, content_type=""):
        """(headers, body) of a GET; ApiError when Okta would refuse."""
        query = dict(parse_qsl(query_text, keep_blank_values=True))
        if "search" in query and ("filter" in query or "q" in query):
            raise ApiError(400, "E0000033", "Cannot specify both search query and filter in the same request")
        parts = path.split("/")[3:]
        try:
            if parts == ["users"]:
                # "omit" is documented for the list of users alone; whether lists of members obey is not known
                omit = "okta-response" in content_type and "omitCredentials" in content_type
                return self.page("users", path, query, self.users(query), omit)
            if parts == ["groups"]:
                return self.page("groups", path, query, self.groups(query), True)
            if len(parts) == 2 and parts[0] == "groups":
                self.require_group(parts[1])
                return [], self.company.text[parts[1]]
            if len(parts) == 3 and parts[0] == "groups" and parts[2] == "users":
                self.require_group(parts[1])
                return self.page("members", path, query, [i for i in self.company.members[parts[1]] if i in self.company.users], False)
        except expressions.Invalid:
            raise ApiError(400, "E0000031", "Invalid search criteria.")
        raise ApiError(404, "E0000008", "The requested path was not found")


def error_body(code, summary):
    return json.dumps({"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": "oae" + secrets.token_urlsafe(16),
                       "errorCauses": []}).encode()
