import type { P } from "./params.ts";

const bursts = [1, 2, 5, 10];

type Case = Pick<P, "burst" | "faults" | "control">;

/**
 * A case for each burst, the last with the faults after it; then the same bursts on the naive service, as the control
 * that shows what the guards are worth.
 */
export function casesOf({ sweep, guard }: Pick<P, "sweep" | "guard">): Record<string, Case> {
	if (sweep === "off") return {};
	const last = bursts.at(-1);
	const judged = bursts.map((burst): [string, Case] => [
		`${burst}x`,
		{ burst, control: "off", faults: burst === last ? "on" : "off" },
	]);
	const controls = bursts.map((burst): [string, Case] => [
		`${burst}x-naive`,
		{ burst, control: "on", faults: "off" },
	]);
	return Object.fromEntries(guard === "off" ? judged : [...judged, ...controls]);
}
