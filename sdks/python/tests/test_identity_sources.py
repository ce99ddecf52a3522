from okta.models import (
    BulkDeleteRequestBody,
    BulkUpsertRequestBody,
    BulkUpsertRequestBodyProfilesInner,
    IdentitySourceUserProfileForDelete,
    IdentitySourceUserProfileForUpsert,
)

from .org import OrgTest, data, word

# As scripts/sdks declares it.
SOURCE = "0oaSDKSDKSDKSDKSDK00"


def person(external_id, last_name="Source"):
    login = f"{external_id.lower()}@example.com"
    profile = IdentitySourceUserProfileForUpsert(
        user_name=login, email=login, first_name="Sue", last_name=last_name
    )
    return BulkUpsertRequestBodyProfilesInner(external_id=external_id, profile=profile)


class IdentitySources(OrgTest):
    async def begun(self):
        """A session that is begun. Okta answers 201 where its description says 200, and the SDK, made from that
        description, reads no session from a 201: so it is looked for."""
        await data(self.client.create_identity_source_session(SOURCE))
        listed = await data(self.client.list_identity_source_sessions(SOURCE))
        return next(one for one in listed if one.status.value == "CREATED")

    async def imported(self, load, body):
        """Loads one request into a session of its own and has it processed."""
        session = await self.begun()
        await data(load(SOURCE, session.id, body))
        started = await data(self.client.start_import_from_identity_source(SOURCE, session.id))
        self.assertEqual(started.status.value, "TRIGGERED")
        done = await data(self.client.get_identity_source_session(SOURCE, session.id))
        self.assertEqual(done.status.value, "COMPLETED")
        return done

    async def upsert(self, *people):
        body = BulkUpsertRequestBody(entity_type="USERS", profiles=list(people))
        return await self.imported(self.client.upload_identity_source_data_for_upsert, body)

    async def user(self, external_id):
        return await data(self.client.get_user(f"{external_id.lower()}@example.com"))

    async def test_whole_life(self):
        one = word("E")
        session = await self.upsert(person(one), person(word("E")))
        self.assertEqual(session.identity_source_id, SOURCE)
        self.assertEqual((await self.user(one)).profile.last_name, "Source")
        await self.upsert(person(one, "Spring"))
        self.assertEqual((await self.user(one)).profile.last_name, "Spring")
        gone = BulkDeleteRequestBody(
            entity_type="USERS", profiles=[IdentitySourceUserProfileForDelete(external_id=one)]
        )
        await self.imported(self.client.upload_identity_source_data_for_delete, gone)
        self.assertEqual((await self.user(one)).status.value, "DEPROVISIONED")

    async def test_a_session_is_listed_and_cancelled(self):
        session = await self.begun()
        await self.refused(
            self.client.start_import_from_identity_source(SOURCE, session.id), 400, "E0000001"
        )
        await data(self.client.delete_identity_source_session(SOURCE, session.id))
        closed = await data(self.client.get_identity_source_session(SOURCE, session.id))
        self.assertEqual(closed.status.value, "CLOSED")
