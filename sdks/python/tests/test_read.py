from okta.models import CreateUserRequest

from .org import OrgTest, data, each, every, pages, profile, word

CROWD = 1000
PAGE = 200


class Crowd(OrgTest):
    """1,000 users, created once for the whole class."""

    surname = None

    async def asyncSetUp(self):
        await super().asyncSetUp()
        if Crowd.surname is None:
            Crowd.surname = word("Crowd")
            people = [profile(Crowd.surname) for _ in range(CROWD)]
            await each(people, 20, self.put)

    async def put(self, one):
        await data(self.client.create_user(CreateUserRequest(profile=one), activate=False))

    async def test_listing_pages_through_everybody_once(self):
        found = await every(self.client.list_users, limit=PAGE)
        crowd = [user for user in found if user.profile.last_name == self.surname]
        self.assertEqual(len(crowd), CROWD)
        self.assertEqual(len({user.id for user in found}), len(found))
        self.assertEqual(len({user.profile.login for user in crowd}), CROWD)

    async def test_search_takes_five_pages(self):
        search = f'profile.lastName eq "{self.surname}"'
        found = await pages(self.client.list_users, search=search, limit=PAGE)
        self.assertEqual([len(page) for page in found], [PAGE] * (CROWD // PAGE))
        self.assertEqual(len({user.id for page in found for user in page}), CROWD)

    async def test_search_can_be_sorted(self):
        search = f'profile.lastName eq "{self.surname}"'
        found = await every(
            self.client.list_users, search=search, sort_by="profile.login", sort_order="desc", limit=PAGE
        )
        logins = [user.profile.login for user in found]
        self.assertEqual(logins, sorted(logins, reverse=True))


class Find(OrgTest):
    async def test_filter_by_login_and_status(self):
        one = await self.staged()
        wanted = f'profile.login eq "{one.profile.login}" and status eq "STAGED"'
        found = await data(self.client.list_users(filter=wanted))
        self.assertEqual([user.id for user in found], [one.id])

    async def test_q(self):
        one = await self.staged(profile=profile(word("Quentin")))
        found = await data(self.client.list_users(q=one.profile.last_name[:-1]))
        self.assertIn(one.id, [user.id for user in found])

    async def test_get_by_login_and_by_id(self):
        one = await self.staged()
        by_login = await data(self.client.get_user(one.profile.login))
        by_id = await data(self.client.get_user(one.id))
        self.assertEqual(by_login.id, one.id)
        self.assertEqual(by_id.profile.login, one.profile.login)

    async def test_unknown(self):
        await self.refused(self.client.get_user("00unobody00000000000"), 404, "E0000007")
