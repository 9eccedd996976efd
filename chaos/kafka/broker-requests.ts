import { hostPortOf, hostPortText } from "../../base/host-port.ts";
import { type PartitionView, readTopic, topicRequest } from "../../base/kafka-metadata.ts";
import {
	AnswerReader,
	int8,
	int16,
	int32,
	isWhole,
	request,
	requireSuccess,
	text,
} from "../../base/kafka-protocol.ts";
import { openSocket } from "../probe-socket.ts";

/** A broker that takes longer hangs; whoever asks tries again, or asks another. */
const limitMs = 2_000;

/** The member is not in the group (any more), or there is no such group: gone is what was wanted. */
const unknownMember = 25;

/** Asks one broker for a partition of a topic; null where it knows no such. */
export async function askPartition(
	address: string,
	topic: string,
	partition: number,
): Promise<PartitionView | null> {
	const view = readTopic(await ask(address, topicRequest(topic)));
	return view?.partitions.get(partition) ?? null;
}

/** Takes members out of a group as if they had left: LeaveGroup v3 (KIP-345), sent to the group's coordinator. */
export async function removeMembers(
	brokers: readonly string[],
	group: string,
	members: readonly string[],
): Promise<void> {
	const findCoordinator = request({ api: 10, version: 1 }, text(group), int8(0));
	const found = new AnswerReader(await ask(brokers[0]!, findCoordinator));
	found.int32(); // throttle time
	requireSuccess("FindCoordinator", found.int16());
	found.text(); // error message
	found.int32(); // node
	const coordinator = hostPortText({ host: found.text(), port: found.int32() });
	const rows = members.map((member) => Buffer.concat([text(member), int16(-1)]));
	const leaveGroup = request({ api: 13, version: 3 }, text(group), int32(rows.length), ...rows);
	const left = new AnswerReader(await ask(coordinator, leaveGroup));
	left.int32(); // throttle time
	requireSuccess("LeaveGroup", left.int16(), [unknownMember]);
}

async function ask(address: string, bytes: Buffer): Promise<Buffer> {
	const { host, port } = hostPortOf(address);
	const socket = await openSocket(host, port);
	const late = setTimeout(() => socket.destroy(), limitMs);
	try {
		return await socket.ask(bytes, isWhole);
	} finally {
		clearTimeout(late);
		socket.destroy();
	}
}
