import type { Admin, ITopicConfig } from "kafkajs";
import { pause } from "../base/clock.ts";

const limitMs = 10_000;

/** Makes a topic, and waits until each of its partitions is served: kafkajs gives up on a broker that takes a second. */
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
