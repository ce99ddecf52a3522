import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, word } from '../org.js';

const client = connect();
const api = client.identitySourceApi;
// As scripts/sdks declares it.
const identitySourceId = '0oaSDKSDKSDKSDKSDK00';

const person = () => {
  const login = `${word('sue')}@example.com`;
  return { externalId: word('E'), profile: { userName: login, email: login, firstName: 'Sue', lastName: 'Source' } };
};

// Loads one request into a session of its own and has it processed.
const imported = async (load) => {
  const { id: sessionId } = await api.createIdentitySourceSession({ identitySourceId });
  await load({ identitySourceId, sessionId });
  assert.equal((await api.startImportFromIdentitySource({ identitySourceId, sessionId })).status, 'TRIGGERED');
  const session = await api.getIdentitySourceSession({ identitySourceId, sessionId });
  assert.equal(session.status, 'COMPLETED');
  return session;
};

const upsert = (profiles) => imported((session) =>
  api.uploadIdentitySourceDataForUpsert({ ...session, bulkUpsertRequestBody: { entityType: 'USERS', profiles } }));

test('one test after the other, for one session is loaded at a time', async (suite) => {
  await suite.test('people are created, changed and deactivated', async () => {
    const one = person();
    const session = await upsert([one, person()]);
    assert.equal(session.identitySourceId, identitySourceId);
    const userId = one.profile.userName;
    assert.equal((await client.userApi.getUser({ userId })).profile.lastName, 'Source');
    await upsert([{ ...one, profile: { ...one.profile, lastName: 'Spring' } }]);
    assert.equal((await client.userApi.getUser({ userId })).profile.lastName, 'Spring');
    await imported((open) => api.uploadIdentitySourceDataForDelete({
      ...open, bulkDeleteRequestBody: { entityType: 'USERS', profiles: [{ externalId: one.externalId }] },
    }));
    assert.equal((await client.userApi.getUser({ userId })).status, 'DEPROVISIONED');
  });

  await suite.test('groups and memberships are loaded', async () => {
    const [one, group] = [person(), word('Crew')];
    await upsert([one]);
    await imported(async (open) => {
      const profiles = [{ externalId: group, profile: { displayName: group } }];
      await api.uploadIdentitySourceGroupsForUpsert({ ...open, bulkGroupUpsertRequestBody: { profiles } });
      const memberships = [{ groupExternalId: group, memberExternalIds: [one.externalId] }];
      await api.uploadIdentitySourceGroupMembershipsForUpsert({
        ...open, bulkGroupMembershipsUpsertRequestBody: { memberships },
      });
    });
    const listed = await api.getIdentitySourceGroupMemberships({ identitySourceId, groupOrExternalId: group });
    assert.deepEqual(listed.memberExternalIds, [one.externalId]);
  });

  await suite.test('a session is listed and cancelled, and an empty one is not processed', async () => {
    const { id: sessionId, status } = await api.createIdentitySourceSession({ identitySourceId });
    assert.equal(status, 'CREATED');
    const listed = await api.listIdentitySourceSessions({ identitySourceId });
    const ids = [];
    await listed.each((session) => { ids.push(session.id); });
    assert.ok(ids.includes(sessionId));
    await assert.rejects(api.startImportFromIdentitySource({ identitySourceId, sessionId }), { status: 400 });
    await api.deleteIdentitySourceSession({ identitySourceId, sessionId });
    assert.equal((await api.getIdentitySourceSession({ identitySourceId, sessionId })).status, 'CLOSED');
  });

  await suite.test('one person without a session', async () => {
    const { externalId, profile } = person();
    await api.createIdentitySourceUser({ identitySourceId, userRequestSchema: { externalId, profile } });
    const read = await api.getIdentitySourceUser({ identitySourceId, externalId });
    assert.equal(read.profile.userName, profile.userName);
    await api.deleteIdentitySourceUser({ identitySourceId, externalId });
    await assert.rejects(api.getIdentitySourceUser({ identitySourceId, externalId }), { status: 404 });
  });
});
