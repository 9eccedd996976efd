import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { membersOf, putOutMembers } from "../../kafka/group-members.ts";
import { type KafkaUndo, onKafka, planOnKafka, warmKafka } from "../../kafka/kafka-undo.ts";
import { ownObject } from "../../own-object.ts";
import { describeTrip } from "../../probe.ts";

export interface GroupEvictedParams {
	/** Its name after the run's own prefix of topics and groups. */
	group: string;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"group-evicted": GroupEvictedParams;
	}
}

interface GroupUndo extends KafkaUndo {
	group: string;
	/** Its members before. */
	members: string[];
}

/** All members of one of the run's consumer groups are put out of it at once; they may join again, as new members. */
export default faultKind<GroupEvictedParams, GroupUndo>({
	victim:
		"consumers of the group learn with their next heartbeat or commit that they are no members, and join again",
	acts: "kafka",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			group: {
				type: "string",
				minLength: 1,
				maxLength: 200,
				description: "the group's name after the run's own prefix of topics and groups",
			},
		},
		required: ["group"],
		additionalProperties: false,
	},
	warm: warmKafka,
	async plan(target, on, params, faultId) {
		const group = ownObject(target, "topic", params.group);
		const undo = await planOnKafka(target, on, faultId);
		const members = await onKafka(undo.brokers, (admin) => membersOf(admin, group));
		return { ...undo, group, members };
	},
	async inject(_target, { brokers, group }) {
		await onKafka(brokers, (admin) => putOutMembers(admin, brokers, group));
	},
	async prove(target, { on, faultId, brokers, group, members }) {
		const now = await onKafka(brokers, (admin) => membersOf(admin, group));
		const left = members.filter((member) => now.includes(member));
		const old = await (await target.probeOf(on, faultId)).old(2_000);
		return {
			ok: members.length > 0 && left.length === 0,
			seen: `of ${members.length} members ${left.length} are left, ${now.length - left.length} are new; an old connection: ${describeTrip(old)}`,
		};
	},
	// Nothing is left behind: whoever was put out may join, and committed offsets were not touched.
	async heal() {},
	gone: (target, undo) => answersAgain(target, undo),
});
