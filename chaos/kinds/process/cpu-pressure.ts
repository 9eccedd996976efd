import { allowedCpus, bindingUnavailable, bindToCpus, lastCpu } from "../../../base/affinity.ts";
import { pause } from "../../../base/clock.ts";
import { cpuMsOf, type ProcessIdentity, treeOf } from "../../../base/process.ts";
import { answersAgain } from "../../answers-again.ts";
import { faultKind } from "../../fault.ts";
import { describeTrip } from "../../probe.ts";
import { companionsOf, endCompanions, startCompanion } from "../../process/companions.ts";
import { type ProcessUndo, planOnProcess } from "../../process/process-undo.ts";

export interface CpuPressureParams {
	burners?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"cpu-pressure": CpuPressureParams;
	}
}

interface CpuUndo extends ProcessUndo {
	burners: number;
	/** The one processor that the process and the burners share. */
	cpu: string;
	/** What each process of the tree was allowed before, by pid; new ones take after the root. */
	cpus: { [pid: string]: string };
}

/** How long the burners are watched for a proof. */
const watchMs = 200;
/** Share of that which they must have had of the processor, whoever else wants it. */
const leastShare = 0.2;

/** Burns in the shell's own words, so that it starts at once and holds no memory; ends when `$1` is gone. */
const burn = 'while [ -d "/proc/$1" ]; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done';

/** The process and some burners share one processor, the last it may use; the load generator keeps the others. */
export default faultKind<CpuPressureParams, CpuUndo>({
	victim:
		"the process gets a fraction of one processor: everything it computes takes several times as long",
	acts: "process",
	heals: "fully",
	holds: "the allowed processors",
	params: {
		type: "object",
		properties: {
			burners: {
				type: "integer",
				minimum: 1,
				maximum: 16,
				description: "count of processes that compete with it for the processor; 2 unless given",
			},
		},
		additionalProperties: false,
	},
	available: bindingUnavailable,
	async plan(target, on, { burners = 2 }, faultId) {
		const undo = await planOnProcess(target, on, faultId);
		const tree = await treeOf(undo.process);
		const cpus = Object.fromEntries(
			tree.flatMap((member) => {
				const allowed = allowedCpus(member);
				return allowed === null ? [] : [[`${member.pid}`, allowed]];
			}),
		);
		const cpu = lastCpu(allowedCpus(undo.process) ?? "0");
		return { ...undo, burners, cpu: `${cpu}`, cpus };
	},
	async inject(target, undo) {
		const { burners, cpu } = undo;
		const command = ["-c", cpu, "sh", "-c", burn, "sh", `${process.pid}`];
		for (let i = 0; i < burners; i++) await startCompanion(target, undo, "taskset", command);
		await onAll(undo.process, (allowed) => (allowed === cpu ? null : cpu));
	},
	async prove(target, undo) {
		const { on, faultId, cpu } = undo;
		const tree = await treeOf(undo.process);
		const bound = tree.filter((member) => allowedCpus(member) === cpu);
		const burners = await companionsOf(faultId);
		const burnt = () => burners.reduce((sum, burner) => sum + (cpuMsOf(burner) ?? 0), 0);
		const [beforeMs, startMs] = [burnt(), performance.now()];
		await pause(watchMs);
		const usedMs = burnt() - beforeMs;
		const lastedMs = performance.now() - startMs;
		const old = await (await target.probeOf(on, faultId)).old(2_000);
		return {
			ok: tree.length > 0 && bound.length === tree.length && usedMs >= leastShare * lastedMs,
			seen: `${bound.length} of ${tree.length} processes on processor ${cpu}, of which ${burners.length} burners used ${usedMs} ms in ${lastedMs.toFixed(0)} ms; an old connection: ${describeTrip(old)}`,
		};
	},
	async heal(_target, undo) {
		await endCompanions(undo.faultId);
		await onAll(undo.process, formerly(undo));
	},
	async gone(target, undo) {
		const { on, faultId } = undo;
		const burners = await companionsOf(faultId);
		if (burners.length > 0) return { ok: false, seen: `${burners.length} burners still run` };
		const wanted = formerly(undo);
		const bound = (await treeOf(undo.process)).filter(
			(member) => wanted(allowedCpus(member), member) !== null,
		);
		if (bound.length > 0)
			return { ok: false, seen: `${bound.length} processes are still bound to one processor` };
		return answersAgain(target, { on, faultId });
	},
});

type Wanted = (allowed: string | null, member: ProcessIdentity) => string | null;

/** Where a process that is still bound by the fault belongs; null where it is there. */
function formerly({ cpu, cpus, process }: CpuUndo): Wanted {
	return (allowed, { pid }) => {
		const before = cpus[pid] ?? cpus[`${process.pid}`] ?? cpu;
		return allowed === cpu && before !== cpu ? before : null;
	};
}

/** Binds each process of the tree as wanted, and looks again for what was started meanwhile. */
async function onAll(root: ProcessIdentity, wanted: Wanted): Promise<void> {
	for (;;) {
		const moves = new Map<string, ProcessIdentity[]>();
		for (const member of await treeOf(root)) {
			const allowed = allowedCpus(member);
			const to = allowed === null ? null : wanted(allowed, member);
			if (to !== null) moves.set(to, [...(moves.get(to) ?? []), member]);
		}
		if (moves.size === 0) return;
		for (const [cpus, members] of moves) await bindToCpus(members, cpus);
	}
}
