import kafkajs from "kafkajs";
import t from "tap";
import type { Endpoint } from "../../../base/endpoint.ts";
import kafka from "../../../load/drivers/kafka.ts";
import { fakeKafka } from "./fake-kafka.ts";

t.test(
	"it reads from the end that there is, and at the log's start where that is gone",
	async (t) => {
		const calls: unknown[] = [];
		const quiet = { connect: async () => {}, disconnect: async () => {} };
		class Library {
			producer = () => quiet;
			admin = () => ({
				...quiet,
				fetchTopicOffsets: async () => [{ partition: 0, offset: "7", high: "7", low: "0" }],
				deleteGroups: async () => {},
			});
			consumer = () => ({
				...quiet,
				subscribe: async (said: unknown) => calls.push(said),
				on: (event: string, then: () => void) => {
					if (event === "consumer.group_join") setImmediate(then);
				},
				run: async () => {},
				seek: (to: unknown) => calls.push(to),
			});
		}
		const { Kafka } = kafkajs;
		t.teardown(() => Object.assign(kafkajs, { Kafka }));
		Object.assign(kafkajs, { Kafka: Library });
		const { address } = await fakeKafka(t, "orders", 1);
		const at: Endpoint = {
			kind: "kafka",
			brokers: [address],
			security: { sasl: null, tls: null },
		};
		const client = await kafka.open(at, { connections: 1, signal: new AbortController().signal });
		t.teardown(() => kafka.close(client));
		await client.consume("orders", () => {});
		t.same(calls, [
			{ topics: ["orders"], fromBeginning: true },
			{ topic: "orders", partition: 0, offset: "7" },
		]);
	},
);
