"""The token endpoint and DPoP, as strict as Okta's; signatures are verified by jwcrypto."""
import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs

from jwcrypto import jwk, jws

ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Refused(Exception):
    """status, OAuth error, description"""


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def open_jws(text, key_of):
    """Header and claims of a compact JWS whose signature is right."""
    token = jws.JWS()
    token.allowed_algs = ALGORITHMS
    token.deserialize(text)
    header = token.jose_header
    token.verify(key_of(header))
    return header, json.loads(token.payload)


class OAuth:
    def __init__(self, settings, public_key, kid):
        self.settings, self.key, self.kid = settings, public_key, kid
        self.used_assertions, self.used_proofs = set(), set()
        self.nonces = {"token": [], "api": []}
        self.tokens = {}

    # nonces
    def nonce(self, server):
        known = self.nonces[server]
        if not known or self.settings.now() - known[-1][1] > self.settings.nonce_lifetime:
            known.append((secrets.token_urlsafe(24), self.settings.now()))
        return known[-1][0]

    def forget_nonces(self):
        self.nonces = {"token": [], "api": []}

    def nonce_is_good(self, server, nonce):
        now = self.settings.now()
        return any(n == nonce and now - made < 3 * self.settings.nonce_lifetime for n, made in self.nonces[server])

    # proofs
    def proof(self, headers, method, url, server, token=None):
        """The thumbprint of the key of a proof that is right for the request."""
        def bad(text):
            return Refused(400, "invalid_dpop_proof", text)
        proofs = headers.get_all("DPoP") or []
        if not proofs:
            raise bad("The DPoP proof JWT header is missing.") if token is None else \
                Refused(400, "invalid_request", "The resource request requires a DPoP proof.")
        if len(proofs) > 1:
            raise bad("Multiple DPoP proof JWT headers are not allowed.")
        found = {}

        def key_of(header):
            found["jwk"] = key = jwk.JWK(**header["jwk"])
            if key.has_private:
                raise bad("The DPoP proof JWT header contains a private key.")
            return key
        try:
            header, claims = open_jws(proofs[0], key_of)
        except Refused:
            raise
        except Exception as error:
            raise bad("The DPoP proof JWT signature is invalid. (%s)" % type(error).__name__)
        now = self.settings.now()
        if header.get("typ") != "dpop+jwt":
            raise bad("The 'typ' claim in the DPoP proof JWT must be 'dpop+jwt'.")
        if claims.get("htm") != method:
            raise bad("'htm' claim in the DPoP proof JWT is invalid.")
        if claims.get("htu") != url:
            raise bad("'htu' claim in the DPoP proof JWT is invalid.")
        if not isinstance(claims.get("iat"), int):
            raise bad("'iat' claim in the DPoP proof JWT is invalid.")
        if claims["iat"] > now:
            raise bad("The DPoP proof JWT is issued in the future.")
        if claims["iat"] < now - 300:
            raise bad("The DPoP proof JWT is issued more than five minutes in the past.")
        if not isinstance(claims.get("jti"), str) or len(claims["jti"]) < 16:
            raise bad("'jti' claim in the DPoP proof JWT is invalid.")
        if token is not None:
            if claims.get("ath") != b64(hashlib.sha256(token.encode()).digest()):
                raise bad("'ath' claim in the DPoP proof does not match the presented access_token.")
        asks = self.settings.dpop != "unasked" if server == "token" else self.settings.api_nonce
        if asks and not self.nonce_is_good(server, claims.get("nonce")):
            raise Refused(400 if server == "token" else 401, "use_dpop_nonce",
                          "Authorization server requires nonce in DPoP proof.")
        if claims["jti"] in self.used_proofs:
            raise bad("The DPoP proof JWT has already been used.")
        self.used_proofs.add(claims["jti"])
        return found["jwk"].thumbprint()

    # the token endpoint
    def assertion(self, form, url):
        def bad(text):
            return Refused(401, "invalid_client", text)
        if form.get("client_assertion_type") != JWT_BEARER or "client_assertion" not in form:
            raise bad("Client authentication failed. Either the client or the client credentials are invalid.")

        def key_of(header):
            if header.get("kid") != self.kid:
                raise bad("The JWT kid is invalid.")
            return self.key
        try:
            _, claims = open_jws(form["client_assertion"], key_of)
        except Refused:
            raise
        except Exception:
            raise bad("The client_assertion signature is invalid.")
        now = self.settings.now()
        if claims.get("iss") != self.settings.client_id or claims.get("sub") != self.settings.client_id:
            raise bad("The issuer (subject) claim for client_assertion is not a valid client_id.")
        if claims.get("aud") != url:
            raise bad("The audience claim for client_assertion must be the endpoint invoked for the request.")
        if not isinstance(claims.get("exp"), int):
            raise bad("The client_assertion must contain the 'exp' claim.")
        if claims["exp"] <= now:
            raise bad("The client_assertion token is expired.")
        if claims["exp"] > now + 3600:
            raise bad("The client_assertion token has an expiration too far into the future.")
        if claims.get("iat", 0) > now:
            raise bad("The client_assertion token must be issued before the current time.")
        if claims.get("jti") in self.used_assertions:
            raise bad("The client_assertion token has already been used.")
        if "jti" in claims:
            self.used_assertions.add(claims["jti"])

    def token(self, headers, body, url):
        if headers.get_content_type() != "application/x-www-form-urlencoded":
            raise Refused(400, "invalid_request", "The Content-Type must be application/x-www-form-urlencoded.")
        form = {k: v[0] for k, v in parse_qs(body.decode(), strict_parsing=True).items()}
        if headers.get("Authorization") or "client_id" in form:
            raise Refused(401, "invalid_request", "Cannot supply multiple client credentials.")
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        self.assertion(form, url)
        thumbprint = None
        if self.settings.dpop == "required" or headers.get("DPoP"):
            thumbprint = self.proof(headers, "POST", url, "token")
        asked = form.get("scope", "").split()
        if not asked:
            raise Refused(400, "invalid_scope", "No scopes were requested.")
        given = [scope for scope in asked if scope in self.settings.scopes.split()]
        if not given:
            raise Refused(400, "consent_required", "You are not allowed any of the requested scopes.")
        bound = self.settings.dpop == "required"
        value = "eyJ%s.%s" % (secrets.token_urlsafe(300), secrets.token_urlsafe(40))
        self.tokens[value] = {"expires": self.settings.now() + self.settings.token_lifetime, "scopes": given,
                              "thumbprint": thumbprint if bound else None}
        return {"token_type": "DPoP" if bound else "Bearer", "expires_in": self.settings.token_lifetime,
                "access_token": value, "scope": " ".join(given)}

    # the API's side
    def authorize(self, headers, method, url, scope):
        scheme, _, value = (headers.get("Authorization") or "").partition(" ")
        if scheme == "SSWS":
            if value != self.settings.ssws:
                raise Refused(401, "E0000011", "Invalid token provided")
            return
        token = self.tokens.get(value)
        if not value:
            raise Refused(401, "invalid_request", "The access token is missing.")
        if token is None:
            raise Refused(401, "invalid_token", "The access token is invalid.")
        if token["expires"] < self.settings.now():
            raise Refused(401, "invalid_token", "The token has expired.")
        if token["thumbprint"]:
            if scheme != "DPoP":
                raise Refused(400, "invalid_request", "The resource request must use the DPoP authentication scheme "
                                                      "when using a DPoP bound token.")
            if self.proof(headers, method, url, "api", value) != token["thumbprint"]:
                raise Refused(400, "invalid_dpop_proof", "The access_token is not bound to the provided DPoP proof.")
        elif scheme != "Bearer":
            raise Refused(401, "invalid_token", "The presented access_token is not DPoP bound.")
        if scope not in token["scopes"]:
            raise Refused(403, "insufficient_scope", "The access token provided does not contain the required scopes.")
