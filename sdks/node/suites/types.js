import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, connect, profile, staged, word } from '../org.js';

const client = connect();
const { userTypeApi } = client;

test('the default user type is listed', async () => {
  const types = await all(await userTypeApi.listUserTypes());
  const [type] = types.filter((one) => one._default);
  assert.equal(type.name, 'user');
  assert.match(type.id, /^oty/);
});

test('a user type is created, read, used and deleted', async () => {
  const name = word('contractor');
  const type = await userTypeApi.createUserType({ userType: { name, displayName: 'Contractor', description: 'Comes and goes' } });
  assert.match(type.id, /^oty/);
  assert.equal(type._default, false);
  assert.equal((await userTypeApi.getUserType({ typeId: type.id })).displayName, 'Contractor');
  assert.ok((await all(await userTypeApi.listUserTypes())).some((one) => one.id === type.id));

  const user = await staged(client, { profile: profile(), type: { id: type.id } });
  assert.equal(user.type.id, type.id);
  for (let i = 0; i < 2; i += 1) await client.userApi.deleteUser({ userId: user.id });
  await userTypeApi.deleteUserType({ typeId: type.id });
  await assert.rejects(userTypeApi.getUserType({ typeId: type.id }), { status: 404 });
});
