import { loadEntry } from "../base/catalog.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import type { Arrival, ArrivalDefinition } from "./arrival.ts";
import { durationMs, numberIn } from "./quantities.ts";

const folder = new URL("./arrivals/", import.meta.url);

/**
 * An arrival as a person writes it: `poisson` with its usual parameters for rate and duration, `spike:atMs=2s,forMs=1s`
 * with some of them given, `replay:FILE`, or a whole arrival as JSON. Its parameters are checked where it is used.
 */
export async function arrivalOf(
	text: string,
	rate: { ratePerSec: number | null; durationMs: number },
): Promise<Arrival> {
	if (text.startsWith("{")) return fromJson(text);
	const [kind, ...rest] = text.split(":");
	const given = rest.join(":");
	if (kind === "replay") return { kind, file: given, speed: 1 };
	const { usual } = await loadEntry<ArrivalDefinition<object>>(folder, kind!, "arrival");
	if (usual === null) throw usage(`arrival "${kind}" needs parameters`, "write it as JSON");
	if (rate.ratePerSec === null && kind !== "closed")
		throw usage(`arrival "${kind}" needs a rate`, "add --rate 2000, in operations per second");
	const params = { ...usual(rate.ratePerSec ?? 0, rate.durationMs) } as JsonObject;
	for (const pair of given === "" ? [] : given.split(",")) {
		const [name, value] = pair.split("=");
		if (name === undefined || value === undefined || typeof params[name] !== "number")
			throw usage(
				`arrival "${text}" has "${pair}"`,
				`write name=value; names: ${Object.keys(params).join(", ")}`,
			);
		params[name] = name.endsWith("Ms")
			? durationMs(value, name)
			: numberIn(value, name, { min: 0, max: Number.MAX_SAFE_INTEGER });
	}
	return { kind, ...params } as unknown as Arrival;
}

function fromJson(text: string): Arrival {
	try {
		const arrival = JSON.parse(text) as Partial<Arrival>;
		if (typeof arrival.kind === "string") return arrival as Arrival;
		throw new Error('it has no "kind"');
	} catch (error) {
		throw usage(
			`arrival ${text} is no arrival as JSON: ${messageOf(error)}`,
			`write {"kind":"steps",…}`,
		);
	}
}

function usage(message: string, hint: string): FaultlineError {
	return new FaultlineError("FLT_USAGE", message, hint);
}
