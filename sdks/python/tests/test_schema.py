from okta.models import (
    CreateUserRequest,
    UpdateUserRequest,
    UserProfile,
    UserSchema,
    UserSchemaAttribute,
    UserSchemaAttributePermission,
    UserSchemaDefinitions,
    UserSchemaPublic,
)

from .org import OrgTest, data, profile, word


def with_custom(**properties):
    custom = UserSchemaPublic(id="#custom", type="object", properties=properties, required=[])
    return UserSchema(definitions=UserSchemaDefinitions(custom=custom))


class Schema(OrgTest):
    async def test_base_attributes(self):
        schema = await data(self.client.get_user_schema("default"))
        login = schema.definitions.base.properties.login
        self.assertEqual((login.type.value, login.required), ("string", True))
        self.assertIn("email", schema.definitions.base.required)

    async def test_custom_attribute_added_and_used(self):
        name = word("shoeSize")
        allowed = UserSchemaAttributePermission(principal="SELF", action="READ_ONLY")
        attribute = UserSchemaAttribute(title="Shoe size", type="integer", required=False, permissions=[allowed])
        schema = await data(self.client.update_user_profile("default", with_custom(**{name: attribute})))
        added = schema.definitions.custom.properties[name]
        self.assertEqual((added.title, added.type.value), ("Shoe size", "integer"))

        shod = profile()
        shod.additional_properties = {name: 44}
        one = await self.staged(profile=shod)
        read = await data(self.client.get_user(one.id))
        self.assertEqual(read.profile.additional_properties[name], 44)
        change = UserProfile(additional_properties={name: 45})
        user = await data(self.client.update_user(one.id, UpdateUserRequest(profile=change)))
        self.assertEqual(user.profile.additional_properties[name], 45)

    async def test_unknown_attribute(self):
        odd = profile()
        odd.additional_properties = {"unheardOf": "x"}
        await self.refused(self.client.create_user(CreateUserRequest(profile=odd)), 400, "E0000001")
