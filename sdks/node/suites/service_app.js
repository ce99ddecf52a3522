// A service app (OAuth 2.0, private_key_jwt). Each variable names a file `{"clientId", "privateKey": {a JWK}}`; where it
// is not set, its test is not there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BCRYPT, okta, profile } from '../org.js';

const scopes = ['okta.users.manage', 'okta.groups.read'];

const app = (file, extra = {}) => {
  const { clientId, privateKey } = JSON.parse(readFileSync(file, 'utf8'));
  return new okta.Client({ authorizationMode: 'PrivateKey', clientId, privateKey, scopes, cacheMiddleware: null, ...extra });
};

// The schemes of the resource calls and the statuses of the token calls.
const watch = (client) => {
  const seen = { schemes: new Set(), tokens: [] };
  client.requestExecutor.on('request', ({ headers }) => {
    if (headers.Authorization) seen.schemes.add(headers.Authorization.split(' ')[0]);
  });
  client.requestExecutor.on('response', ({ url, status }) => {
    if (url.endsWith('/oauth2/v1/token')) seen.tokens.push(status);
  });
  return seen;
};

const createAndRead = async (client) => {
  const user = await client.userApi.createUser({ body: { profile: profile(), credentials: { password: { hash: BCRYPT } } } });
  assert.equal((await client.userApi.getUser({ userId: user.id })).status, 'ACTIVE');
  await (await client.groupApi.listGroups({ limit: 1 })).each(() => false);
};

const plain = process.env.SDK_SERVICE_APP;
const bound = process.env.SDK_SERVICE_APP_DPOP;

if (plain) {
  test('a service app works with one Bearer token', async () => {
    const client = app(plain);
    const seen = watch(client);
    await createAndRead(client);
    assert.deepEqual([...seen.schemes], ['Bearer']);
    assert.deepEqual(seen.tokens, [200]);
  });

  test('a scope that was not asked for is refused', async () => {
    const client = app(plain, { scopes: ['okta.users.read'] });
    await assert.rejects(client.userApi.createUser({ body: { profile: profile() }, activate: false }), { status: 403, errorCode: 'E0000006' });
  });

  test('an unknown client gets no token and its calls are refused', async () => {
    const client = app(plain, { clientId: '0oaNobody00000000000' });
    const seen = watch(client);
    await assert.rejects(client.userApi.getUser({ userId: 'me' }), { status: 401 });
    assert.ok(seen.tokens.length > 0 && seen.tokens.every((status) => status === 401));
  });
}

if (bound) {
  test('a DPoP-bound service app is asked for a nonce once and proves each call', async () => {
    const client = app(bound);
    const seen = watch(client);
    await createAndRead(client);
    assert.deepEqual([...seen.schemes], ['DPoP']);
    assert.deepEqual(seen.tokens, [400, 200]);
  });
}
