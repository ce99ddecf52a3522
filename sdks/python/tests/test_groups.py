import functools

from okta.models import AddGroupRequest, OktaUserGroupProfile

from .org import OrgTest, data, every, word


def wanted(name, description):
    return AddGroupRequest(profile=OktaUserGroupProfile(name=name, description=description))


class Groups(OrgTest):
    async def ids(self, **query):
        return [group.id for group in await every(self.client.list_groups, **query)]

    async def test_whole_life(self):
        name = word("Deck")
        group = await data(self.client.add_group(wanted(name, "Above")))
        self.assertEqual(group.type.value, "OKTA_GROUP")
        self.assertEqual(group.object_class, ["okta:user_group"])
        self.assertEqual(group.profile.actual_instance.name, name)
        renamed = await data(self.client.replace_group(group.id, wanted(f"{name}-2", "Below")))
        self.assertEqual(renamed.profile.actual_instance.description, "Below")
        read = await data(self.client.get_group(group.id))
        self.assertEqual(read.profile.actual_instance.name, f"{name}-2")
        await data(self.client.delete_group(group.id))
        await self.refused(self.client.get_group(group.id), 404, "E0000007")

    async def test_list(self):
        name = word("Mess")
        group = await self.group(name)
        self.assertIn(group.id, await self.ids())
        self.assertEqual(await self.ids(q=name), [group.id])
        self.assertEqual(await self.ids(search=f'profile.name eq "{name}"'), [group.id])

    async def test_list_pages(self):
        prefix = word("Page")
        made = {(await self.group(f"{prefix}-{number}")).id for number in range(5)}
        found = await self.ids(search=f'profile.name sw "{prefix}-"', limit=2)
        self.assertEqual((set(found), len(found)), (made, 5))

    async def test_members_come_and_go(self):
        group = await self.group(word("Watch"))
        members = [(await self.staged()).id for _ in range(3)]
        for member in [*members, members[0]]:
            await data(self.client.assign_user_to_group(group.id, member))
        listing = functools.partial(self.client.list_group_users, group.id)
        self.assertCountEqual([user.id for user in await every(listing, limit=2)], members)
        await data(self.client.unassign_user_from_group(group.id, members[0]))
        self.assertCountEqual([user.id for user in await every(listing, limit=2)], members[1:])
