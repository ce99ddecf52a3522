from .org import OrgTest, data


class Lifecycle(OrgTest):
    async def test_activate_and_reactivate_without_mail(self):
        one = await self.staged()
        first = await data(self.client.activate_user(one.id, send_email=False))
        self.assertTrue(first.activation_url.startswith("https:"))
        self.assertTrue(first.activation_token)
        self.assertEqual(await self.status(one.id), "PROVISIONED")
        second = await data(self.client.reactivate_user(one.id, send_email=False))
        self.assertNotEqual(second.activation_token, first.activation_token)

    async def test_deactivate_and_activate_again(self):
        one = await self.active()
        await data(self.client.deactivate_user(one.id, send_email=False))
        self.assertEqual(await self.status(one.id), "DEPROVISIONED")
        await data(self.client.activate_user(one.id, send_email=False))
        self.assertIn(await self.status(one.id), ["ACTIVE", "PROVISIONED"])

    async def test_suspend_and_unsuspend(self):
        one = await self.active()
        await data(self.client.suspend_user(one.id))
        self.assertEqual(await self.status(one.id), "SUSPENDED")
        await data(self.client.unsuspend_user(one.id))
        self.assertEqual(await self.status(one.id), "ACTIVE")

    async def test_a_staged_user_cannot_be_suspended(self):
        one = await self.staged()
        await self.refused(self.client.suspend_user(one.id), 400, "E0000001")

    async def test_expire_password(self):
        one = await self.active()
        user = await data(self.client.expire_password(one.id))
        self.assertEqual((user.id, user.status.value), (one.id, "PASSWORD_EXPIRED"))

    async def test_reset_password_without_mail(self):
        one = await self.active()
        reset = await data(self.client.reset_password(one.id, send_email=False))
        self.assertTrue(reset.reset_password_url.startswith("https:"))
        self.assertEqual(await self.status(one.id), "RECOVERY")

    async def test_delete_twice(self):
        one = await self.active()
        await data(self.client.delete_user(one.id, send_email=False))
        self.assertEqual(await self.status(one.id), "DEPROVISIONED")
        await data(self.client.delete_user(one.id, send_email=False))
        await self.refused(self.client.get_user(one.id), 404, "E0000007")
