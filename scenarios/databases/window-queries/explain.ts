/** A node of `explain (format json)`, as far as it is read here. */
export interface PlanNode {
	"Node Type": string;
	Strategy?: string;
	"Join Type"?: string;
	"Index Name"?: string;
	"Temp Written Blocks"?: number;
	Plans?: PlanNode[];
}

/** What `explain (analyze, timing off, buffers, format json)` answers with. */
export interface Explained {
	Plan: PlanNode;
	"Execution Time": number;
}

const blockBytes = 8_192;

/**
 * The plan's shape in a line, from the top: nodes, strategies, joins and indexes, without costs, counts and times. Two
 * plans that do the same have the same shape.
 */
export function shapeOf(node: PlanNode): string {
	const { Strategy: strategy, "Join Type": join, "Index Name": index, Plans: below = [] } = node;
	const name = [
		...(strategy === undefined || strategy === "Plain" ? [] : [strategy]),
		...(join === undefined || join === "Inner" ? [] : [join]),
		node["Node Type"],
		...(index === undefined ? [] : [`on ${index}`]),
	].join(" ");
	if (below.length === 0) return name;
	const shapes = below.map(shapeOf);
	return `${name} < ${shapes.length === 1 ? shapes[0]! : `(${shapes.join(", ")})`}`;
}

/** The indexes that a plan of this shape reads. */
export function indexesIn(shape: string): string[] {
	return [...shape.matchAll(/ on (\w+)/g)].map(([, index]) => index!);
}

/** Bytes that the query wrote to temporary files, for want of `work_mem`. */
export function spilledBytes({ Plan: top }: Explained): number {
	// The top node's count holds those of all below it.
	return (top["Temp Written Blocks"] ?? 0) * blockBytes;
}
