import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import t from "tap";

/** Room → the rooms it may import at build time (design, section 1). */
const rooms: Record<string, string[]> = {
	base: [],
	toxiproxy: ["base"],
	load: ["base"],
	chaos: ["base", "toxiproxy"],
	scenarios: ["base", "load", "chaos"],
	daemon: ["base", "toxiproxy", "load", "chaos", "scenarios"],
};

/** Parts of `daemon/` that are clients or guests of it, and what they must not touch in it. */
const inside: Record<string, RegExp> = {
	"daemon/tui": /^daemon\/(?!tui\/|api\/client|runs\/(document|rules)|host\/(protocol|check-end))/,
	"daemon/host": /^daemon\/(?!host\/)/,
};

/** Packages that would cost the daemon's own process memory it does not have (design, section 6). */
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

export function violations(files: { file: string; imports: string[] }[]): string[] {
	return files.flatMap(({ file, imports }) => {
		const room = file.split("/")[0]!;
		const allowed = [room, ...(rooms[room] ?? [])];
		return imports.flatMap((specifier) => {
			if (!specifier.startsWith(".")) return [];
			const target = relative(resolve("."), resolve(join(file, ".."), specifier));
			if (!allowed.includes(target.split("/")[0]!)) return [`${file} imports ${target}`];
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
	t.same(violations([{ file: "load/loop.ts", imports: ["../daemon/home.ts"] }]), [
		"load/loop.ts imports daemon/home.ts",
	]);
	t.same(violations([{ file: "daemon/tui/panel.ts", imports: ["../runs/run.ts"] }]), [
		"daemon/tui/panel.ts imports daemon/runs/run.ts",
	]);
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
