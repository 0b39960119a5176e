"""HTTPS, one thread a connection: hands requests to OAuth and the API, and misbehaves where a rule says so."""
import gzip
import json
import secrets
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from email.utils import formatdate

from api import Api, ApiError, error_body
from oauth import Refused

HTML = b"<html><body>Bad gateway</body></html>"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, org, port, certificate):
        super().__init__(("127.0.0.1", port), Handler)
        self.org = org
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.connections = 0

    def finish_request(self, request, client_address):
        request.settimeout(120)
        try:
            with self.context.wrap_socket(request, server_side=True) as tls:
                self.connections += 1
                self.RequestHandlerClass(tls, client_address, self)
        except (OSError, ssl.SSLError):
            pass

    def handle_error(self, request, client_address):
        pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def log_message(self, *_):
        pass

    def send(self, status, headers, body, declared=None, gateway=False, ahead=0):
        """An answer; gateway: of something before Okta."""
        self.org.log(self, status)
        self.send_response_only(status)
        self.send_header("date", formatdate(self.org.settings.now() + self.org.settings.clock_skew + ahead, usegmt=True))
        if not gateway:
            self.send_header("x-okta-request-id", secrets.token_hex(12))
        if not any(name == "content-type" for name, _ in headers):
            self.send_header("content-type", "application/json")
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body) if declared is None else declared))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def refuse(self, refused, extra, at_api):
        status, error, text = refused.args
        if error.startswith("E0"):
            return self.send(status, extra, error_body(error, text))
        server = "api" if at_api else "token"
        if error == "use_dpop_nonce" or (not at_api and self.org.settings.dpop == "required"):
            extra = extra + [("dpop-nonce", self.org.oauth.nonce(server))]
        if not at_api:
            return self.send(status, extra, json.dumps({"error": error, "error_description": text}).encode())
        scheme = (self.headers.get("Authorization") or "Bearer").split(" ")[0]
        challenge = '%s algs="RS256 RS384 RS512 ES256 ES384 ES512", authorization_uri="http://localhost/oauth2/v1/authorize", ' \
            'realm="http://localhost", scope="%s", error="%s", error_description="%s", resource="%s"' % (
                scheme, Api.scope(self.path), error, text, self.path.split("?")[0])
        return self.send(status, extra + [("www-authenticate", challenge)], b"")

    def misbehave(self, rule, headers, body):
        """Does what a rule says in place of the right answer; True when that was all."""
        what = rule["do"]
        if what == "status":
            self.send(rule["status"], headers + [("content-type", "text/html")], HTML, gateway=True, ahead=3600 if rule.get("hour-ahead") else 0)
        elif what == "api-error":
            self.send(rule["status"], headers, error_body(rule.get("code", "E0000006"), rule.get("text", "You do not have permission to perform the requested action")))
        elif what == "429":
            rate = [h for h in headers if not h[0].startswith("x-rate")]
            if rule.get("headers", True):
                rate += [("x-rate-limit-limit", str(rule.get("limit", 600))), ("x-rate-limit-remaining", "0"),
                         ("x-rate-limit-reset", str(int(self.org.settings.now()) + rule.get("seconds", 1)))]
            self.send(429, rate, error_body("E0000047", "API call exceeded rate limit due to too many requests."))
        elif what == "truncate":
            self.send(200, headers, body[:len(body) // 2], len(body))
            self.close_connection = True
        elif what == "cut":  # the right length for a body that ends too early
            self.send(200, headers, body[:len(body) // 2])
        elif what == "reset":
            self.org.log(self, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif what == "reset-body":
            self.send(200, headers, body[:len(body) // 2], len(body))
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif what == "drip":  # a byte a second
            self.send(200, headers, body[:1], len(body))
            for n in range(1, len(body)):
                time.sleep(1)
                self.wfile.write(body[n:n + 1])
                self.wfile.flush()
        elif what == "gzip":
            packed = gzip.compress(body)
            if rule.get("broken"):
                packed = packed[:len(packed) // 2] + b"broken" + packed[len(packed) // 2 + 6:]
            self.send(200, headers + [("content-encoding", "gzip")], packed)
        elif what == "in-string":  # bytes put into the first string of a list's first object
            self.send(200, headers, body.replace(b'":"', b'":"' + rule["bytes"].encode("latin-1"), 1))
        elif what == "big":
            filler = b'[{"id":"00u00000000000000000","profile":{"notes":"' + b"x" * rule.get("bytes", 50 << 20) + b'"}}'
            self.send(200, headers, filler + (b"," if len(body) > 2 else b"") + body[1:])
        elif what == "repeat":  # the list's first object once more, on this page
            self.send(200, headers, self.org.api.first_again(self.path, body))
        elif what == "stall":
            self.send(200, headers, body[:len(body) // 2], len(body))
            time.sleep(rule.get("seconds", 60))
            self.close_connection = True
        elif what == "body":
            self.send(rule.get("status", 200), headers, rule["body"].encode("latin-1"))
        elif what == "redirect":
            self.send(302, headers + [("location", rule["location"])], b"")
        elif what == "next":
            target = rule.get("url") or self.org.origin + self.path
            self.send(200, [h for h in headers if h[0] != "link"] + [("link", '<%s>; rel="next"' % target)], body)
        elif what == "next-anew":  # the first page for ever, under cursors that are always new
            path, limit = self.path.partition("?")[0], 10
            body = self.org.api.answer(path, "limit=%d" % limit)[1]
            link = '<%s%s?after=%s&limit=%d>; rel="next"' % (self.org.origin, path, secrets.token_urlsafe(12), limit)
            self.send(200, [h for h in headers if h[0] != "link"] + [("link", link)], body)
        elif what == "revoke":
            self.org.oauth.tokens.clear()
            return False
        elif what == "forget-nonces":
            self.org.oauth.forget_nonces()
            return False
        elif what == "delete-group":  # the one whose members are asked for
            self.org.delete(self.path.split("?")[0].split("/")[4])
            return False
        elif what == "delete-user":  # one that was shown already, and the last one, that was not
            users = [i for i, u in self.org.company.users.items() if u["status"] != "DEPROVISIONED"]
            for identity in (users[rule.get("first", 0)], users[-1]):
                self.org.delete(identity)
            return False
        elif what == "slow":
            time.sleep(rule.get("seconds", 1))
            return False
        else:
            raise ValueError(what)
        return True

    def respond(self, make, at_api):
        target = self.path
        path = target.split("?")[0]
        rate, within = self.org.limits.take(path)
        rule = self.org.faults.find(target)
        if rule and rule["do"] in ("revoke", "slow", "forget-nonces", "delete-group", "delete-user"):
            self.misbehave(rule, rate, b"")
            rule = None
        most = self.org.settings.concurrency_limit
        if at_api and most and self.org.under_way.count > most:
            self.org.limits.refused += 1
            return self.send(429, [("x-rate-limit-limit", "0"), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", rate[2][1])],
                             error_body("E0000047", "API call exceeded rate limit due to too many requests."))
        if not within:
            return self.send(429, rate, error_body("E0000047", "API call exceeded rate limit due to too many requests."))
        if self.org.settings.latency_ms:
            time.sleep(self.org.settings.latency_ms / 1000)
        try:
            headers, body = make(path)
        except Refused as refused:
            if rule and rule["do"] not in ("next", "gzip", "repeat"):  # they need an answer to spoil
                return self.misbehave(rule, rate, json.dumps({"error": refused.args[1], "error_description": refused.args[2]}).encode())
            if rule:
                self.org.faults.defer(rule)
            return self.refuse(refused, rate, at_api)
        except ApiError as error:
            if rule and rule["do"] == "next-anew" and self.misbehave(rule, rate, b""):
                return None
            return self.send(error.args[0], rate, error_body(*error.args[1:]))
        if rule and self.misbehave(rule, rate + headers, body):
            return None
        return self.send(200, rate + headers, body)

    @property
    def org(self):
        return self.server.org

    def url(self, path):
        return "https://%s%s" % (self.headers.get("Host"), path)

    def describe_org(self):
        """The org's description: no token, no rate limit, and so no headers of one."""
        rule = self.org.faults.find(self.path)
        settings = self.org.settings
        body = json.dumps({"id": settings.org_id, "pipeline": "idx", "_links": {
            "organization": {"href": self.org.origin}}}).encode()
        if settings.latency_ms:
            time.sleep(settings.latency_ms / 1000)
        if rule and self.misbehave(rule, [], body):
            return None
        return self.send(200, [], body)

    def do_GET(self):
        with self.org.under_way():
            if self.path == "/_sim/stats":
                return self.send(200, [], json.dumps(self.org.stats()).encode())
            if self.path == "/.well-known/okta-organization":
                return self.describe_org()

            def make(path):
                query = self.path.partition("?")[2]
                self.org.oauth.authorize(self.headers, "GET", self.url(path), Api.scope(path))
                if "application/json" not in (self.headers.get("Accept") or ""):
                    raise ApiError(406, "E0000122", "The requested media type is not acceptable: send application/json")
                headers, body = self.org.api.answer(path, query, self.headers.get("Content-Type") or "")
                if self.org.settings.api_nonce:
                    headers = headers + [("dpop-nonce", self.org.oauth.nonce("api"))]
                return headers, body
            return self.respond(make, True)

    def do_POST(self):
        with self.org.under_way():
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/_sim/"):
                answer = self.org.control(self.path[len("/_sim/"):], json.loads(body or b"{}"))
                return self.send(200, [], json.dumps(answer).encode())
            if self.path != "/oauth2/v1/token":
                return self.send(404, [], error_body("E0000022", "The endpoint does not support the provided HTTP method"))

            def make(path):
                answer = self.org.oauth.token(self.headers, body, self.url(path))
                nonce = [("dpop-nonce", self.org.oauth.nonce("token"))] if self.headers.get("DPoP") else []
                return nonce, json.dumps(answer).encode()
            return self.respond(make, False)


class UnderWay:
    def __init__(self):
        self.count, self.most, self.lock = 0, 0, threading.Lock()

    def __call__(self):
        return self

    def __enter__(self):
        with self.lock:
            self.count += 1
            self.most = max(self.most, self.count)

    def __exit__(self, *_):
        with self.lock:
            self.count -= 1
