"""Rate limits: buckets with a window of their own, as Okta's headers tell."""
import re
import threading


class Limits:
    def __init__(self, text, window, now):
        self.now = now
        self.limits = {"users": 600, "groups": 500, "group": 600, "token": 1200}
        self.limits.update((name, int(n)) for name, n in (part.split("=") for part in text.split(",") if part))
        self.window, self.state, self.lock = window, {}, threading.Lock()
        self.refused = 0
        self.most = {}

    @staticmethod
    def bucket(path):
        if path == "/oauth2/v1/token":
            return "token"
        if path.startswith("/api/v1/users"):
            return "users"
        return "group" if re.fullmatch(r"/api/v1/groups/[^/]+", path) else "groups"

    def take(self, path):
        """Headers, and whether the call is within the limit."""
        bucket, now = self.bucket(path), self.now()
        limit = self.limits[bucket]
        with self.lock:
            start, used = self.state.get(bucket, (now, 0))
            if now >= start + self.window:
                start, used = now, 0
            self.state[bucket] = (start, used + 1)
            good = used < limit
            self.most[bucket] = max(self.most.get(bucket, 0), used + 1)
            self.refused += not good
        return [("x-rate-limit-limit", str(limit)), ("x-rate-limit-remaining", str(max(0, limit - used - 1))),
                ("x-rate-limit-reset", str(int(start + self.window) + 1))], good
