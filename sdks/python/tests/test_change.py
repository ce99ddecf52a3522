from okta.models import PasswordCredential, UpdateUserRequest, UserCredentials, UserProfile

from .org import BCRYPT, OrgTest, data, profile


class Change(OrgTest):
    async def test_partial_update_keeps_the_rest(self):
        one = await self.staged(profile=profile(title="Mate", city="Leith"))
        change = UpdateUserRequest(profile=UserProfile(title="Captain"))
        user = await data(self.client.update_user(one.id, change))
        self.assertEqual((user.profile.title, user.profile.city), ("Captain", "Leith"))
        self.assertEqual(user.profile.first_name, "Ann")

    async def test_full_replacement_deletes_what_it_leaves_out(self):
        one = await self.staged(profile=profile(title="Mate", city="Leith"))
        login = one.profile.login
        wanted = UserProfile(first_name="Ann", last_name="Replaced", login=login, email=login, city="Oban")
        await data(self.client.replace_user(one.id, UpdateUserRequest(profile=wanted)))
        user = await data(self.client.get_user(one.id))
        self.assertEqual((user.profile.last_name, user.profile.city), ("Replaced", "Oban"))
        self.assertIsNone(user.profile.title)

    async def test_what_was_read_can_be_sent_back_changed(self):
        one = await self.staged()
        user = await data(self.client.get_user(one.id))
        user.profile.nick_name = "Annie"
        again = await data(self.client.replace_user(one.id, UpdateUserRequest(profile=user.profile)))
        self.assertEqual(again.profile.nick_name, "Annie")

    async def test_hash_for_a_staged_user(self):
        one = await self.staged()
        change = UpdateUserRequest(credentials=UserCredentials(password=PasswordCredential(hash=BCRYPT)))
        user = await data(self.client.update_user(one.id, change))
        self.assertEqual(user.credentials.provider.type.value, "IMPORT")
