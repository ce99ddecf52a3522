from .org import OrgTest, every


class Realms(OrgTest):
    async def test_default_realm(self):
        [default] = [realm for realm in await every(self.client.list_realms) if realm.is_default]
        self.assertTrue(default.id.startswith("guo"))
        self.assertTrue(default.profile.name)
