import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { all, connect, each, profile, staged, word } from '../org.js';

const CROWD = 1000;
const PAGE = 200;
const client = connect();
const surname = word('Crowd');

// The addresses that the SDK asks for.
const watch = (watched) => {
  const asked = [];
  watched.requestExecutor.on('request', (request) => asked.push(request.url));
  return asked;
};

describe('a crowd of 1,000', () => {
  before(async () => {
    const people = Array.from({ length: CROWD }, () => profile(surname));
    await each(people, 20, (one) => client.userApi.createUser({ body: { profile: one }, activate: false }));
  });

  test('a listing pages through 1,000 users, each once', async () => {
    const pager = connect();
    const asked = watch(pager);
    const found = await all(await pager.userApi.listUsers({ limit: PAGE }));
    const crowd = found.filter((user) => user.profile.lastName === surname);
    assert.equal(crowd.length, CROWD);
    assert.equal(new Set(found.map((user) => user.id)).size, found.length);
    assert.equal(new Set(crowd.map((user) => user.profile.login)).size, CROWD);
    assert.equal(asked.length, Math.ceil(found.length / PAGE));
  });

  test('a search pages through the same 1,000 users in five pages', async () => {
    const pager = connect();
    const asked = watch(pager);
    const search = `profile.lastName eq "${surname}"`;
    const ids = new Set();
    let seen = 0;
    for await (const user of await pager.userApi.listUsers({ search, limit: PAGE })) {
      if (user === null) break;
      seen += 1;
      ids.add(user.id);
    }
    assert.equal(seen, CROWD);
    assert.equal(ids.size, CROWD);
    assert.equal(asked.length, CROWD / PAGE);
  });

  test('a search can be sorted', async () => {
    const search = `profile.lastName eq "${surname}"`;
    const found = await all(await client.userApi.listUsers({ search, sortBy: 'profile.login', sortOrder: 'desc', limit: PAGE }));
    const logins = found.map((user) => user.profile.login);
    assert.deepEqual(logins, [...logins].sort().reverse());
  });
});

test('a filter finds by login and by status', async () => {
  const one = await staged(client);
  const filter = `profile.login eq "${one.profile.login}" and status eq "STAGED"`;
  const found = await all(await client.userApi.listUsers({ filter }));
  assert.deepEqual(found.map((user) => user.id), [one.id]);
});

test('q finds by the beginning of a name', async () => {
  const one = await staged(client, { profile: profile(word('Quentin')) });
  const found = await all(await client.userApi.listUsers({ q: one.profile.lastName.slice(0, -1) }));
  assert.ok(found.some((user) => user.id === one.id));
});

test('a user is read by login and by id', async () => {
  const one = await staged(client);
  const byLogin = await client.userApi.getUser({ userId: one.profile.login });
  const byId = await client.userApi.getUser({ userId: one.id });
  assert.equal(byLogin.id, one.id);
  assert.equal(byId.profile.login, one.profile.login);
});

test('an unknown user is E0000007', async () => {
  await assert.rejects(client.userApi.getUser({ userId: '00unobody00000000000' }), { status: 404, errorCode: 'E0000007' });
});
