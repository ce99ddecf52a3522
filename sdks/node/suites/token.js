import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, okta, staged } from '../org.js';

test('a wrong token is the error that the SDK knows', async () => {
  const stranger = connect({ token: 'not-a-token-of-this-org' });
  await assert.rejects(stranger.userApi.getUser({ userId: 'me' }), (error) => {
    assert.equal(error.name, 'OktaApiError');
    assert.equal(error.status, 401);
    assert.equal(error.errorCode, 'E0000011');
    assert.match(error.errorSummary, /Invalid token provided/);
    return true;
  });
});


test('the SDK works as it comes, with its cache', async () => {
  const client = new okta.Client();
  const one = await staged(client);
  for (let i = 0; i < 2; i += 1) {
    const user = await client.userApi.getUser({ userId: one.id });
    assert.equal(user.profile.login, one.profile.login);
  }
});
