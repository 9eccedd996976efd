import { type Stream, shuffled, stream } from "faultline/subject";

/** What a synthetic trace is made of. */
export interface TraceSpec {
	seed: number;
	/** Objects; each is there all the time, in one version after another. */
	objects: number;
	/** Days that are billed, from day 0. */
	days: number;
}

/** One version of one object: what lies somewhere, is read, and is billed from `fromDay` until before `toDay`. */
export interface Life {
	object: number;
	version: number;
	sizeBytes: number;
	/** When it was written; below 0 for what was there before the first day. */
	bornDay: number;
	fromDay: number;
	toDay: number;
	/** Overwritten on `toDay`; else it lives on after the last day. */
	ends: boolean;
	/** Days on which it is read, ascending, and how often; those below 0 are known from before, and not billed. */
	reads: readonly (readonly [day: number, count: number])[];
}

export interface Trace {
	objects: number;
	days: number;
	/** By object, and within one by version: each begins where the one before ends. */
	lives: readonly Life[];
}

/** How much of the past is known: reads of so many days before the first. */
export const knownDays = 90;

const medianBytes = 8 * 2 ** 20;
const sizeSpread = 1.5;
const [leastBytes, mostBytes] = [2 ** 10, 5 * 2 ** 30];
/** Reads a day of an object of mean popularity, just written. */
const readsPerDay = 2;
const zipfExponent = 1;
/** Reads fall with age as (1 + age ÷ 7 days)^-1.3. */
const [ageScaleDays, ageExponent] = [7, 1.3];
const meanAgeDays = 240;
/** Of all objects, the share that is overwritten now and then, and how long a version of it lasts. */
const [rewrittenShare, meanVersionDays] = [0.2, 60];

/** The trace of a seed: sizes log-normal, popularity by Zipf's law, reads that become rarer with age. */
export function traceOf({ seed, objects, days }: TraceSpec): Trace {
	const ranks = shuffled(
		stream(seed, "ranks"),
		Array.from({ length: objects }, (_, i) => i),
	);
	const weights = ranks.map((rank) => (rank + 1) ** -zipfExponent);
	const perWeight = (objects * readsPerDay) / weights.reduce((sum, weight) => sum + weight, 0);
	const lives = weights.flatMap((weight, object) =>
		livesOf(seed, object, days, weight * perWeight),
	);
	return { objects, days, lives };
}

/** The size of one version, by itself: the bytes that really move are made from it as well. */
export function sizeOf(seed: number, object: number, version: number): number {
	const bytes =
		medianBytes * Math.exp(sizeSpread * normal(stream(seed, `size/${object}/${version}`)));
	return Math.round(Math.min(mostBytes, Math.max(leastBytes, bytes)));
}

function livesOf(seed: number, object: number, days: number, freshPerDay: number): Life[] {
	const draw = stream(seed, `object/${object}`);
	const rewritten = draw() < rewrittenShare;
	const lives: Life[] = [];
	let bornDay = -1 - Math.floor(exponential(draw, meanAgeDays));
	for (let version = 1, fromDay = 0; fromDay < days; version++) {
		const endDay = rewritten
			? fromDay + 1 + Math.floor(exponential(draw, meanVersionDays))
			: Number.POSITIVE_INFINITY;
		const toDay = Math.min(days, endDay);
		const reads: [number, number][] = [];
		for (let day = Math.max(bornDay, -knownDays); day < toDay; day++) {
			const perDay = freshPerDay * (1 + (day - bornDay) / ageScaleDays) ** -ageExponent;
			const count = poisson(draw, perDay);
			if (count > 0) reads.push([day, count]);
		}
		const sizeBytes = sizeOf(seed, object, version);
		lives.push({ object, version, sizeBytes, bornDay, fromDay, toDay, ends: endDay < days, reads });
		bornDay = toDay;
		fromDay = toDay;
	}
	return lives;
}

function exponential(draw: Stream, mean: number): number {
	return -mean * Math.log(1 - draw());
}

function normal(draw: Stream): number {
	return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** Exact by products of draws while that is short; many are nearly normal. */
function poisson(draw: Stream, mean: number): number {
	if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(draw)));
	const limit = Math.exp(-mean);
	let count = 0;
	for (let product = draw(); product > limit; product *= draw()) count += 1;
	return count;
}
