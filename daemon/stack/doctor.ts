import { messageOf } from "../../base/errors.ts";
import { redactUrl } from "../../base/redact.ts";
import { isOnDemand } from "../../base/services.ts";
import type { Cache } from "../tools/cache.ts";
import { bytesIn } from "../tools/folder-size.ts";
import { onPath, runProgram } from "../tools/program.ts";
import { toolIds, toolState } from "../tools/tools.ts";
import { loadServices } from "./load-services.ts";
import type { ComponentId, ProcessId, Service, ServiceState } from "./service.ts";
import type { StackSettings } from "./settings.ts";
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
	/** What is fetched and started only when an experiment needs it. */
	onDemand: Finding[];
	tools: Finding[];
	cache: { folder: string; bytes: number };
}

/** Programs that all this is fetched or run with: arguments that make them tell their version, and what needs them. */
const tools = {
	java: { args: ["-version"], needs: "Kafka needs it, 17 or later" },
	mvn: { args: ["-v"], needs: "needed to fetch Kafka, and Redis where there is no redis-server" },
	go: { args: ["version"], needs: "needed to fetch Toxiproxy" },
	python3: { args: ["--version"], needs: "tools written in Python need it, 3.11 or later" },
	npm: { args: ["--version"], needs: "needed to fetch packages that one experiment wants" },
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
	const services = [...(await loadServices())];
	const picture = ([id, service]: [ComponentId, Service]) =>
		serviceFinding(settings, cache, { id, service, state: status[id] });
	const asked = (id: ComponentId) => !isOnDemand(id) || settings.services.includes(id);
	const components = services.filter(([id]) => asked(id)).map(picture);
	const started = services.filter(([id]) => !asked(id)).map(picture);
	const fetched = await Promise.all(toolIds().map((id) => toolOnDemand(cache, id)));
	const versions = Object.entries(tools).map(([name, tool]) => toolFinding(cache, name, tool));
	const node = {
		...blank,
		component: "node",
		version: process.versions.node,
		how: process.execPath,
	};
	return {
		components,
		onDemand: [...started, ...fetched],
		tools: [{ ...node, state: "ready" }, ...(await Promise.all(versions))],
		cache: { folder: settings.cache, bytes: bytesIn(settings.cache) },
	};
}

interface Looked {
	id: ComponentId;
	service: Service;
	state: ServiceState | undefined;
}

function serviceFinding(
	settings: StackSettings,
	cache: Cache,
	{ id, service, state }: Looked,
): Finding {
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
}

const blank = { how: "", version: "", tried: "", fix: "" };

async function toolOnDemand(cache: Cache, id: string): Promise<Finding> {
	const state = await toolState(id, cache);
	const finding = { ...blank, component: id, version: state.version };
	switch (state.state) {
		case "ready":
			return {
				...finding,
				state: "ready",
				how: `${state.from}, ${(bytesIn(state.folder) / 1e6).toFixed(0)} MB`,
			};
		case "fetchable":
			return { ...finding, state: "fetchable", how: `${state.from}, about ${state.sizeMb} MB` };
		case "missing":
			return { ...finding, state: "missing", tried: state.tried, fix: state.fix };
		default:
			return state satisfies never;
	}
}

async function toolFinding(
	{ env, signal }: Cache,
	name: string,
	{ args, needs }: { args: readonly string[]; needs: string },
): Promise<Finding> {
	const finding = { ...blank, component: name, fix: needs };
	const path = onPath(env, name);
	if (path === null) return { ...finding, state: "missing", tried: "the folders of PATH" };
	try {
		const printed = await runProgram(path, args, { env, signal, limitMs: 10_000 });
		const version = /(\d+(\.\d+)+)/.exec(printed)?.[1] ?? "unknown";
		return { ...finding, state: "ready", how: path, version, fix: "" };
	} catch (error) {
		return { ...finding, state: "missing", how: path, tried: messageOf(error) };
	}
}

/** The picture as an aligned table, with a paragraph for each thing that is missing. */
export function renderPicture({ components, onDemand, tools, cache }: Picture): string {
	const head = { component: "component", state: "state", version: "version", how: "how" };
	const findings = [...components, ...onDemand, ...tools];
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
		...onDemand.map(line),
		"",
		...tools.map(line),
		"",
		`cache: ${cache.folder}, ${megabytes} MB`,
		...missing.flatMap((text) => ["", text]),
	].join("\n")}\n`;
}
