import type { Admin } from "kafkajs";

/** The broker's own topic, which keeps what it knows of groups. Made for the first group that there is. */
const groupsTopic = "__consumer_offsets";

/**
 * Waits until the broker has loaded all that it knows of groups. One that has just been started lists only those of the
 * partitions that it has read by then: a group that is not in its list may be there all the same. Who leads a partition
 * answers questions about its groups only once it is loaded, and the client asks again until then.
 */
export async function groupsLoaded(admin: Admin): Promise<void> {
	if (!(await admin.listTopics()).includes(groupsTopic)) return;
	const { topics } = await admin.fetchTopicMetadata({ topics: [groupsTopic] });
	await admin.describeGroups(groupsOfEach(topics[0]?.partitions.length ?? 0));
}

/** A group id for each partition of the topic of groups, in their order; no such group need be there. */
export function groupsOfEach(partitions: number): string[] {
	const ids = new Map<number, string>();
	for (let n = 0; ids.size < partitions; n++) {
		const id = `faultline-${n}`;
		const partition = partitionOf(id, partitions);
		if (!ids.has(partition)) ids.set(partition, id);
	}
	return [...ids].sort(([a], [b]) => a - b).map(([, id]) => id);
}

/** Java's String.hashCode, made positive, over the partitions: how Kafka places a group. */
export function partitionOf(group: string, partitions: number): number {
	let hash = 0;
	for (const character of group) hash = (Math.imul(31, hash) + character.charCodeAt(0)) | 0;
	return (hash & 0x7fffffff) % partitions;
}
