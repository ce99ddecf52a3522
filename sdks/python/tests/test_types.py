from okta.models import CreateUserRequestType, UserType

from .org import OrgTest, Refused, data, given, word


class Types(OrgTest):
    async def test_default_type(self):
        types = await data(self.client.list_user_types())
        [default] = [one for one in types if one.default]
        self.assertEqual(default.name, "user")
        self.assertTrue(default.id.startswith("oty"))

    async def test_whole_life(self):
        wanted = UserType(name=word("contractor"), display_name="Contractor", description="Comes and goes")
        made = await data(self.client.create_user_type(wanted))
        self.assertTrue(made.id.startswith("oty"))
        self.assertFalse(made.default)
        read = await data(self.client.get_user_type(made.id))
        self.assertEqual(read.display_name, "Contractor")
        self.assertIn(made.id, [one.id for one in await data(self.client.list_user_types())])

        user = await self.staged(type=CreateUserRequestType(id=made.id))
        self.assertEqual(user.type.id, made.id)
        for _ in range(2):
            await data(self.client.delete_user(user.id))
        await data(self.client.delete_user_type(made.id))
        with self.assertRaises(Refused) as caught:
            await given(self.client.get_user_type(made.id))
        self.assertEqual(caught.exception.status, 404)
