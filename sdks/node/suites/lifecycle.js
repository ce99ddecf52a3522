import assert from 'node:assert/strict';
import { test } from 'node:test';
import { active, connect, staged, status } from '../org.js';

const client = connect();
const { userApi } = client;

test('activation without mail gives an address, and reactivation another', async () => {
  const { id: userId } = await staged(client);
  const first = await userApi.activateUser({ userId, sendEmail: false });
  assert.match(first.activationUrl, /^https:/);
  assert.ok(first.activationToken.length > 0);
  assert.equal(await status(client, userId), 'PROVISIONED');
  const second = await userApi.reactivateUser({ userId, sendEmail: false });
  assert.notEqual(second.activationToken, first.activationToken);
});

test('a deactivated user can be activated again', async () => {
  const { id: userId } = await active(client);
  await userApi.deactivateUser({ userId, sendEmail: false });
  assert.equal(await status(client, userId), 'DEPROVISIONED');
  await userApi.activateUser({ userId, sendEmail: false });
  assert.ok(['ACTIVE', 'PROVISIONED'].includes(await status(client, userId)));
});

test('a suspended user comes back', async () => {
  const { id: userId } = await active(client);
  await userApi.suspendUser({ userId });
  assert.equal(await status(client, userId), 'SUSPENDED');
  await userApi.unsuspendUser({ userId });
  assert.equal(await status(client, userId), 'ACTIVE');
});

test('a staged user cannot be suspended', async () => {
  const { id: userId } = await staged(client);
  await assert.rejects(userApi.suspendUser({ userId }), { status: 400, errorCode: 'E0000001' });
});

test('an expired password shows in the answer', async () => {
  const { id: userId } = await active(client);
  const user = await userApi.expirePassword({ userId });
  assert.equal(user.id, userId);
  assert.equal(user.status, 'PASSWORD_EXPIRED');
});

test('a reset without mail gives an address and the status RECOVERY', async () => {
  const { id: userId } = await active(client);
  const reset = await userApi.generateResetPasswordToken({ userId, sendEmail: false });
  assert.match(reset.resetPasswordUrl, /^https:/);
  assert.equal(await status(client, userId), 'RECOVERY');
});

test('the first delete deactivates and the second deletes', async () => {
  const { id: userId } = await active(client);
  await userApi.deleteUser({ userId, sendEmail: false });
  assert.equal(await status(client, userId), 'DEPROVISIONED');
  await userApi.deleteUser({ userId, sendEmail: false });
  await assert.rejects(userApi.getUser({ userId }), { status: 404, errorCode: 'E0000007' });
});
