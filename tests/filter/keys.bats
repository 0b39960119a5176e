#!/usr/bin/env bats
# Keys that are none, or none for Okta: each says what it is. Nothing is asked of the network.

load org

setup() {
	cd "$BATS_TEST_TMPDIR"
	unset OKTA_CLIENT_ORGURL OKTA_CLIENT_CLIENTID OKTA_CLIENT_PRIVATEKEY OKTA_CLIENT_PRIVATEKEYID OKTA_CLIENT_TOKEN
}

# refuses FILE WORDS: 78, and the words
refuses() {
	ends_with 78 okta-fetch --org-url https://localhost:1 --client-id c --key-id k --key-file "$1" || { echo "$1"; return 1; }
	says "$2"
	[ "$(wc -l < err)" -eq 1 ]
	[ ! -s out ]
}

@test "each wrong key gets its own message: 78" {
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2>/dev/null
	openssl pkey -in rsa.pem -aes256 -passout pass:x -out encrypted.pem
	openssl pkey -in rsa.pem -traditional -aes256 -passout pass:x -out old-encrypted.pem
	openssl pkey -in rsa.pem -pubout -out public.pem
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.pem 2>/dev/null
	openssl genpkey -algorithm ED25519 -out ed25519.pem
	openssl ecparam -name secp256k1 -genkey -noout -out curve.pem
	openssl req -x509 -key rsa.pem -subj /CN=x -out certificate.pem
	head -c 900 rsa.pem > cut.pem
	echo 'not a key' > text
	: > empty
	echo '{"kty":"RSA","n":"AQAB","e":"AQAB"}' > public.jwk
	echo '{"kty":"EC","crv":"P-256","x":"AAAA","d":"AAAA"}' > damaged.jwk
	echo '{"kty":"oct","k":"AAAA"}' > oct.jwk
	echo '{"kty":' > cut.jwk
	refuses encrypted.pem 'encrypted'
	refuses old-encrypted.pem 'encrypted'
	refuses public.pem 'only a public key'
	refuses small.pem '1024 bits is too small'
	refuses ed25519.pem 'ED25519'
	refuses curve.pem 'another curve'
	refuses certificate.pem 'a certificate'
	refuses cut.pem 'damaged or cut off'
	refuses text 'neither PEM nor JWK'
	refuses empty 'empty'
	refuses public.jwk 'only a public JWK'
	refuses damaged.jwk 'missing or damaged'
	refuses oct.jwk 'of type oct'
	refuses cut.jwk 'no JSON'
	refuses nowhere.pem 'nowhere.pem'
}

@test "a set of JWKs: the key of the key ID, and no guess between two" {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
	/usr/bin/python3 -c 'import json; from jwcrypto import jwk
a, b = (json.loads(jwk.JWK.generate(kty="EC", crv="P-256", kid=k).export_private()) for k in "ab")
print(json.dumps({"keys": [a, b]}))' > set.jwk
	ends_with 78 okta-fetch --org-url https://localhost:1 --client-id c --key-file set.jwk
	says '2 private keys'
	refuses set.jwk '0 private keys with the key ID k'
	# The right one gets as far as the network.
	ends_with 69 okta-fetch --org-url https://localhost:1 --client-id c --key-id a --key-file set.jwk
}

@test "no key ID: said before anything is asked" {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
	ends_with 64 okta-fetch --org-url https://localhost:1 --client-id c --key-file ec.pem
	says '--key-id'
}
