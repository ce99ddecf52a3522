import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BCRYPT, connect, profile, staged } from '../org.js';

const client = connect();

test('a partial update changes what it names and keeps the rest', async () => {
  const one = await staged(client, { profile: { ...profile(), title: 'Mate', city: 'Leith' } });
  const user = await client.userApi.updateUser({ userId: one.id, user: { profile: { title: 'Captain' } } });
  assert.equal(user.profile.title, 'Captain');
  assert.equal(user.profile.city, 'Leith');
  assert.equal(user.profile.firstName, 'Ann');
});

test('a null in a partial update clears the attribute', async () => {
  const one = await staged(client, { profile: { ...profile(), title: 'Mate' } });
  await client.userApi.updateUser({ userId: one.id, user: { profile: { title: null } } });
  const user = await client.userApi.getUser({ userId: one.id });
  assert.ok(user.profile.title === undefined || user.profile.title === null);
});

test('a full replacement deletes what it leaves out', async () => {
  const one = await staged(client, { profile: { ...profile(), title: 'Mate', city: 'Leith' } });
  const { firstName, login, email } = one.profile;
  const wanted = { firstName, lastName: 'Replaced', login, email, city: 'Oban' };
  await client.userApi.replaceUser({ userId: one.id, user: { profile: wanted } });
  const user = await client.userApi.getUser({ userId: one.id });
  assert.equal(user.profile.lastName, 'Replaced');
  assert.equal(user.profile.city, 'Oban');
  assert.equal(user.profile.title ?? undefined, undefined);
});

test('a user that was read can be sent back changed', async () => {
  const one = await staged(client);
  const user = await client.userApi.getUser({ userId: one.id });
  user.profile.nickName = 'Annie';
  const again = await client.userApi.replaceUser({ userId: one.id, user: { profile: user.profile } });
  assert.equal(again.profile.nickName, 'Annie');
});

test('a staged user can be given an imported hash', async () => {
  const one = await staged(client);
  const user = await client.userApi.updateUser({ userId: one.id, user: { credentials: { password: { hash: BCRYPT } } } });
  assert.equal(user.credentials.provider.type, 'IMPORT');
});
