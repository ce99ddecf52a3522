import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, connect, staged } from '../org.js';

const client = connect();
const MINUTE = 60_000;

test('the System Log tells of a create', async () => {
  const since = new Date(Date.now() - MINUTE).toISOString();
  const one = await staged(client);
  const until = new Date(Date.now() + MINUTE).toISOString();
  const events = await all(await client.systemLogApi.listLogEvents({ since, until, filter: 'eventType eq "user.lifecycle.create"', limit: 1000 }));
  assert.ok(events.length > 0);
  for (const event of events) {
    assert.equal(event.eventType, 'user.lifecycle.create');
    assert.ok(event.published instanceof Date);
    assert.ok(event.uuid);
  }
  const event = events.find((some) => some.target.some((target) => target.id === one.id));
  assert.ok(event, 'no event tells of the user');
  assert.equal(event.outcome.result, 'SUCCESS');
  assert.equal(event.target.find((target) => target.id === one.id).alternateId, one.profile.login);
});
