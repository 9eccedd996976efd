import t from "tap";
import {
	type Change,
	fold,
	keysIn,
	sinceTruncate,
} from "../../../../scenarios/databases/cdc-lakehouse/lake/changes.ts";
import type { Row, Shape } from "../../../../scenarios/databases/cdc-lakehouse/lake/columns.ts";

const shape: Shape = {
	columns: [
		{ name: "id", type: "long" },
		{ name: "note", type: "string" },
	],
	key: ["id"],
};
const put = (
	id: string,
	note: string | null | undefined,
	oldKey: string | null = null,
): Change => ({
	kind: "upsert",
	row: { id, note },
	oldKey,
});
const table = new Map<string, Row>([["1", { id: "1", note: "kept" }]]);
const folded = (changes: readonly Change[]) =>
	fold(changes, shape, (key) => table.get(key) ?? null);

t.test("what was not sent is as it was, under whatever key", (t) => {
	const { rows } = folded([put("1", undefined), put("2", undefined, "1")]);
	t.same(
		[...rows],
		[
			["1", null],
			["2", { id: "2", note: "kept" }],
		],
	);
	t.throws(() => folded([put("9", undefined)]), /note stayed as it was, in a row/);
	t.end();
});

t.test("of what is truncated later nothing needs to be there", (t) => {
	const changes: Change[] = [put("9", undefined), { kind: "truncate" }, put("3", "new")];
	t.same(folded(changes), { truncated: true, rows: new Map([["3", { id: "3", note: "new" }]]) });
	const { left } = sinceTruncate([...changes, { kind: "truncate" }, put("4", "newer")]);
	t.same([...keysIn(left, shape)], ["4"]);
	t.throws(
		() => folded([{ kind: "truncate" }, put("1", undefined)]),
		/does not have/,
		"and of what comes behind it nothing is taken from before",
	);
	t.end();
});
