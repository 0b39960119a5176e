import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwcrypto import jwk, jws

URL, TOKEN = "https://acme.okta.com/oauth2/v1/token?after=x&limit=2", "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
PEM, NONE = serialization.Encoding.PEM, serialization.NoEncryption()
count = 0


def verdict(good, name):
    global count
    count += 1
    print("%s %d - %s" % ("ok" if good else "not ok", count, name))


def opened(token, key, algorithm):
    signed = jws.JWS()
    signed.allowed_algs = [algorithm]
    signed.deserialize(token)
    signed.verify(key)
    return signed.jose_header, json.loads(signed.payload)


def judge(name, text, public, algorithm):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "key")
        path.write_bytes(text)
        run = subprocess.run([sys.argv[1], str(path), "kid-1", URL, TOKEN], capture_output=True, text=True)
    tokens = dict(line.split(" ", 1) for line in run.stdout.splitlines())
    try:
        header, claims = opened(tokens["assertion"], public, algorithm)
        assert header == {"alg": algorithm, "kid": "kid-1", "typ": "JWT"}, header
        assert claims["iss"] == claims["sub"] == "0oaClient" and claims["aud"] == URL and len(claims["jti"]) >= 20, claims
        for kind in ("proof", "bound"):
            unverified = jws.JWS()
            unverified.deserialize(tokens[kind])
            key = jwk.JWK(**unverified.jose_header["jwk"])
            assert not key.has_private and set(unverified.jose_header["jwk"]) == {"kty", "crv", "x", "y"}
            header, claims = opened(tokens[kind], key, "ES256")
            assert header["typ"] == "dpop+jwt" and claims["htu"] == URL.split("?")[0], claims
            want = base64.urlsafe_b64encode(hashlib.sha256(TOKEN.encode()).digest()).rstrip(b"=").decode()
            assert (claims.get("ath") == want) == (kind == "bound") and (claims.get("nonce") == "a nonce") == (kind == "proof"), claims
            assert claims["htm"] == ("POST" if kind == "proof" else "GET")
        verdict(True, name)
    except Exception as error:  # whatever is wrong, it is a failed test
        verdict(False, "%s: %r %s" % (name, error, run.stderr.strip()))


key = rsa.generate_private_key(65537, 2048)
public = jwk.JWK.from_pyca(key.public_key())
for form in ("PKCS8", "TraditionalOpenSSL"):
    judge("RSA as " + form, key.private_bytes(PEM, getattr(serialization.PrivateFormat, form), NONE), public, "RS256")
text = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, NONE)
judge("RSA with literal \\n", text.replace(b"\n", b"\\n"), public, "RS256")
judge("RSA with its line breaks lost", text.replace(b"\n", b" "), public, "RS256")
private = json.loads(jwk.JWK.from_pyca(key).export_private())
for algorithm in ("RS256", "RS384", "RS512"):
    judge("RSA as JWK with alg " + algorithm, json.dumps(dict(private, alg=algorithm)).encode(), public, algorithm)
judge("RSA as JWK of n, e, d alone", json.dumps({k: private[k] for k in ("kty", "n", "e", "d")}).encode(), public, "RS256")
for curve, algorithm in ((ec.SECP256R1, "ES256"), (ec.SECP384R1, "ES384"), (ec.SECP521R1, "ES512")):
    for again in range(8):  # leading zeros in R, S, x or y come now and then
        key = ec.generate_private_key(curve())
        public = jwk.JWK.from_pyca(key.public_key())
        form = ("PKCS8", "TraditionalOpenSSL")[again % 2]
        judge("%s as %s" % (algorithm, form), key.private_bytes(PEM, getattr(serialization.PrivateFormat, form), NONE), public, algorithm)
    judge(algorithm + " as JWK", jwk.JWK.from_pyca(key).export_private().encode(), public, algorithm)
print("1..%d" % count)
