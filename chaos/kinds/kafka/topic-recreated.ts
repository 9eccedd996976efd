import type { Admin } from "kafkajs";
import { pause } from "../../../base/clock.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { faultKind, type Undo } from "../../fault.ts";
import { type KafkaUndo, onKafka, planOnKafka, warmKafka } from "../../kafka/kafka-undo.ts";
import { makeTopic } from "../../kafka/make-topic.ts";
import { ownObject } from "../../own-object.ts";
import { describeTrip } from "../../probe.ts";

export interface TopicRecreatedParams {
	/** Its name after the run's own prefix. */
	topic: string;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"topic-recreated": TopicRecreatedParams;
	}
}

interface TopicUndo extends KafkaUndo {
	topic: string;
	shape: Shape;
}

/** What a topic is made with; all but its data. */
interface Shape extends Undo {
	partitions: number;
	replicationFactor: number;
	configs: { name: string; value: string }[];
}

/** A topic of the run's is deleted, and made again when it heals: the same partitions and settings, none of its data. */
export default faultKind<TopicRecreatedParams, TopicUndo>({
	victim:
		"the topic is unknown for a while, then empty: offsets begin at 0 again, committed ones are gone",
	acts: "kafka",
	heals: "structure",
	params: {
		type: "object",
		properties: {
			topic: {
				type: "string",
				minLength: 1,
				maxLength: 200,
				description: "the topic's name after the run's own prefix",
			},
		},
		required: ["topic"],
		additionalProperties: false,
	},
	warm: warmKafka,
	async plan(target, on, params, faultId) {
		const topic = ownObject(target, "topic", params.topic);
		const undo = await planOnKafka(target, on, faultId);
		const shape = await onKafka(undo.brokers, (admin) => shapeOf(admin, topic));
		if (shape === null)
			throw new FaultlineError(
				"FLT_NO_PATH",
				`there is no topic "${topic}"`,
				"make it in arrange, under ctx.names.topicPrefix",
			);
		return { ...undo, topic, shape };
	},
	async inject(_target, { brokers, topic }) {
		await onKafka(brokers, (admin) => deleteTopic(admin, topic));
	},
	async prove(target, { on, faultId, topic }) {
		const fresh = await (await target.probeOf(on, faultId)).fresh(2_000, { statement: topic });
		return {
			ok: fresh.error === "UNKNOWN_TOPIC_OR_PARTITION",
			seen: `asked for the topic, a new connection: ${describeTrip(fresh)}`,
		};
	},
	async heal(_target, { brokers, topic, shape }) {
		await onKafka(brokers, async (admin) => {
			const now = await shapeOf(admin, topic);
			if (now !== null && JSON.stringify(now) === JSON.stringify(shape)) return;
			// Whoever wrote to it meanwhile may have made it, as brokers by default allow: not in this shape.
			if (now !== null) await deleteTopic(admin, topic);
			const { partitions: numPartitions, replicationFactor, configs: configEntries } = shape;
			await makeTopic(admin, { topic, numPartitions, replicationFactor, configEntries });
		});
	},
	async gone(target, { on, faultId, brokers, topic, shape }) {
		const now = await onKafka(brokers, (admin) => shapeOf(admin, topic));
		const fresh = await (await target.probeOf(on, faultId)).fresh(2_000, { statement: topic });
		return {
			ok: JSON.stringify(now) === JSON.stringify(shape) && fresh.kind === "answered",
			seen: `${now?.partitions ?? 0} of ${shape.partitions} partitions; asked for the topic, a new connection: ${describeTrip(fresh)}`,
		};
	},
});

/** Null where there is no such topic. */
async function shapeOf(admin: Admin, topic: string): Promise<Shape | null> {
	if (!(await admin.listTopics()).includes(topic)) return null;
	const { ConfigResourceTypes } = (await import("kafkajs")).default;
	const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
	const { partitions } = topics[0]!;
	const { resources } = await admin.describeConfigs({
		includeSynonyms: false,
		resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
	});
	return {
		partitions: partitions.length,
		replicationFactor: partitions[0]!.replicas.length,
		configs: resources[0]!.configEntries
			.filter(({ configSource }) => configSource === ofTopic)
			.map(({ configName, configValue }) => ({ name: configName, value: configValue }))
			.sort((a, b) => (a.name < b.name ? -1 : 1)),
	};
}

/** The source of a setting that was made for this topic (`DYNAMIC_TOPIC_CONFIG`); all others come by themselves. */
const ofTopic = 1;

/** Returns when the broker knows it no more. */
async function deleteTopic(admin: Admin, topic: string): Promise<void> {
	await admin.deleteTopics({ topics: [topic] });
	while ((await admin.listTopics()).includes(topic)) await pause(20);
}
