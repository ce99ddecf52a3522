from okta.models import (
    CreateGroupRuleRequest,
    GroupRuleAction,
    GroupRuleConditions,
    GroupRuleExpression,
    GroupRuleGroupAssignment,
)

from .org import OrgTest, Refused, data, given, word


class Rules(OrgTest):
    async def state(self, rule_id):
        return (await data(self.client.get_group_rule(rule_id))).status.value

    async def test_whole_life(self):
        group = await self.group(word("Ruled"))
        expression = GroupRuleExpression(value='user.department=="Rigging"', type="urn:okta:expression:1.0")
        wanted = CreateGroupRuleRequest(
            type="group_rule",
            name=word("Rule"),
            conditions=GroupRuleConditions(expression=expression),
            actions=GroupRuleAction(assign_user_to_groups=GroupRuleGroupAssignment(group_ids=[group.id])),
        )
        rule = await data(self.client.create_group_rule(wanted))
        self.assertTrue(rule.id.startswith("0pr"))
        self.assertEqual(rule.status.value, "INACTIVE")
        self.assertEqual(rule.actions.assign_user_to_groups.group_ids, [group.id])
        self.assertIn(rule.id, [one.id for one in await data(self.client.list_group_rules())])
        await data(self.client.activate_group_rule(rule.id))
        self.assertEqual(await self.state(rule.id), "ACTIVE")
        await data(self.client.deactivate_group_rule(rule.id))
        self.assertEqual(await self.state(rule.id), "INACTIVE")
        await data(self.client.delete_group_rule(rule.id))
        with self.assertRaises(Refused) as caught:
            await given(self.client.get_group_rule(rule.id))
        self.assertEqual(caught.exception.status, 404)
