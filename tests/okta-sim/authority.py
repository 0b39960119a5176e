"""The org's certificates, from a CA of its own, and the app's key pair."""
import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.utcnow


def private_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def app_key(kind):
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key({"ec": ec.SECP256R1, "p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}[kind]())


def certificate(subject, issuer, key, signer, days, names=None):
    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    start = NOW() - datetime.timedelta(days=30)
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(start)
               .not_valid_after(NOW() + datetime.timedelta(days=days))
               .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True))
    if names is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


def write(folder, kind):
    """ca.pem for clients and server.pem (chain and key); kind: valid, expired, wrong-name. Gives server.pem's path."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = certificate("okta-sim CA", "okta-sim CA", ca_key, ca_key, 30)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    if kind == "wrong-name":
        names = [x509.DNSName("elsewhere.example")]
    leaf = certificate("localhost", "okta-sim CA", key, ca_key, -1 if kind == "expired" else 7, names)
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    path = folder / "server.pem"
    path.write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + private_pem(key))
    path.chmod(0o600)
    return path
