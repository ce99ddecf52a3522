import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, connect } from '../org.js';

test('the default realm is listed', async () => {
  const realms = await all(await connect().realmApi.listRealms({}));
  const realm = realms.find((one) => one.isDefault);
  assert.match(realm.id, /^guo/);
  assert.ok(realm.profile.name.length > 0);
});
