import type { Admin } from "kafkajs";
import t from "tap";
import {
	groupsLoaded,
	groupsOfEach,
	partitionOf,
} from "../../../chaos/kafka/group-coordinators.ts";

t.test("a group lies where Kafka puts it", (t) => {
	// "readers".hashCode() in Java, and one that is negative.
	t.equal(partitionOf("readers", 50), 1_080_410_128 % 50);
	t.equal(partitionOf("Aa", 50), partitionOf("BB", 50), "a collision that Java is known for");
	t.equal(partitionOf("", 4), 0);
	t.end();
});

t.test("each partition is asked, by a group of its own", (t) => {
	for (const partitions of [0, 1, 4, 50]) {
		const groups = groupsOfEach(partitions);
		t.same(
			groups.map((group) => partitionOf(group, partitions)),
			Array.from({ length: partitions }, (_, partition) => partition),
		);
	}
	t.end();
});

t.test("where there never was a group nothing is asked, and nothing made", async (t) => {
	const asked: string[][] = [];
	const admin = (topics: string[]) =>
		({
			listTopics: async () => topics,
			fetchTopicMetadata: async () => ({ topics: [{ partitions: [{}, {}, {}, {}] }] }),
			describeGroups: async (ids: string[]) => asked.push(ids),
		}) as unknown as Admin;
	await groupsLoaded(admin(["orders"]));
	t.same(asked, []);
	await groupsLoaded(admin(["orders", "__consumer_offsets"]));
	t.same(asked, [groupsOfEach(4)]);
});
