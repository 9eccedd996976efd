import { isDeepStrictEqual } from "node:util";
import { type Found, foundOf, Names } from "../../subjects/streams/found.ts";
import { LatestFeatures, type Total, Totals } from "./downstream.ts";
import { type FeatureRecord, featureKey, type LateRecord } from "./feature-record.ts";
import type { Features } from "./features.ts";
import type { Expected } from "./oracle/expected-features.ts";

/** What was given, held against what should be. */
export type Comparison = {
	/** Features of a user in a window. */
	featureCount: number;
	/** Whose last value is right. */
	rightCount: number;
	wrong: Found;
	missing: Found;
	/** Of windows in which nobody did anything that came in time. */
	extra: Found;
	/** Versions that should have been given, of all features. */
	versionCount: number;
	/** Versions that are not as they should be: another value, none, one too many, or not taken back by the next. */
	wrongVersions: Found;
	/** Records that stand there a second time. */
	again: Found;
	lateCount: number;
	lateMissing: Found;
	/** In the output of what is too late, and should not be; or a second time. */
	lateExtra: Found;
	/** Users for whom adding and taking off, in some order, ends at another sum than the last values have. */
	notAddedUp: Found;
	/** Orders that records were applied in. */
	orders: number;
};

export function compare(
	records: readonly FeatureRecord[],
	late: readonly LateRecord[],
	expected: Expected,
	orders: readonly (readonly FeatureRecord[])[],
): Comparison {
	const latest = applied(new LatestFeatures(), records).values;
	const [wrong, missing, extra] = [new Names(), new Names(), new Names()];
	for (const [key, { versions }] of expected.histories) {
		const last = latest.get(key);
		if (last === undefined) missing.add(key);
		else if (!isDeepStrictEqual(featuresIn(last), versions.at(-1))) wrong.add(key);
	}
	for (const key of latest.keys()) if (!expected.histories.has(key)) extra.add(key);
	const featureCount = expected.histories.size;
	return {
		featureCount,
		rightCount: featureCount - missing.found.count - wrong.found.count,
		wrong: wrong.found,
		missing: missing.found,
		extra: extra.found,
		versionCount: [...expected.histories.values()].reduce(
			(sum, one) => sum + one.versions.length,
			0,
		),
		...versionsOf(records, expected),
		...lateOf(late, expected),
		notAddedUp: notAddedUp(orders, latest),
		orders: orders.length,
	};
}

/** Each record that should be there, by what it says of which version. */
function wanted({ histories }: Expected): Map<string, Features> {
	const all = new Map<string, Features>();
	for (const [key, { versions }] of histories)
		for (const [place, features] of versions.entries()) {
			all.set(`${key} version ${place + 1} assert`, features);
			if (place < versions.length - 1) all.set(`${key} version ${place + 1} retract`, features);
		}
	return all;
}

function versionsOf(records: readonly FeatureRecord[], expected: Expected) {
	const should = wanted(expected);
	const seen = new Set<string>();
	const wrongVersions = new Set<string>();
	const again = new Names();
	for (const record of records) {
		const { op, version, user, startMs } = record;
		const name = `${featureKey(startMs, user)} version ${version} ${op}`;
		if (seen.has(name)) again.add(name);
		seen.add(name);
		if (!isDeepStrictEqual(featuresIn(record), should.get(name))) wrongVersions.add(name);
	}
	for (const name of should.keys()) if (!seen.has(name)) wrongVersions.add(name);
	return { wrongVersions: foundOf(wrongVersions), again: again.found };
}

function lateOf(late: readonly LateRecord[], expected: Expected) {
	const seen = new Set<string>();
	const [lateMissing, lateExtra] = [new Names(), new Names()];
	for (const { id } of late) {
		if (seen.has(id) || !expected.late.has(id)) lateExtra.add(id);
		seen.add(id);
	}
	for (const id of expected.late) if (!seen.has(id)) lateMissing.add(id);
	return {
		lateCount: expected.late.size,
		lateMissing: lateMissing.found,
		lateExtra: lateExtra.found,
	};
}

/** Whoever adds and takes off has, in each of these orders, the sums of the last values. */
function notAddedUp(
	orders: readonly (readonly FeatureRecord[])[],
	latest: ReadonlyMap<string, FeatureRecord>,
): Found {
	const sums = new Map<string, Total>();
	for (const { user, views, purchases, spent_cents } of latest.values()) {
		const sum = sums.get(user) ?? { views: 0, purchases: 0, spent_cents: 0 };
		sum.views += views;
		sum.purchases += purchases;
		sum.spent_cents += spent_cents;
		sums.set(user, sum);
	}
	const wrong = new Set<string>();
	for (const order of orders) {
		const last = applied(new LatestFeatures(), order).values;
		for (const [key, record] of latest)
			if (last.get(key)?.version !== record.version) wrong.add(record.user);
		const totals = applied(new Totals(), order).values;
		for (const user of new Set([...sums.keys(), ...totals.keys()]))
			if (!isDeepStrictEqual(totals.get(user), sums.get(user))) wrong.add(user);
	}
	return foundOf(wrong);
}

function applied<C extends { apply(record: FeatureRecord): void }>(
	consumer: C,
	records: readonly FeatureRecord[],
): C {
	for (const record of records) consumer.apply(record);
	return consumer;
}

function featuresIn({ op, version, user, startMs, endMs, ...features }: FeatureRecord): Features {
	return features;
}
