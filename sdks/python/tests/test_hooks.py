import json

from okta.models import (
    ExecuteInlineHookRequest,
    InlineHookChannelConfigAuthSchemeBody,
    InlineHookChannelConfigHeaders,
    InlineHookChannelHttpCreate,
    InlineHookCreate,
    InlineHookHttpConfigCreate,
    InlineHookReplace,
    PasswordImportRequestExecute,
)

from .org import OrgTest, Refused, data, given, word

TYPE = "com.okta.user.credential.password.import"
SECRET = "a secret of the hook"

PAYLOAD = {
    "eventType": TYPE,
    "source": "https://example.com/api/v1/inlineHooks",
    "data": {
        "context": {
            "request": {"id": "one", "method": "POST", "url": {"value": "/api/v1/authn"}, "ipAddress": "127.0.0.1"},
            "credential": {"username": "ann@example.com", "password": "guess"},
        },
        "action": {"credential": "UNVERIFIED"},
    },
}


def channel():
    """Nobody listens at this address."""
    config = InlineHookHttpConfigCreate(
        uri="https://127.0.0.1:9/password",
        method="POST",
        headers=[InlineHookChannelConfigHeaders(key="X-Ship", value="Beagle")],
        auth_scheme=InlineHookChannelConfigAuthSchemeBody(type="HEADER", key="Authorization", value=SECRET),
    )
    return InlineHookChannelHttpCreate(type="HTTP", version="1.0.0", config=config)


class Hooks(OrgTest):
    async def test_whole_life(self):
        name = word("Hook")
        wanted = InlineHookCreate(name=name, type=TYPE, version="1.0.0", channel=channel())
        hook, answer = await given(self.client.create_inline_hook(wanted))
        self.assertTrue(hook.id.startswith("cal"))
        self.assertEqual(hook.status.value, "ACTIVE")
        self.assertEqual(hook.channel.config.uri, "https://127.0.0.1:9/password")
        # The SDK drops authScheme when it reads; so this looks at the answer itself.
        scheme = json.loads(answer.raw_data)["channel"]["config"]["authScheme"]
        self.assertEqual(scheme["key"], "Authorization")
        self.assertNotIn(SECRET, answer.raw_data.decode())

        self.assertEqual((await data(self.client.get_inline_hook(hook.id))).name, name)
        listed = await data(self.client.list_inline_hooks(type=TYPE))
        self.assertIn(hook.id, [one.id for one in listed])

        updated = await data(self.client.update_inline_hook(hook.id, InlineHookReplace(name=f"{name}-2")))
        self.assertEqual(updated.name, f"{name}-2")
        wanted = InlineHookReplace(name=f"{name}-3", version="1.0.0", channel=channel())
        replaced = await data(self.client.replace_inline_hook(hook.id, wanted))
        self.assertEqual(replaced.name, f"{name}-3")

        self.assertEqual((await data(self.client.deactivate_inline_hook(hook.id))).status.value, "INACTIVE")
        self.assertEqual((await data(self.client.activate_inline_hook(hook.id))).status.value, "ACTIVE")
        payload = ExecuteInlineHookRequest(PasswordImportRequestExecute.from_dict(PAYLOAD))
        with self.assertRaises(Refused) as caught:
            await given(self.client.execute_inline_hook(hook.id, payload))
        self.assertGreaterEqual(caught.exception.status, 400)
        self.assertRegex(caught.exception.code, "^E0000")
        await data(self.client.deactivate_inline_hook(hook.id))
        await data(self.client.delete_inline_hook(hook.id))
        await self.refused(self.client.get_inline_hook(hook.id), 404, "E0000007")
