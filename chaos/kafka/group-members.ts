import type { Admin } from "kafkajs";
import { removeMembers } from "./broker-requests.ts";

/** The ids of a group's members; none where there is no such group. */
export async function membersOf(admin: Admin, group: string): Promise<string[]> {
	const { groups } = await admin.describeGroups([group]);
	return groups.flatMap(({ members }) => members.map(({ memberId }) => memberId));
}

/** Puts all members out of a group, the dead ones too that the broker still waits for. They may join again. */
export async function putOutMembers(
	admin: Admin,
	brokers: readonly string[],
	group: string,
): Promise<void> {
	const members = await membersOf(admin, group);
	if (members.length > 0) await removeMembers(brokers, group, members);
}
