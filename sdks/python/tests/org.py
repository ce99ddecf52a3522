"""The org under test and made-up people for it.

The SDK reads OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN by itself; SSL_CERT_FILE names the authority of the emulator's
certificate.
"""

import asyncio
import itertools
import os
import unittest

from okta.client import Client
from okta.models import (
    AddGroupRequest,
    CreateUserRequest,
    OktaUserGroupProfile,
    PasswordCredential,
    PasswordCredentialHash,
    UserCredentialsWritable,
    UserProfile,
)
from okta.pagination import PaginationHelper

# bcrypt of "P@ssword123456", cost 10.
BCRYPT = PasswordCredentialHash(
    algorithm="BCRYPT",
    work_factor=10,
    salt="qRRx8rli7Lvs2h2CNgCQ2O",
    value="mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
)

_made = itertools.count(1)


class Refused(Exception):
    """What the SDK hands back as an error, raised."""

    def __init__(self, error):
        super().__init__(str(error))
        self.status = getattr(error, "status", None)
        self.code = getattr(error, "error_code", None)
        self.causes = [cause.get("errorSummary", "") for cause in getattr(error, "error_causes", [])]


def word(prefix):
    """A word that nobody else in this org has: the process and a counter."""
    return f"{prefix}{os.getpid()}x{next(_made)}"


def profile(last_name=None, **more):
    login = f"{word('ann')}@example.com"
    last_name = last_name or word("Nobody")
    return UserProfile(first_name="Ann", last_name=last_name, login=login, email=login, **more)


def credentials(**password):
    return UserCredentialsWritable(password=PasswordCredential(**password))


async def given(call):
    """The data of a call and the answer that it came in. The SDK returns an error last, where it doesn't raise it."""
    result = await call
    error = result[-1]
    if isinstance(error, Exception):
        raise Refused(error)
    return result[0], result[1]


async def data(call):
    return (await given(call))[0]


async def pages(call, **parameters):
    """Every page of a listing, by the cursor that the SDK reads from the Link header."""
    found, after = [], None
    while True:
        page, answer = await given(call(after=after, **parameters))
        found.append(page or [])
        after = PaginationHelper.extract_next_cursor(answer.headers)
        if after is None:
            return found


async def every(call, **parameters):
    return [one for page in await pages(call, **parameters) for one in page]


async def each(items, width, work):
    """Runs `work` over `items`, `width` at a time."""
    rest = iter(items)

    async def worker():
        for item in rest:
            await work(item)

    await asyncio.gather(*(worker() for _ in range(width)))


class OrgTest(unittest.IsolatedAsyncioTestCase):
    """A client for every test, as the SDK's own context manager gives it."""

    async def asyncSetUp(self):
        # unittest turns it on, and it costs a third of the time.
        asyncio.get_running_loop().set_debug(False)
        self.client = await self.enterAsyncContext(Client())

    async def create(self, activate=True, **body):
        body.setdefault("profile", profile())
        return await data(self.client.create_user(CreateUserRequest(**body), activate=activate))

    async def staged(self, **body):
        return await self.create(activate=False, **body)

    async def active(self):
        return await self.create(credentials=credentials(hash=BCRYPT))

    async def group(self, name):
        wanted = AddGroupRequest(profile=OktaUserGroupProfile(name=name))
        return await data(self.client.add_group(wanted))

    async def status(self, user_id):
        return (await data(self.client.get_user(user_id))).status.value

    async def refused(self, call, status, code):
        with self.assertRaises(Refused) as caught:
            await given(call)
        self.assertEqual((caught.exception.status, caught.exception.code), (status, code))
        return caught.exception
