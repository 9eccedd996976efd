import { stream } from "../../base/random.ts";
import { redacted, redactUrl } from "../../base/redact.ts";
import type { RunParams } from "../../scenarios/contract/run-params.ts";
import type { DuetRecord } from "../record/document.ts";
import type { RunMode } from "../runs/run-mode.ts";
import type { RunWork } from "../runs/run-work.ts";
import type { Variant } from "../runs/variant.ts";
import { duet } from "./duet.ts";
import { keepNoise, readNoise } from "./noise-file.ts";
import { session } from "./session.ts";
import { wholePair } from "./whole.ts";

/** Sessions in which two variants take turns, until a verdict is reached or more of them would not reach one. */
export async function performDuet(
	work: RunWork,
	{ plan, variants }: Extract<RunMode, { kind: "duet" }>,
): Promise<void> {
	const { document, params, events, interrupt, stack } = work;
	const { scenario, seed } = document;
	const { shape } = plan;
	const { fingerprint } = document.environment;
	// Neither side is always the one that a restless moment meets first.
	const chance = stream(seed, `duet of ${scenario}`);
	const shown = { a: shownOf(variants.a, params), b: shownOf(variants.b, params) };
	work.enter("steady", null);
	const { pairs, verdict } = await duet({
		plan,
		noise: readNoise(stack.home, scenario, fingerprint),
		first: () => (chance() < 0.5 ? "a" : "b"),
		perform: (index, first) => {
			interrupt.check();
			return shape.kind === "turns"
				? session(work, variants, shape, { index, first })
				: wholePair(work, variants, { index, first });
		},
		say: (message) => events.emit({ type: "log", message }),
	});
	for (const { sentence } of verdict.metrics) events.emit({ type: "log", message: sentence });
	document.duet = {
		variants: shown,
		shape,
		looks: [...plan.looks],
		pairs,
		verdict,
	};
	if (JSON.stringify(variants.a) === JSON.stringify(variants.b))
		keepNoise(
			stack.home,
			scenario,
			fingerprint,
			pairs.filter(({ dropped }) => dropped === null),
		);
}

/** What a variant changes, fit for the record: passwords of URLs stay out of it. */
function shownOf({ params, urls }: Variant, base: RunParams): DuetRecord["variants"]["a"] {
	const changed = Object.entries(params).filter(([name, value]) => value !== base[name]);
	return {
		params: redacted(Object.fromEntries(changed)),
		urls: Object.fromEntries(
			Object.entries(urls).map(([service, url]) => [service, redactUrl(url)]),
		),
	};
}
