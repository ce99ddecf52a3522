from okta.client import Client

from .org import OrgTest, given


class Token(OrgTest):
    async def test_wrong_token(self):
        async with Client({"token": "not-a-token-of-this-org"}) as stranger:
            refused = await self.refused(stranger.get_user("me"), 401, "E0000011")
        self.assertIn("Invalid token provided", str(refused))

    async def test_the_right_token_reads(self):
        users, answer = await given(self.client.list_users(limit=1))
        self.assertLessEqual(len(users), 1)
        self.assertTrue(answer.headers["x-okta-request-id"])
