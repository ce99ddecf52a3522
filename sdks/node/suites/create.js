import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BCRYPT, connect, profile, word } from '../org.js';

const client = connect();

test('a user with an imported BCRYPT hash is active and its provider is IMPORT', async () => {
  const wanted = profile();
  const user = await client.userApi.createUser({ body: { profile: wanted, credentials: { password: { hash: BCRYPT } } } });
  assert.equal(user.status, 'ACTIVE');
  assert.equal(user.credentials.provider.type, 'IMPORT');
  assert.equal(user.profile.login, wanted.login);
  assert.ok(user.created instanceof Date && !Number.isNaN(user.created.getTime()));
  assert.ok(user.passwordChanged instanceof Date);
  assert.match(user.type.id, /^oty/);
});

test('a user with a password hook is active and its provider is IMPORT', async () => {
  const body = { profile: profile(), credentials: { password: { hook: { type: 'default' } } } };
  const user = await client.userApi.createUser({ body, activate: true });
  assert.equal(user.status, 'ACTIVE');
  assert.equal(user.credentials.provider.name, 'IMPORT');
});

test('a user with a cleartext password is active and its provider is OKTA', async () => {
  const credentials = {
    password: { value: 'Tr1cky-Horse-9' },
    recovery_question: { question: 'Which ship?', answer: 'Beagle' },
  };
  const user = await client.userApi.createUser({ body: { profile: profile(), credentials } });
  assert.equal(user.status, 'ACTIVE');
  assert.equal(user.credentials.provider.type, 'OKTA');
  assert.equal(user.credentials.recovery_question.question, 'Which ship?');
  assert.equal(user.credentials.recovery_question.answer, undefined);
});

test('a user without credentials, not activated, is staged', async () => {
  const user = await client.userApi.createUser({ body: { profile: profile() }, activate: false });
  assert.equal(user.status, 'STAGED');
  assert.equal(user.activated, null);
});

test('a user created with groupIds is a member of those groups', async () => {
  const groups = [];
  for (const name of [word('Crew'), word('Crew')]) {
    groups.push(await client.groupApi.createGroup({ group: { profile: { name } } }));
  }
  const groupIds = groups.map((group) => group.id);
  const user = await client.userApi.createUser({ body: { profile: profile(), groupIds }, activate: false });
  const ids = [];
  await (await client.userApi.listUserGroups({ userId: user.id })).each((group) => { ids.push(group.id); });
  for (const id of groupIds) assert.ok(ids.includes(id));
});

test('a password and a changed password at next login make it expired', async () => {
  const body = { profile: profile(), credentials: { password: { value: 'Tr1cky-Horse-9' } } };
  const user = await client.userApi.createUser({ body, activate: true, nextLogin: 'changePassword' });
  assert.equal(user.status, 'PASSWORD_EXPIRED');
});

test('a taken login is refused with the cause', async () => {
  const taken = profile();
  await client.userApi.createUser({ body: { profile: taken }, activate: false });
  await assert.rejects(client.userApi.createUser({ body: { profile: taken }, activate: false }), (error) => {
    assert.equal(error.status, 400);
    assert.equal(error.errorCode, 'E0000001');
    assert.match(error.errorCauses[0].errorSummary, /already exists/);
    return true;
  });
});
