import { asJunit, type JunitCase } from "../summary/junit.ts";
import { duetTitle, type NightlyDocument } from "./document.ts";
import { detailsOf, duetDetailsOf } from "./text.ts";

/** A summary as JUnit XML: a suite per scenario, a case per guard and duet. */
export function nightlyAsJunit(document: NightlyDocument): string {
	const { night, headline, startedAt } = document;
	return asJunit(`nightly ${night}: ${headline}`, startedAt, casesOf(document));
}

function casesOf({ results, duets, stopped, startedAt, endedAt }: NightlyDocument): JunitCase[] {
	const whole = "nightly";
	return [
		...results.map((result) => ({
			suite: result.scenario,
			name: `guard=${result.guard}`,
			outcome: result.outcome,
			seconds: (result.run?.tookMs ?? 0) / 1_000,
			why: result.why,
			isOptional: false,
			details: detailsOf(result).slice(1),
			before: result.run?.before ?? [],
		})),
		...duets.map((duet) => ({
			suite: duet.scenario,
			name: duetTitle(duet),
			outcome: duet.outcome,
			seconds: 0,
			why: duet.why,
			details: duetDetailsOf(duet).slice(1),
			isOptional: true,
			before: [],
		})),
		...(stopped === null
			? []
			: [
					{
						suite: whole,
						name: "it came to its end",
						outcome: "invalid" as const,
						seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000,
						why: stopped,
						details: [],
						isOptional: false,
						before: [],
					},
				]),
	];
}
