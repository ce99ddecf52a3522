from datetime import datetime

from okta.models import (
    CreateUserRequest,
    PasswordCredential,
    PasswordCredentialHook,
    RecoveryQuestionCredential,
    UserCredentialsWritable,
)

from .org import BCRYPT, OrgTest, credentials, data, profile, word

PASSWORD = "Tr1cky-Horse-9"


class Create(OrgTest):
    async def test_imported_hash(self):
        wanted = profile()
        user = await self.create(profile=wanted, credentials=credentials(hash=BCRYPT))
        self.assertEqual(user.status.value, "ACTIVE")
        self.assertEqual(user.credentials.provider.type.value, "IMPORT")
        self.assertEqual(user.profile.login, wanted.login)
        self.assertIsInstance(user.created, datetime)
        self.assertIsInstance(user.password_changed, datetime)
        self.assertTrue(user.type.id.startswith("oty"))

    async def test_password_hook(self):
        hook = PasswordCredentialHook(type="default")
        user = await self.create(credentials=credentials(hook=hook))
        self.assertEqual(user.status.value, "ACTIVE")
        self.assertEqual(user.credentials.provider.name, "IMPORT")

    async def test_cleartext_password_and_recovery_question(self):
        both = UserCredentialsWritable(
            password=PasswordCredential(value=PASSWORD),
            recovery_question=RecoveryQuestionCredential(question="Which ship?", answer="Beagle"),
        )
        user = await self.create(credentials=both)
        self.assertEqual(user.status.value, "ACTIVE")
        self.assertEqual(user.credentials.provider.type.value, "OKTA")
        self.assertEqual(user.credentials.recovery_question.question, "Which ship?")
        self.assertIsNone(user.credentials.recovery_question.answer)

    async def test_staged_without_credentials(self):
        user = await self.staged()
        self.assertEqual(user.status.value, "STAGED")
        self.assertIsNone(user.activated)

    async def test_group_ids(self):
        ids = [(await self.group(word("Crew"))).id for _ in range(2)]
        user = await self.staged(group_ids=ids)
        groups = await data(self.client.list_user_groups(user.id))
        self.assertLessEqual(set(ids), {group.id for group in groups})

    async def test_change_at_next_login(self):
        body = CreateUserRequest(profile=profile(), credentials=credentials(value=PASSWORD))
        user = await data(self.client.create_user(body, activate=True, next_login="changePassword"))
        self.assertEqual(user.status.value, "PASSWORD_EXPIRED")

    async def test_taken_login(self):
        taken = profile()
        await self.staged(profile=taken)
        again = self.client.create_user(CreateUserRequest(profile=taken), activate=False)
        refused = await self.refused(again, 400, "E0000001")
        self.assertIn("already exists", refused.causes[0])
