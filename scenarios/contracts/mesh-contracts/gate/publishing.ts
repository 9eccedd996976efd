import { createHash } from "node:crypto";
import { added, type Package } from "../../../subjects/gate/package.ts";
import { NoVerdict, type Scratch } from "../../../subjects/gate/scratch.ts";
import { type Built, datasetsOf } from "./dataset.ts";
import { type Rendered, rendered } from "./render.ts";

/** The packages of a domain, built in a database of its own; what is the same package is built once. */
export class Publishing {
	readonly #scratch: Pick<Scratch, "tried">;
	readonly #render: (one: Package) => Promise<Rendered>;
	readonly #known = new Map<string, Built>();

	/** `render`: how models become SQL; of its own, a gate knows `source` and `ref`. */
	constructor(
		scratch: Pick<Scratch, "tried">,
		render: (one: Package) => Promise<Rendered> = async ({ models }) => rendered(models),
	) {
		this.#scratch = scratch;
		this.#render = render;
	}

	/** What a package publishes after another, which has run already: its own migrations come one by one. */
	async after(before: Package, now: Package): Promise<Built> {
		const key = keyOf(now);
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const { models, findings } = await this.#render(now);
		if (findings.length > 0) return { findings, datasets: [] };
		const contracts = [...now.contracts.values()];
		const tried = await this.#scratch.tried(
			{ before: before.migrations, steps: added(now, before), models, contracts },
			(made) => datasetsOf(contracts, made),
		);
		const built = { findings: tried.findings, datasets: tried.read ?? [] };
		// What is wrong is said of the step that does it, and so hangs on what came before.
		if (built.findings.length === 0) this.#known.set(key, built);
		return built;
	}

	/** What a main publishes. One that can't be built is no answer to anybody who asks about another. */
	async of(domain: string, main: Package): Promise<Built> {
		const built = await this.after(main, main);
		if (main.findings.length > 0 || built.findings.length > 0)
			throw new NoVerdict(`what ${domain} has on main can't be built`);
		return built;
	}
}

function keyOf({ migrations, models, contracts, settings }: Package): string {
	const text = JSON.stringify([migrations, models, [...contracts], settings]);
	return createHash("sha256").update(text).digest("hex");
}
