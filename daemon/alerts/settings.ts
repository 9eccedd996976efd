import type { About } from "../../scenarios/contract/alert-rule.ts";

/** Where changes of alerts are told. */
export type SinkSettings =
	| { kind: "log" }
	| { kind: "webhook"; url: string; headers: Record<string, string> }
	| { kind: "alertmanager"; url: string; headers: Record<string, string> };

/** A rule outside, as far as its score needs to know it. */
export interface OutsideRule {
	/** Its `for`. */
	forMs: number;
	about?: About;
}

export interface AlertSettings {
	sinks: SinkSettings[];
	incoming: {
		/** How often the rules outside are evaluated. */
		evaluationMs: number;
		/** An alert that says no end, and is not repeated for so long, has resolved. */
		resolveTimeoutMs: number;
		/** By `alertname`. One that is named here and never comes in is in the record as deaf. */
		rules: Record<string, OutsideRule>;
	};
}

/** Alertmanager's own: five minutes; Prometheus's own interval between evaluations is a minute. */
const standardIncoming = { evaluationMs: 60_000, resolveTimeoutMs: 300_000 };

/** The `alerts` of `faultline.config.ts`; what is wrong goes to `problems`, secrets left out. */
export function readAlertSettings(given: unknown, problems: string[]): AlertSettings {
	const settings: AlertSettings = { sinks: [], incoming: { ...standardIncoming, rules: {} } };
	const say = (where: string, allowed: string) =>
		problems.push(`${where} in faultline.config.ts is wrong; allowed: ${allowed}`);
	const part = (
		value: unknown,
		where: string,
		keys: readonly string[],
	): Record<string, unknown> => {
		if (value === undefined) return {};
		if (isRecord(value) && Object.keys(value).every((key) => keys.includes(key))) return value;
		say(where, `an object with some of ${keys.join(", ")}`);
		return {};
	};
	const duration = (value: unknown, standard: number, where: string, leastMs = 1): number => {
		if (value === undefined) return standard;
		if (typeof value === "number" && value >= leastMs && Number.isFinite(value)) return value;
		say(where, `milliseconds from ${leastMs}`);
		return standard;
	};

	const { sinks = [], incoming } = part(given, "alerts", ["sinks", "incoming"]);
	if (!Array.isArray(sinks)) say("alerts.sinks", "a list");
	else
		for (const [i, sink] of sinks.entries()) {
			const read = readSink(sink);
			if (typeof read === "string") say(`alerts.sinks[${i}]`, read);
			else settings.sinks.push(read);
		}

	const at = "alerts.incoming";
	const coming = part(incoming, at, ["evaluationMs", "resolveTimeoutMs", "rules"]);
	const { evaluationMs, resolveTimeoutMs } = standardIncoming;
	settings.incoming.evaluationMs = duration(
		coming.evaluationMs,
		evaluationMs,
		`${at}.evaluationMs`,
	);
	settings.incoming.resolveTimeoutMs = duration(
		coming.resolveTimeoutMs,
		resolveTimeoutMs,
		`${at}.resolveTimeoutMs`,
	);
	const rules = coming.rules ?? {};
	if (!isRecord(rules)) say(`${at}.rules`, "an object, by alertname");
	else
		for (const [name, rule] of Object.entries(rules)) {
			const where = `${at}.rules.${name}`;
			const { forMs, about } = part(rule, where, ["forMs", "about"]);
			const { kind, on } = part(about, `${where}.about`, ["kind", "on"]);
			settings.incoming.rules[name] = {
				forMs: duration(forMs, 0, `${where}.forMs`, 0),
				about: {
					...(kind !== undefined && { kind: `${kind}` }),
					...(on !== undefined && { on: `${on}` }),
				},
			};
		}
	return settings;
}

/** A sink, or what is allowed. */
function readSink(given: unknown): SinkSettings | string {
	const allowed =
		'{ kind: "log" }, { kind: "webhook", url, headers? } or { kind: "alertmanager", url, headers? }';
	if (!isRecord(given)) return allowed;
	const { kind, url, headers = {}, ...rest } = given;
	if (Object.keys(rest).length > 0) return allowed;
	if (kind === "log") return url === undefined ? { kind } : allowed;
	if (kind !== "webhook" && kind !== "alertmanager") return allowed;
	if (typeof url !== "string" || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
		return "a url that begins with http:// or https://";
	if (!isRecord(headers) || !Object.values(headers).every((value) => typeof value === "string"))
		return "headers whose values are texts";
	return { kind, url, headers: headers as Record<string, string> };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
