import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, connect, word } from '../org.js';

const { inlineHookApi } = connect();
const TYPE = 'com.okta.user.credential.password.import';

// Nobody listens at this address.
const channel = {
  type: 'HTTP',
  version: '1.0.0',
  config: {
    uri: 'https://127.0.0.1:9/password',
    method: 'POST',
    headers: [{ key: 'X-Ship', value: 'Beagle' }],
    authScheme: { type: 'HEADER', key: 'Authorization', value: 'a secret of the hook' },
  },
};

const payload = {
  eventType: TYPE,
  source: 'https://example.com/api/v1/inlineHooks',
  data: {
    context: { request: { id: 'one', method: 'POST', url: { value: '/api/v1/authn' }, ipAddress: '127.0.0.1' }, credential: { username: 'ann@example.com', password: 'guess' } },
    action: { credential: 'UNVERIFIED' },
  },
};

test('a password-import hook lives its whole life', async () => {
  const name = word('Hook');
  const hook = await inlineHookApi.createInlineHook({ inlineHook: { name, type: TYPE, version: '1.0.0', channel } });
  const inlineHookId = hook.id;
  assert.match(inlineHookId, /^cal/);
  assert.equal(hook.status, 'ACTIVE');
  assert.equal(hook.channel.config.uri, channel.config.uri);
  assert.equal(hook.channel.config.authScheme.key, 'Authorization');
  assert.equal(JSON.stringify(hook).includes('a secret of the hook'), false);

  assert.equal((await inlineHookApi.getInlineHook({ inlineHookId })).name, name);
  const listed = await all(await inlineHookApi.listInlineHooks({ type: TYPE }));
  assert.ok(listed.some((one) => one.id === inlineHookId));

  const updated = await inlineHookApi.updateInlineHook({ inlineHookId, inlineHook: { name: `${name}-2`, version: '1.0.0', channel } });
  assert.equal(updated.name, `${name}-2`);
  const replaced = await inlineHookApi.replaceInlineHook({ inlineHookId, inlineHook: { name: `${name}-3`, version: '1.0.0', channel } });
  assert.equal(replaced.name, `${name}-3`);

  assert.equal((await inlineHookApi.deactivateInlineHook({ inlineHookId })).status, 'INACTIVE');
  assert.equal((await inlineHookApi.activateInlineHook({ inlineHookId })).status, 'ACTIVE');
  await assert.rejects(inlineHookApi.executeInlineHook({ inlineHookId, payloadData: payload }), (error) => {
    assert.ok(error.status >= 400, `status ${error.status}`);
    assert.match(error.errorCode, /^E0000/);
    return true;
  });
  await inlineHookApi.deactivateInlineHook({ inlineHookId });
  await inlineHookApi.deleteInlineHook({ inlineHookId });
  await assert.rejects(inlineHookApi.getInlineHook({ inlineHookId }), { status: 404, errorCode: 'E0000007' });
});
