import { facts } from "../parts.ts";
import type { Section } from "../report.ts";
import { bytesText } from "../units.ts";

/** Where it ran: timings are of this machine. */
export default {
	order: 220,
	per: "run",
	title: "Environment",
	render({ document: { environment, versions, needs, scenarioHash, runId } }) {
		const { cpu, cores, memoryBytes, kernel, fingerprint } = environment;
		return facts([
			["processor", `${cpu}, ${cores} cores`],
			["memory", bytesText(memoryBytes)],
			["kernel", kernel],
			[
				"versions",
				Object.entries(versions)
					.map(([name, version]) => `${name} ${version}`)
					.join(", "),
			],
			["services", needs.length === 0 ? "none" : needs.join(", ")],
			["host fingerprint", fingerprint],
			["scenario's hash", scenarioHash.slice(0, 16)],
			["run", runId],
		]);
	},
} satisfies Section;
