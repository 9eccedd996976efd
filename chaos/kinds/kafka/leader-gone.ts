import { pause } from "../../../base/clock.ts";
import { codeOf, FaultlineError } from "../../../base/errors.ts";
import type { PartitionView } from "../../../base/kafka-metadata.ts";
import { isAlive, killTree } from "../../../base/process.ts";
import { kafkaNodes } from "../../../base/services.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { askPartition } from "../../kafka/broker-requests.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";
import type { Target } from "../../target.ts";

export interface LeaderGoneParams {
	/** Its name after the run's own prefix. */
	topic: string;
	/** Whose leader goes. Default 0. */
	partition?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"leader-gone": LeaderGoneParams;
	}
}

interface LeaderUndo extends ProcessUndo {
	topic: string;
	partition: number;
	/** Its node id, its process's name and where it listens, past all proxies. */
	leader: number;
	broker: string;
	address: string;
	/** Where the others listen. */
	others: string[];
}

/** The others notice after the broker's session of 3 s; a controller that went with it is replaced first. */
const electedLimitMs = 12_000;
const inSyncLimitMs = 15_000;
const everyMs = 50;
const threeBrokers = "start with --brokers 3 (FAULTLINE_KAFKA_NODES=3)";

/** The broker that leads a partition gets SIGKILL; healing starts it again and waits until it has all that was missed. */
export default faultKind<LeaderGoneParams, LeaderUndo>({
	victim:
		"the partition has no leader for some seconds, then another one; what the old one alone had is lost, its clients must find the new one",
	acts: "kafka",
	ownServer: true,
	heals: "fully",
	params: {
		type: "object",
		properties: {
			topic: {
				type: "string",
				minLength: 1,
				maxLength: 200,
				description: "the topic's name after the run's own prefix",
			},
			partition: {
				type: "integer",
				minimum: 0,
				maximum: 100_000,
				default: 0,
				description: "whose leader goes, a count from 0",
			},
		},
		required: ["topic"],
		additionalProperties: false,
	},
	async available(startedHere) {
		return startedHere(kafkaNodes[1]) ? null : `there is no second broker of ours; ${threeBrokers}`;
	},
	async plan(target, on, { topic: name, partition = 0 }, faultId) {
		const topic = target.ownName("topic", name);
		const addresses = await target.kafkaOf(on);
		if (addresses.length < 2)
			throw new FaultlineError("FLT_NO_PATH", `there is one broker behind "${on}"`, threeBrokers);
		const view = await viewFrom(addresses, topic, partition);
		const leader = leaderOf(view, `partition ${partition} of topic "${topic}"`);
		const broker = kafkaNodes[leader - 1] ?? `broker ${leader}`;
		const address = addresses[leader - 1]!;
		return {
			...(await planOnProcess(target, broker, faultId)),
			on,
			topic,
			partition,
			leader,
			broker,
			address,
			others: addresses.filter((other) => other !== address),
		};
	},
	async inject(_target, undo) {
		await killTree(undo.process, { graceMs: 0 });
	},
	async prove(_target, undo) {
		const { leader, broker, address, others, topic, partition } = undo;
		if (isAlive(undo.process)) return { ok: false, seen: `${broker} is still alive` };
		const giveUpAt = performance.now() + electedLimitMs;
		for (;;) {
			const old = await answerOf(address, topic, partition);
			const view = await viewFrom(others, topic, partition);
			const replaced = view !== null && view.leader !== leader;
			if ((old !== "answers" && replaced) || performance.now() > giveUpAt) {
				return {
					ok: old !== "answers" && replaced,
					seen: `${broker}, which led partition ${partition}, ${old}; for the others ${describe(view)}`,
				};
			}
			await pause(everyMs);
		}
	},
	async heal(target, undo) {
		await bringBack(target, undo);
	},
	async gone(target, undo) {
		const { leader, broker, others, topic, partition } = undo;
		const view = await viewFrom(others, topic, partition);
		const back = view?.inSync.includes(leader) === true;
		const fresh = await answersAgain(target, undo);
		const seen = `${broker} is ${back ? "" : "not "}in sync again; ${describe(view)}; ${fresh.seen}`;
		return { ok: back && fresh.ok, seen };
	},
});

/** The broker that leads; refused where nobody does, or nobody else could. */
function leaderOf(view: PartitionView | null, what: string): number {
	if (view === null)
		throw new FaultlineError(
			"FLT_NO_PATH",
			`there is no ${what}`,
			"make it in arrange, under ctx.names.topicPrefix",
		);
	if (view.replicas.length < 2)
		throw new FaultlineError(
			"FLT_NO_PATH",
			`${what} has one replica: without its leader it is just gone`,
			"make it with replicationFactor 3, which is the default of a topic where there are three brokers",
		);
	if (view.leader === null)
		throw new FaultlineError("FLT_NO_PATH", `${what} has no leader`, "wait until it has one");
	return view.leader;
}

/**
 * Starts the broker where it is gone, and waits until it is among those in sync. It need not lead again: it follows
 * until the cluster balances its leaders. A run that is over restarts nothing: there the start of the stack did.
 */
async function bringBack(target: Target, undo: LeaderUndo): Promise<void> {
	const { leader, broker, others, topic, partition } = undo;
	await target.restart(broker);
	const giveUpAt = performance.now() + inSyncLimitMs;
	for (;;) {
		const view = await viewFrom(others, topic, partition);
		// The topic went with its run, or the whole cluster with its daemon: there is nothing to be in sync with.
		if (view === null || view.inSync.includes(leader)) return;
		if (performance.now() > giveUpAt)
			throw new Error(`${broker} is not in sync after ${inSyncLimitMs} ms: ${describe(view)}`);
		await pause(everyMs);
	}
}

/** The partition as the first that answers sees it; null where it knows none, or where nobody listens any more. */
async function viewFrom(
	addresses: readonly string[],
	topic: string,
	partition: number,
): Promise<PartitionView | null> {
	let failure: unknown = null;
	for (const address of addresses) {
		try {
			return await askPartition(address, topic, partition);
		} catch (error) {
			if (codeOf(error) !== "ECONNREFUSED") failure = error;
		}
	}
	if (failure !== null) throw failure;
	return null;
}

async function answerOf(address: string, topic: string, partition: number): Promise<string> {
	try {
		await askPartition(address, topic, partition);
		return "answers";
	} catch (error) {
		return `does not answer (${codeOf(error) ?? "it is silent"})`;
	}
}

function describe(view: PartitionView | null): string {
	if (view === null) return "there is no such partition";
	const { leader, inSync } = view;
	return `${leader === null ? "nobody leads it" : `broker ${leader} leads it`}, in sync: ${inSync.join(", ") || "nobody"}`;
}
