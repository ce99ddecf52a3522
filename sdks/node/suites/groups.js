import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, connect, staged, word } from '../org.js';

const client = connect();
const { groupApi } = client;

test('a group is created, read, renamed and deleted', async () => {
  const name = word('Deck');
  const group = await groupApi.createGroup({ group: { profile: { name, description: 'Above' } } });
  const groupId = group.id;
  assert.equal(group.type, 'OKTA_GROUP');
  assert.deepEqual([...group.objectClass], ['okta:user_group']);
  assert.equal(group.profile.name, name);
  const renamed = await groupApi.replaceGroup({ groupId, group: { profile: { name: `${name}-2`, description: 'Below' } } });
  assert.equal(renamed.profile.description, 'Below');
  assert.equal((await groupApi.getGroup({ groupId })).profile.name, `${name}-2`);
  await groupApi.deleteGroup({ groupId });
  await assert.rejects(groupApi.getGroup({ groupId }), { status: 404, errorCode: 'E0000007' });
});

test('groups are listed, by q and by search', async () => {
  const name = word('Mess');
  const { id } = await groupApi.createGroup({ group: { profile: { name } } });
  const ids = async (query) => (await all(await groupApi.listGroups(query))).map((group) => group.id);
  assert.ok((await ids({})).includes(id));
  assert.deepEqual(await ids({ q: name }), [id]);
  assert.deepEqual(await ids({ search: `profile.name eq "${name}"` }), [id]);
});

test('a listing of groups pages', async () => {
  const prefix = word('Page');
  for (let i = 0; i < 5; i += 1) await groupApi.createGroup({ group: { profile: { name: `${prefix}-${i}` } } });
  const found = await all(await groupApi.listGroups({ search: `profile.name sw "${prefix}-"`, limit: 2 }));
  assert.equal(new Set(found.map((group) => group.id)).size, 5);
});

test('members come and go', async () => {
  const { id: groupId } = await groupApi.createGroup({ group: { profile: { name: word('Watch') } } });
  const members = [];
  for (let i = 0; i < 3; i += 1) members.push((await staged(client)).id);
  for (const userId of members) await groupApi.assignUserToGroup({ groupId, userId });
  await groupApi.assignUserToGroup({ groupId, userId: members[0] });
  const listed = async () => (await all(await groupApi.listGroupUsers({ groupId, limit: 2 }))).map((user) => user.id).sort();
  assert.deepEqual(await listed(), [...members].sort());
  await groupApi.unassignUserFromGroup({ groupId, userId: members[0] });
  assert.deepEqual(await listed(), members.slice(1).sort());
});
