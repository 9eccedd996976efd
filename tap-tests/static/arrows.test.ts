import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import t from "tap";

/** Room → the rooms it may import at build time. */
const rooms: Record<string, string[]> = {
	base: [],
	toxiproxy: ["base"],
	load: ["base"],
	chaos: ["base", "toxiproxy"],
	scenarios: ["base", "load", "chaos"],
	daemon: ["base", "toxiproxy", "load", "chaos", "scenarios"],
};

/** The folders of `daemon/`, each of which imports only from those before it; "" are the files beside them. */
const daemonFolders = [
	"host",
	"home",
	"text",
	"tools",
	"outgoing",
	"record",
	"alerts",
	"stack",
	"summary",
	"watch",
	"judgement",
	"stage",
	"runs",
	"explore",
	"faults",
	"compare",
	"duet",
	"modes",
	"desk",
	"metrics",
	"report",
	"suites",
	"nightly",
	"api",
	"client",
	"tui",
	"bench",
	"",
	"cli",
	"main.ts",
	"package",
];

/** Folders in `scenarios/` that experiments stand on, and what each may import of the others. */
const experimentsStandOn: Record<string, string[]> = { contract: [], kit: ["contract"] };

/** The dashboard is a client of the daemon: of it it knows the client and the shapes of a record. */
const inside: Record<string, RegExp> = {
	"daemon/tui":
		/^daemon\/(?!tui\/|text\/|client\/|record\/(document|interval|events)|host\/(protocol|check-end))/,
};

/** Packages that would cost the daemon's own process memory it does not have. */
const hostOnly = ["piscina", "@node-rs/crc32", "echarts", "es-module-lexer"];

const importPattern =
	/(?:^|\n)(?:import|export)(\s+type)?\s+(?:[\w*{}\s,$]+\s+from\s+)?"([^"]+)"|import\("([^"]+)"\)/g;

/** What a file imports; types alone cost nothing at run time, and are told apart. */
function importsOf(file: string): { specifier: string; typeOnly: boolean }[] {
	return [...readFileSync(file, "utf8").matchAll(importPattern)].map((match) => ({
		specifier: match[2] ?? match[3]!,
		typeOnly: match[1] !== undefined,
	}));
}

/** Whether one file stands below another, or beside it in the same folder, in the order of the folders of their room. */
function isBefore(target: string, file: string): boolean {
	const [room, other] = [file.split("/")[0], target.split("/")[0]];
	if (room !== other) return true;
	const [own, its] = [folderOf(file), folderOf(target)];
	if (own === its) return true;
	if (room === "daemon") return daemonFolders.indexOf(its) < daemonFolders.indexOf(own);
	if (room === "scenarios" && own in experimentsStandOn)
		return experimentsStandOn[own]!.includes(its);
	return true;
}

function folderOf(file: string): string {
	const [, folder, ...rest] = file.split("/");
	return rest.length > 0 || folder === "main.ts" ? folder! : "";
}

/** Files that import each other in a circle; the members of each. */
export function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
	const order = new Map<string, { index: number; low: number }>();
	const stack: string[] = [];
	const found: string[][] = [];
	const visit = (file: string): { index: number; low: number } => {
		const own = { index: order.size, low: order.size };
		order.set(file, own);
		stack.push(file);
		for (const target of imports.get(file) ?? []) {
			const seen = order.get(target);
			if (seen === undefined) own.low = Math.min(own.low, visit(target).low);
			else if (stack.includes(target)) own.low = Math.min(own.low, seen.index);
		}
		if (own.low === own.index) {
			const members = stack.splice(stack.indexOf(file));
			if (members.length > 1) found.push(members.sort());
		}
		return own;
	};
	for (const file of imports.keys()) if (!order.has(file)) visit(file);
	return found;
}

export function violations(files: { file: string; imports: string[] }[]): string[] {
	return files.flatMap(({ file, imports }) => {
		const room = file.split("/")[0]!;
		const allowed = [room, ...(rooms[room] ?? [])];
		return imports.flatMap((specifier) => {
			if (!specifier.startsWith(".")) return [];
			const target = relative(resolve("."), resolve(join(file, ".."), specifier));
			if (!allowed.includes(target.split("/")[0]!)) return [`${file} imports ${target}`];
			if (!isBefore(target, file)) return [`${file} imports ${target}, which stands above it`];
			const guest = Object.entries(inside).find(([folder]) => file.startsWith(`${folder}/`));
			return guest?.[1].test(target) ? [`${file} imports ${target}`] : [];
		});
	});
}

t.test("imports between rooms point one way", (t) => {
	const files = Object.keys(rooms).flatMap((room) => globSync(`${room}/**/*.ts`));
	t.ok(files.length > 20, "the rooms were found");
	t.same(
		violations(
			files.map((file) => ({ file, imports: importsOf(file).map(({ specifier }) => specifier) })),
		),
		[],
	);
	t.end();
});

t.test("an arrow that points back is found", (t) => {
	t.same(violations([{ file: "load/loop.ts", imports: ["../daemon/home/home.ts"] }]), [
		"load/loop.ts imports daemon/home/home.ts",
	]);
	t.same(violations([{ file: "daemon/tui/panel.ts", imports: ["../runs/run.ts"] }]), [
		"daemon/tui/panel.ts imports daemon/runs/run.ts",
	]);
	t.same(violations([{ file: "daemon/watch/meter.ts", imports: ["../runs/run.ts"] }]), [
		"daemon/watch/meter.ts imports daemon/runs/run.ts, which stands above it",
	]);
	t.same(violations([{ file: "scenarios/contract/plan.ts", imports: ["../kit/digest.ts"] }]), [
		"scenarios/contract/plan.ts imports scenarios/kit/digest.ts, which stands above it",
	]);
	t.end();
});

t.test("no files import each other in a circle, not even for their types", (t) => {
	const files = Object.keys(rooms).flatMap((room) => globSync(`${room}/**/*.ts`));
	const imports = new Map(
		files.map((file) => [
			file,
			importsOf(file).flatMap(({ specifier }) =>
				specifier.startsWith(".")
					? [relative(resolve("."), resolve(join(file, ".."), specifier))]
					: [],
			),
		]),
	);
	t.same(circles(imports), []);
	t.same(
		circles(
			new Map([
				["a", ["b"]],
				["b", ["c", "d"]],
				["c", ["a"]],
				["d", []],
			]),
		),
		[["a", "b", "c"]],
		"one of three files is found",
	);
	t.end();
});

t.test("every folder of the daemon has its place in the order", (t) => {
	const there = new Set(globSync("daemon/**/*.ts").map(folderOf));
	t.same(
		[...there].filter((folder) => !daemonFolders.includes(folder)),
		[],
	);
	t.same(
		daemonFolders.filter((folder) => !there.has(folder)),
		[],
		"and none is named that is gone",
	);
	t.end();
});

t.test("the daemon's process never loads the worker pool or a chart library", (t) => {
	const reached = new Set<string>();
	// `faultline load` is a process of its own: the command line imports no command but the one that is named.
	const commands = globSync("daemon/cli/commands/*.ts").filter(
		(file) => !file.endsWith("/load.ts"),
	);
	const queue = ["daemon/main.ts", ...commands];
	const packages = new Map<string, string>();
	for (const file of queue) {
		if (reached.has(file)) continue;
		reached.add(file);
		for (const { specifier, typeOnly } of importsOf(file)) {
			if (typeOnly) continue;
			if (specifier.startsWith("."))
				queue.push(relative(resolve("."), resolve(join(file, ".."), specifier)));
			else packages.set(specifier, file);
		}
	}
	t.ok(packages.has("fastify"), "the walk starts at the daemon");
	for (const name of hostOnly)
		t.notOk(packages.has(name), `${name} is not imported (${packages.get(name)})`);
	t.end();
});
