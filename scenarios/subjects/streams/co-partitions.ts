import kafkajs, { type PartitionAssigner } from "kafkajs";

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;
const [name, version] = ["co-partitioned", 1];
const userData = Buffer.alloc(0);

/**
 * Gives a member the same partitions of every topic, so that who works on a partition reads its changelog too. Members get
 * them in turn, in the order of their names: who has which is no chance.
 */
export const coPartitioned: PartitionAssigner = ({ cluster }) => ({
	name,
	version,
	async assign({ members, topics }) {
		const sorted = members.map(({ memberId }) => memberId).sort();
		return sorted.map((memberId, place) => {
			const assignment = Object.fromEntries(
				topics.map((topic) => [
					topic,
					cluster
						.findTopicPartitionMetadata(topic)
						.map(({ partitionId }) => partitionId)
						.filter((partition) => partition % sorted.length === place),
				]),
			);
			return {
				memberId,
				memberAssignment: MemberAssignment.encode({ version, assignment, userData }),
			};
		});
	},
	protocol: ({ topics }) => ({
		name,
		metadata: MemberMetadata.encode({ version, topics, userData }),
	}),
});
