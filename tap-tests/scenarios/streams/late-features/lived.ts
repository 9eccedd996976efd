import fc from "fast-check";
import type { Activity } from "../../../../scenarios/streams/late-features/activity.ts";
import { encode } from "../../../../scenarios/streams/late-features/activity.ts";
import { FeatureJob } from "../../../../scenarios/streams/late-features/feature-job.ts";
import type {
	FeatureRecord,
	LateRecord,
} from "../../../../scenarios/streams/late-features/feature-record.ts";
import { featuresTopic } from "../../../../scenarios/streams/late-features/feature-record.ts";

export const startMs = Date.UTC(2026, 0, 5);
export const rules = { windowMs: 60_000, delayMs: 30_000, latenessMs: 300_000 };

/** A partition's life: activities come, more or less late, and whoever works on them commits and is replaced. */
export const step = fc.record({
	user: fc.constantFrom("ana", "bo/b", "cy"),
	afterMs: fc.oneof(fc.nat(5_000), fc.nat(120_000)),
	delayMs: fc.oneof(fc.nat(3_000), fc.nat(90_000), fc.nat(600_000), fc.constant(330_000)),
	aheadMs: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constant(600_000)),
	isPurchase: fc.boolean(),
	cents: fc.integer({ min: 1, max: 999 }),
	next: fc.constantFrom("goes on", "goes on", "commits", "is replaced"),
});
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

export interface Lived {
	records: FeatureRecord[];
	late: LateRecord[];
	activities: Activity[];
	live: Map<string, string>;
}

/** Activities of one partition through the job, each commit read by whoever comes after. */
export function live(steps: readonly Step[], made = rules, latenessMs = made.latenessMs): Lived {
	const options = { ...made, latenessMs, tellsLate: true };
	let job = new FeatureJob(options);
	const records: FeatureRecord[] = [];
	const late: LateRecord[] = [];
	const changelog: { key: string; value: string | null }[] = [];
	const activities: Activity[] = [];
	const commit = () => {
		const { results, changes } = job.take();
		for (const { to, value } of results)
			if (to === featuresTopic) records.push(JSON.parse(value) as FeatureRecord);
			else late.push(JSON.parse(value) as LateRecord);
		changelog.push(...changes);
	};
	const process = (activity: Activity) =>
		job.process(encode({ ...activity, n: 0, sentAtMs: 5, phase: "steady" }));
	let receivedMs = startMs;
	for (const [n, one] of steps.entries()) {
		receivedMs += one.afterMs;
		const activity: Activity = {
			id: `${n}`,
			user: one.user,
			kind: one.isPurchase ? "purchase" : "view",
			cents: one.isPurchase ? one.cents : 0,
			atMs: receivedMs - one.delayMs + one.aheadMs,
			receivedMs,
		};
		activities.push(activity);
		process(activity);
		switch (one.next) {
			case "goes on":
				break;
			case "commits":
				commit();
				break;
			case "is replaced":
				commit();
				job = new FeatureJob(options);
				for (const change of changelog) job.restore(change);
				break;
			default:
				one.next satisfies never;
		}
	}
	const endMs = receivedMs + 3_600_000;
	const said = { user: "closer", kind: "view" as const, cents: 0 };
	process({ id: "closer", ...said, atMs: endMs, receivedMs: endMs });
	commit();
	const last = new Map(changelog.map(({ key, value }) => [key, value]));
	const there = [...last].flatMap(([key, value]): [string, string][] =>
		value === null ? [] : [[key, value]],
	);
	return { records, late, activities, live: new Map(there) };
}
