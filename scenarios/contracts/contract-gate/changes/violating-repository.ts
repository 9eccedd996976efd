import { breaking } from "../../../subjects/gate/part.ts";
import type { Bypass, Kind, Part } from "./change.ts";
import { migrationName } from "./change.ts";
import { freshName, harmlessPart } from "./parts.ts";

// Ways around the gate: what no change may do to migrations and files, and pushes that are no proposals.

function migration(sql: string, rule: string, kind: string): Kind {
	return (_draw, _shop, n) => breaking(harmlessPart(sql, sql), [migrationName({ n, kind })], rule);
}

function files(text: string, rule: string, files: NonNullable<Part["files"]>): Kind {
	const part: Part = { ...harmlessPart(text, null), files };
	return () => breaking(part, [files[0]!.path], rule);
}

function push(how: Bypass, place: string[]): Kind {
	return (draw) => ({
		way: { kind: "push", how },
		parts: [breaking(readme(freshName(draw, "push")), place, how)],
	});
}

/** A line more in the README. */
export function readme(line: string): Part {
	return harmlessPart(`write ${line} in the README`, null, ({ others }) => {
		others["README.md"] += `\n${line}\n`;
	});
}

/** Both are migrations that every main has. */
const [first, second] = ["0001_shop", "0002_sample"];

export const violatingRepository = {
	"migration-edited": () =>
		breaking(
			harmlessPart(`write ${first} again`, null, ({ migrations }) => {
				migrations[first] += "-- as it should have been\n";
			}),
			[first],
			"append-only",
		),
	"migration-removed": () =>
		breaking(
			harmlessPart(`take ${second} back`, null, ({ migrations }) => {
				delete migrations[second];
			}),
			[second],
			"append-only",
		),
	"migration-before": () =>
		breaking(
			harmlessPart("run 0000_first before all others", null, ({ migrations }) => {
				migrations["0000_first"] = "select 1;\n";
			}),
			["0000_first"],
			"order",
		),
	"migration-fails": migration(
		"alter table orders add column order_id text;",
		"applies",
		"migration-fails",
	),
	"migration-commits": migration(
		"create table left_over (id integer); commit; begin;",
		"transaction",
		"migration-commits",
	),
	"migration-runs-programs": migration(
		"copy (select 1) to program 'cat > /dev/null';",
		"applies",
		"migration-runs-programs",
	),
	"symbolic-link": files("link to a file outside", "file-kind", [
		{ path: "contracts/latest.odcs.yaml", mode: "120000", text: "../../../../etc/hostname" },
	]),
	"other-repository": files("have another repository inside", "file-kind", [
		{ path: "vendor", mode: "160000", oid: "1".repeat(40) },
	]),
	"huge-file": files("bring a huge file", "size", [
		{ path: "models/lookup.sql", mode: "100644", text: `select '${"x".repeat(100_000)}'` },
	]),
	"workflow-removed": files("remove the gate's own workflow", "kept", [
		{ path: ".github/workflows/contract-gate.yml", mode: "gone" },
	]),
	"attributes-added": files("have git merge otherwise", "kept", [
		{ path: ".gitattributes", mode: "100644", text: "*.yaml merge=union\n" },
	]),
	"history-hides": () => {
		const hidden = "contracts/once.odcs.yaml";
		const part: Part = {
			...harmlessPart("have a link in a commit before the last", null),
			hidden: [{ path: hidden, mode: "120000", text: "/etc/hostname" }],
		};
		return breaking(part, [hidden], "file-kind");
	},
	"path-outside": push("path", ["../README.md"]),
	"direct-commit": push("direct-commit", ["main"]),
	"forced-push": push("fast-forward", ["main"]),
	"main-deleted": push("deletion", ["main"]),
	"unchecked-merge": push("unchecked", ["main"]),
	"merge-adds": push("merged-tree", ["main"]),
	"other-ref": push("ref", ["refs/heads/release"]),
} satisfies Record<string, Kind>;
