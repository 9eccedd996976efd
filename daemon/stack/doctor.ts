import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { redactUrl } from "../../base/redact.ts";
import { type Cache, onPath, runTool } from "./fetch.ts";
import { isOptional, type ProcessId, type ServiceState } from "./service.ts";
import type { StackSettings } from "./settings.ts";
import { loadServices } from "./stack.ts";
import { urlOf } from "./urls.ts";

/** One line of the doctor's picture. */
export interface Finding {
	component: string;
	state: "up" | "ready" | "fetchable" | "missing";
	how: string;
	version: string;
	/** What was tried, where something is missing. */
	tried: string;
	fix: string;
}

export interface Picture {
	components: Finding[];
	tools: Finding[];
	cache: { folder: string; bytes: number };
}

/** Programs that components are fetched or run with: arguments that make them tell their version, and what needs them. */
const tools = {
	java: { args: ["-version"], needs: "Kafka needs it, 17 or later" },
	mvn: { args: ["-v"], needs: "needed to fetch Kafka, and Redis where there is no redis-server" },
	go: { args: ["version"], needs: "needed to fetch Toxiproxy" },
} as const;

/**
 * Looks at this machine without starting or fetching anything. `status` is that of an open stack, where there is one.
 */
export async function examine(
	settings: StackSettings,
	status: Partial<Record<ProcessId, ServiceState>> = {},
): Promise<Picture> {
	const cache: Cache = {
		folder: settings.cache,
		progress: () => {},
		env: process.env,
		signal: AbortSignal.timeout(20_000),
	};
	const looked = [...(await loadServices())].filter(
		([id]) => !isOptional(id) || settings.services.includes(id),
	);
	const components = looked.map(([id, service]): Finding => {
		const state = status[id];
		if (state?.state === "up") return { ...blank, component: id, ...state };
		const external = service.external(settings);
		if (external !== null) {
			const how = `external, ${redactUrl(urlOf(external))}`;
			return state?.state === "missing"
				? { ...blank, component: id, how, ...state }
				: { ...blank, component: id, how, state: "ready", version: "not asked" };
		}
		const survey = service.survey(cache);
		if (survey.state === "missing") return { ...blank, component: id, ...survey };
		const { version, source } = survey;
		const found = survey.state === "found" ? "ready" : "fetchable";
		const processes = service.processes?.(settings) ?? 1;
		const how = `native, ${processes > 1 ? `${processes} processes, ` : ""}${source}`;
		return { ...blank, component: id, state: found, how, version };
	});
	const versions = Object.entries(tools).map(([name, tool]) => toolFinding(cache, name, tool));
	const node = {
		...blank,
		component: "node",
		version: process.versions.node,
		how: process.execPath,
	};
	return {
		components,
		tools: [{ ...node, state: "ready" }, ...(await Promise.all(versions))],
		cache: { folder: settings.cache, bytes: sizeOf(settings.cache) },
	};
}

const blank = { how: "", version: "", tried: "", fix: "" };

async function toolFinding(
	{ env, signal }: Cache,
	name: string,
	{ args, needs }: { args: readonly string[]; needs: string },
): Promise<Finding> {
	const finding = { ...blank, component: name, fix: needs };
	const path = onPath(env, name);
	if (path === null) return { ...finding, state: "missing", tried: "the folders of PATH" };
	try {
		const printed = await runTool(path, args, { env, signal, limitMs: 10_000 });
		const version = /(\d+(\.\d+)+)/.exec(printed)?.[1] ?? "unknown";
		return { ...finding, state: "ready", how: path, version, fix: "" };
	} catch (error) {
		return { ...finding, state: "missing", how: path, tried: messageOf(error) };
	}
}

function sizeOf(folder: string): number {
	try {
		const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
		const files = entries.filter((entry) => entry.isFile());
		return files.reduce(
			(sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
			0,
		);
	} catch {
		return 0; // not there yet, or just being changed
	}
}

/** The picture as an aligned table, with a paragraph for each thing that is missing. */
export function renderPicture({ components, tools, cache }: Picture): string {
	const head = { component: "component", state: "state", version: "version", how: "how" };
	const findings = [...components, ...tools];
	const columns = ["component", "state", "version", "how"] as const;
	const widths = columns.map((column) =>
		Math.max(...[head, ...findings].map((row) => row[column].length)),
	);
	const line = (row: Record<(typeof columns)[number], string>) =>
		columns
			.map((column, i) => row[column].padEnd(widths[i]!))
			.join("  ")
			.trimEnd();
	const missing = findings
		.filter(({ state }) => state === "missing")
		.map(({ component, tried, fix }) => `${component} is missing; tried: ${tried}\n  ${fix}`);
	const megabytes = (cache.bytes / 1_000_000).toFixed(0);
	return `${[
		line(head),
		...components.map(line),
		"",
		...tools.map(line),
		"",
		`cache: ${cache.folder}, ${megabytes} MB`,
		...missing.flatMap((text) => ["", text]),
	].join("\n")}\n`;
}
