"""Makes key pairs for two service apps, one of them bound to its keys (DPoP): what the emulated org is to know of them
goes into plain.app.json and bound.app.json, what the suite needs into plain.key.json and bound.key.json."""

import json
import pathlib
import sys

from jwcrypto import jwk

SCOPES = ["okta.users.manage", "okta.users.read", "okta.groups.read"]


def make(directory: pathlib.Path, name: str, bound: bool) -> None:
    key = jwk.JWK.generate(kty="RSA", size=2048, kid=name, alg="RS256", use="sig")
    client_id = f"0oa{name}".ljust(20, "0")
    public = key.export_public(as_dict=True)
    app = {"client_id": client_id, "jwks": {"keys": [public]}, "scopes": SCOPES, "dpop_bound_access_tokens": bound}
    own = {"clientId": client_id, "privateKey": key.export_private(as_dict=True)}
    for kind, value in [("app", app), ("key", own)]:
        path = directory / f"{name}.{kind}.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(value))


make(pathlib.Path(sys.argv[1]), "plain", False)
make(pathlib.Path(sys.argv[1]), "bound", True)
