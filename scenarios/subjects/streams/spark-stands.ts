import { type LeftStand, leftStandOf, type WrittenStand } from "./left-stand.ts";
import { type Ctx, committedOf, type StreamNames } from "./stream-topics.ts";

/** What is noted beside an offset, as `kafka_log.py` writes it; its client sends the end of the text with it, a zero. */
type Note<Left> = Pick<WrittenStand<Left>, "watermarkMs" | "left">;

/** An offset as Kafka has it; of a partition without one it is −1, and nothing is noted. */
interface Committed {
	partition: number;
	offset: string;
	metadata: string | null;
}

/** As the transactions say that the results came by. */
export async function sparkStands<Left>(ctx: Ctx, stream: StreamNames): Promise<LeftStand<Left>[]> {
	return standsIn(await committedOf(ctx, stream));
}

export function standsIn<Left>(committed: readonly Committed[]): LeftStand<Left>[] {
	return committed.flatMap(({ partition, offset, metadata }) => {
		if (metadata === null || metadata === "") return [];
		const { watermarkMs, left } = JSON.parse(metadata.replace(/\0$/, "")) as Note<Left>;
		return [leftStandOf({ partition, position: Number(offset), watermarkMs, left })];
	});
}
