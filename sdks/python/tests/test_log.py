from datetime import datetime, timedelta, timezone

from .org import OrgTest, every


def moment(minutes):
    then = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    return then.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Log(OrgTest):
    async def test_a_create_is_told(self):
        since = moment(-1)
        one = await self.staged()
        wanted = 'eventType eq "user.lifecycle.create"'
        events = await every(self.client.list_log_events, since=since, until=moment(1), filter=wanted, limit=1000)
        self.assertTrue(events)
        for event in events:
            self.assertEqual(event.event_type, "user.lifecycle.create")
            self.assertIsInstance(event.published, datetime)
            self.assertTrue(event.uuid)
        [(event, target)] = [(event, target) for event in events for target in event.target if target.id == one.id]
        self.assertEqual(event.outcome.result, "SUCCESS")
        self.assertEqual(target.alternate_id, one.profile.login)
