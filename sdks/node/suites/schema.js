import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, profile, staged, word } from '../org.js';

const client = connect();
const schemaId = 'default';

test('the schema has the base attributes', async () => {
  const schema = await client.schemaApi.getUserSchema({ schemaId });
  assert.equal(schema.definitions.base.properties.login.type, 'string');
  assert.equal(schema.definitions.base.properties.login.required, true);
  assert.ok(schema.definitions.base.required.includes('email'));
});

test('a custom attribute is added and used', async () => {
  const name = word('shoeSize');
  const attribute = { title: 'Shoe size', type: 'integer', minimum: 1, required: false, permissions: [{ principal: 'SELF', action: 'READ_ONLY' }] };
  const custom = (value) => ({ definitions: { custom: { id: '#custom', type: 'object', properties: { [name]: value }, required: [] } } });
  const schema = await client.schemaApi.updateUserProfile({ schemaId, userSchema: custom(attribute) });
  assert.equal(schema.definitions.custom.properties[name].title, 'Shoe size');
  assert.equal(schema.definitions.custom.properties[name].type, 'integer');

  const one = await staged(client, { profile: { ...profile(), [name]: 44 } });
  assert.equal((await client.userApi.getUser({ userId: one.id })).profile[name], 44);
  const shoes = await client.userApi.updateUser({ userId: one.id, user: { profile: { [name]: 45 } } });
  assert.equal(shoes.profile[name], 45);
});

test('an attribute that the schema lacks is refused', async () => {
  await assert.rejects(staged(client, { profile: { ...profile(), unheardOf: 'x' } }), { status: 400, errorCode: 'E0000001' });
});
