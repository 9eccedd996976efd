import { randomBytes } from "node:crypto";
import { FaultlineError, messageOf } from "../base/errors.ts";
import type { KafkaClient, Produced } from "./kafka-client.ts";
import type { Issue, IssuedOperation, Pending } from "./operation.ts";
import type { Repeat } from "./repeat.ts";
import { constantOf, templateOf } from "./template.ts";

/** Layout of a message's head: a token of this client, the operation's number, its intended time in milliseconds. */
const numberAt = 8;
const intendedAt = 16;
const headBytes = 24;

/** Repeats a message. With `consume` an operation ends when its message has come back. */
export async function repeatMessage(
	client: KafkaClient,
	repeat: Repeat,
	seed: number,
): Promise<Issue> {
	if (repeat.kind !== "kafka" || repeat.valueBytes < headBytes)
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`a Kafka driver can't repeat ${repeat.kind === "kafka" ? `messages of ${repeat.valueBytes} bytes` : `a ${repeat.kind} operation`}`,
			`give it messages of at least ${headBytes} bytes`,
		);
	const { topic, valueBytes, key, consume } = repeat;
	const token = randomBytes(8);
	const blank = Buffer.alloc(valueBytes, "faultline ");
	token.copy(blank);
	const encode = ({ n, intendedMs }: IssuedOperation) => {
		const value = Buffer.from(blank);
		value.writeDoubleLE(n, numberAt);
		value.writeDoubleLE(intendedMs, intendedAt);
		return value;
	};
	const template = key === null ? null : templateOf(key, seed);
	const always = key !== null && constantOf(key) !== null ? Buffer.from(key) : null;
	const keyOf = (n: number) => (template === null ? null : (always ?? Buffer.from(template(n))));
	if (!consume)
		return (operation) =>
			client.produce(topic, { key: keyOf(operation.n), value: encode(operation) }, operation);

	const underWay = new Map<number, Consumed>();
	const onValue = (value: Buffer) => {
		if (value.length < headBytes || token.compare(value, 0, numberAt) !== 0) return;
		const n = value.readDoubleLE(numberAt);
		const consumed = underWay.get(n);
		// Null for one that was given up, or that came twice.
		if (consumed !== undefined) consumed.came();
	};
	try {
		await client.consume(topic, onValue);
	} catch (cause) {
		throw new FaultlineError(
			"FLT_COMPONENT_MISSING",
			`topic "${topic}" can't be consumed: ${messageOf(cause)}`,
			"correct the topic's name, or create it, and see that this user may read it",
			cause,
		);
	}
	return (operation) => {
		const message = { key: keyOf(operation.n), value: encode(operation) };
		client.produce(topic, message, new Consumed(underWay, operation));
	};
}

/** An operation whose message is to come back. */
class Consumed implements Produced, Pending {
	readonly #underWay: Map<number, Consumed>;
	readonly #operation: IssuedOperation;
	readonly #n: number;

	constructor(underWay: Map<number, Consumed>, operation: IssuedOperation) {
		this.#underWay = underWay;
		this.#operation = operation;
		this.#n = operation.n;
		operation.pending = this;
		underWay.set(this.#n, this);
	}

	/** Acknowledged: it is the consumer's turn. */
	succeed(): void {}

	came(): void {
		this.#underWay.delete(this.#n);
		this.#operation.succeed();
	}

	fail(error: unknown): void {
		if (!this.#underWay.delete(this.#n)) return;
		this.#operation.fail(error);
	}

	giveUp(): void {
		this.#underWay.delete(this.#n);
	}
}
