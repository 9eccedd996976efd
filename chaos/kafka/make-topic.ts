import type { Admin, ITopicConfig } from "kafkajs";
import { pause } from "../../base/clock.ts";

const limitMs = 10_000;

/**
 * Makes a topic, and waits until each of its partitions is served: kafkajs's own wait gives up on a broker that takes a
 * second. The client keeps the topic in mind, and fails in what it does after the topic was deleted: give it a client of
 * its own where that may come.
 */
export async function makeTopic(admin: Admin, topic: ITopicConfig): Promise<void> {
	await admin.createTopics({ waitForLeaders: false, topics: [topic] });
	const giveUpAt = performance.now() + limitMs;
	for (;;) {
		try {
			await admin.fetchTopicOffsets(topic.topic);
			return;
		} catch (error) {
			if (performance.now() > giveUpAt) throw error;
			await pause(20);
		}
	}
}
