import { type Ctx, committedOf, type Stand, type StreamNames } from "./stream-topics.ts";
import { noTimeYet } from "./watermark.ts";

/** How a partition stands with all that is committed, and what is left then. */
export interface SparkStand<Left> extends Stand {
	left: Left;
}

/** What is noted beside an offset, as `kafka_log.py` writes it; its client sends the end of the text with it, a zero. */
interface Note<Left> {
	watermarkMs: number | null;
	left: Left;
}

/** An offset as Kafka has it; of a partition without one it is −1, and nothing is noted. */
interface Committed {
	partition: number;
	offset: string;
	metadata: string | null;
}

/** As the transactions say that the results came by. */
export async function sparkStands<Left>(
	ctx: Ctx,
	stream: StreamNames,
): Promise<SparkStand<Left>[]> {
	return standsIn(await committedOf(ctx, stream));
}

export function standsIn<Left>(committed: readonly Committed[]): SparkStand<Left>[] {
	return committed.flatMap(({ partition, offset, metadata }) => {
		if (metadata === null || metadata === "") return [];
		const { watermarkMs, left } = JSON.parse(metadata.replace(/\0$/, "")) as Note<Left>;
		return [{ partition, position: Number(offset), watermarkMs: watermarkMs ?? noTimeYet, left }];
	});
}
