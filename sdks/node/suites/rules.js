import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all, connect, word } from '../org.js';

const { groupApi } = connect();

test('a group rule is created, activated, deactivated and deleted', async () => {
  const group = await groupApi.createGroup({ group: { profile: { name: word('Ruled') } } });
  const name = word('Rule');
  const groupRule = {
    type: 'group_rule',
    name,
    conditions: {
      people: { users: { exclude: [] }, groups: { exclude: [] } },
      expression: { value: 'user.department=="Rigging"', type: 'urn:okta:expression:1.0' },
    },
    actions: { assignUserToGroups: { groupIds: [group.id] } },
  };
  const rule = await groupApi.createGroupRule({ groupRule });
  const ruleId = rule.id;
  const status = async () => (await groupApi.getGroupRule({ ruleId })).status;
  assert.match(ruleId, /^0pr/);
  assert.equal(rule.status, 'INACTIVE');
  assert.deepEqual([...rule.actions.assignUserToGroups.groupIds], [group.id]);
  assert.ok((await all(await groupApi.listGroupRules({}))).some((one) => one.id === ruleId));
  await groupApi.activateGroupRule({ ruleId });
  assert.equal(await status(), 'ACTIVE');
  await groupApi.deactivateGroupRule({ ruleId });
  assert.equal(await status(), 'INACTIVE');
  await groupApi.deleteGroupRule({ ruleId });
  await assert.rejects(groupApi.getGroupRule({ ruleId }), { status: 404 });
});
