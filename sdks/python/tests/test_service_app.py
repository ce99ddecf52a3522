"""A service app (OAuth 2.0, private_key_jwt).

Each variable names a file `{"clientId", "privateKey": {a JWK}}`; where it is not set, its tests are not there.
"""

import json
import os

from okta.client import Client
from okta.models import CreateUserRequest

from .org import BCRYPT, OrgTest, credentials, data, given, profile

SCOPES = ["okta.users.manage", "okta.groups.read"]
PLAIN = os.environ.get("SDK_SERVICE_APP")
BOUND = os.environ.get("SDK_SERVICE_APP_DPOP")


def app(file, **extra):
    with open(file, encoding="utf-8") as text:
        wanted = json.load(text)
    settings = {"clientId": wanted["clientId"], "privateKey": wanted["privateKey"], "scopes": SCOPES}
    return Client({"authorizationMode": "PrivateKey", **settings, **extra})


def watched(client):
    """The schemes of the resource calls, and the statuses of the token calls."""
    http, schemes, tokens = client.get_request_executor()._http_client, set(), []
    send = http.send_request

    async def listen(request):
        answer = await send(request)
        if request["url"].endswith("/oauth2/v1/token"):
            tokens.append(answer[1].status)
        else:
            schemes.add(request["headers"]["Authorization"].split(" ")[0])
        return answer

    http.send_request = listen
    return schemes, tokens


class ServiceApp(OrgTest):
    async def create_and_read(self, client):
        body = CreateUserRequest(profile=profile(), credentials=credentials(hash=BCRYPT))
        user = await data(client.create_user(body))
        self.assertEqual((await data(client.get_user(user.id))).status.value, "ACTIVE")
        await given(client.list_groups(limit=1))

    if PLAIN:

        async def test_bearer_token(self):
            async with app(PLAIN) as client:
                schemes, tokens = watched(client)
                await self.create_and_read(client)
            self.assertEqual((schemes, tokens), ({"Bearer"}, [200]))

        async def test_scope_that_was_not_asked_for(self):
            async with app(PLAIN, scopes=["okta.users.read"]) as client:
                body = CreateUserRequest(profile=profile())
                await self.refused(client.create_user(body, activate=False), 403, "E0000006")

        async def test_unknown_client(self):
            async with app(PLAIN, clientId="0oaNobody00000000000") as client:
                await self.refused(client.get_user("me"), 401, "invalid_client")

    if BOUND:

        async def test_dpop_bound_token(self):
            async with app(BOUND, dpopEnabled=True) as client:
                schemes, tokens = watched(client)
                await self.create_and_read(client)
            self.assertEqual((schemes, tokens), ({"DPoP"}, [400, 200]))
