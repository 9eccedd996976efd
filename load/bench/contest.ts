import { spawn, spawnSync } from "node:child_process";

/** One figure of one program, such as requests per second of processor time; null where it could not be had. */
export type Measure = () => Promise<number | null>;

/** A piece of work that Faultline and a peer both do. */
export interface Contest {
	what: string;
	/** Whether more or less is better. */
	unit: string;
	ours: { name: string; measure: Measure };
	peers: { name: string; program: string; measure: Measure; goal: number | null }[];
}

export interface Row {
	what: string;
	unit: string;
	ours: string;
	peer: string;
	oursMedian: number | null;
	peerMedian: number | null;
	/** Median of ours ÷ peer over the rounds. */
	ratio: number | null;
	goal: number | null;
}

/** Rounds of ours and each peer in turn: the machine's moods then meet both sides. */
export async function hold(contest: Contest, rounds: number): Promise<Row[]> {
	const present = contest.peers.filter(({ program }) => isInstalled(program));
	const ours: (number | null)[] = [];
	const theirs = new Map<string, (number | null)[]>(present.map(({ name }) => [name, []]));
	for (let round = 0; round < rounds; round++) {
		ours.push(await contest.ours.measure());
		for (const peer of present) theirs.get(peer.name)!.push(await peer.measure());
	}
	return contest.peers.map(({ name, goal }) => {
		const figures = theirs.get(name) ?? [];
		const ratios = figures.map((figure, round) =>
			figure === null || ours[round] == null ? null : ours[round] / figure,
		);
		return {
			what: contest.what,
			unit: contest.unit,
			ours: contest.ours.name,
			peer: name,
			goal,
			oursMedian: median(ours),
			peerMedian: median(figures),
			ratio: median(ratios),
		};
	});
}

export function median(values: (number | null)[]): number | null {
	const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
	return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)]!;
}

export function isInstalled(program: string): boolean {
	return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

export interface Ran {
	output: string;
	/** User and system time of the program and its children. */
	cpuS: number;
}

/** Runs a program to its end; what it printed, and what it took of the processor. */
export function run(command: string[], stdin = ""): Promise<Ran> {
	return new Promise((resolve, reject) => {
		const child = spawn("bash", ["-c", 'TIMEFORMAT="cpu %U %S"; time "$@" 2>&1', "-", ...command]);
		let output = "";
		let timed = "";
		child.stdout.on("data", (bytes: Buffer) => {
			output += bytes;
		});
		child.stderr.on("data", (bytes: Buffer) => {
			timed += bytes;
		});
		child.stdin.end(stdin);
		child.once("error", reject);
		child.once("close", () => {
			const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(timed) ?? [];
			resolve({ output, cpuS: Number(user) + Number(system) });
		});
	});
}
