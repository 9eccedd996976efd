import { readFileSync } from "node:fs";
import { pause } from "../../../base/clock.ts";
import { FaultlineError } from "../../../base/errors.ts";
import { isAlive, residentMb } from "../../../base/process.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import { companionsOf, endCompanions, startCompanion } from "../../process/companions.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";

export interface MemoryPressureParams {
	sizeMb: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"memory-pressure": MemoryPressureParams;
	}
}

interface MemoryUndo extends ProcessUndo {
	sizeMb: number;
}

/** What must be left for everybody else: a machine that kills processes for want of memory kills whom it likes. */
const spareMb = 512;
const fullLimitMs = 5_000;

/** Allocates and touches its megabytes, and holds them until its standard input ends. */
const hog =
	"const held = []; while (held.length < Number(process.argv[1])) held.push(Buffer.alloc(1 << 20, 1)); process.stdin.resume()";

/** A process beside the one it is named for holds memory: the machine has so much less for caches and everybody. */
export default faultKind<MemoryPressureParams, MemoryUndo>({
	victim:
		"the machine has less memory: caches are dropped, what lies on disk is read again, allocating takes longer",
	acts: "process",
	heals: "fully",
	params: {
		type: "object",
		properties: {
			sizeMb: {
				type: "integer",
				minimum: 1,
				maximum: 65_536,
				examples: [256],
				description: `MB that are held; at least ${spareMb} of what is available are left`,
			},
		},
		required: ["sizeMb"],
		additionalProperties: false,
	},
	async plan(target, on, { sizeMb }, faultId) {
		const undo = await planOnProcess(target, on, faultId);
		const availableMb = memAvailableMb();
		if (sizeMb > availableMb - spareMb)
			throw new FaultlineError(
				"FLT_PARAM_INVALID",
				`memory-pressure/sizeMb is ${sizeMb}, and ${availableMb} MB are available, of which ${spareMb} are left`,
				"ask for less",
			);
		return { ...undo, sizeMb };
	},
	async inject(target, undo) {
		const { sizeMb } = undo;
		await startCompanion(target, undo, process.execPath, ["-e", hog, `${sizeMb}`]);
	},
	async prove(target, { on, faultId, sizeMb }) {
		const hogs = await companionsOf(faultId);
		const held = () => Math.max(0, ...hogs.map((hog) => residentMb(hog) ?? 0));
		const giveUpAt = performance.now() + fullLimitMs;
		while (hogs.some(isAlive) && held() < sizeMb && performance.now() < giveUpAt) await pause(20);
		const heldMb = held();
		const old = await (await target.probeOf(on, faultId)).old(2_000);
		return {
			ok: heldMb >= sizeMb,
			seen: `${heldMb} MB resident, ${memAvailableMb()} MB available; an old connection: ${describeTrip(old)}`,
		};
	},
	async heal(_target, undo) {
		await endCompanions(undo.faultId);
	},
	async gone(target, { on, faultId }) {
		const left = await companionsOf(faultId);
		if (left.length > 0) return { ok: false, seen: "the memory is still held" };
		return answersAgain(target, { on, faultId });
	},
});

/** What the kernel says could be had without swapping. */
function memAvailableMb(): number {
	const found = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"));
	return Math.floor(Number(found?.[1] ?? 0) / 1_024);
}
