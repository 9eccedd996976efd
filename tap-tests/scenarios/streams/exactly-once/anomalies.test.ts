import fc from "fast-check";
import t from "tap";
import {
	type Anomaly,
	anomaliesOf,
	anomalyText,
	anomalies as known,
	rightCount,
} from "../../../../scenarios/streams/exactly-once/oracle/anomalies.ts";
import type { History, Read } from "../../../../scenarios/streams/exactly-once/oracle/history.ts";
import { rightHistory, withReads } from "./histories.ts";

const textsOf = (history: History) => anomaliesOf(history).map(anomalyText);
const namesIn = (found: readonly Anomaly[]) => [...new Set(found.map(({ anomaly }) => anomaly))];
/** The result of the payment at this place. */
const at = (reads: readonly Read[], partition: number, offset: number) =>
	reads.findIndex(({ source }) => source.partition === partition && source.offset === offset);

t.test("in a right history nothing is wrong, whatever else was tried and aborted", (t) => {
	const right = rightHistory();
	t.same(textsOf(right), []);
	const stray: Read = {
		...right.result.reads[0]!,
		place: { partition: 0, offset: 99 },
		attempt: "aborted",
	};
	const uncommitted = { ...right.others[0]!, reads: [...right.result.reads, stray] };
	const attempts = [
		...right.attempts,
		{ id: "aborted", partition: 0, offsets: [0, 1], told: "aborted" as const },
		{ id: "unknown", partition: 0, offsets: [2, 3], told: "unknown" as const },
	];
	t.same(textsOf({ ...right, attempts, others: [uncommitted] }), []);
	t.same(
		textsOf({ input: [], attempts: [], result: { ...right.result, reads: [] }, others: [] }),
		[],
	);
	t.end();
});

/** Name → a history that has it, and the lines in which it is named, by account, partition and offset. */
const bad: [anomaly: keyof typeof known, history: History, texts: string[]][] = [
	[
		"lost-write",
		withReads(rightHistory(), (reads) => reads.toSpliced(at(reads, 0, 1), 1)),
		["lost-write: account-0-1, payment 0/1, attempt right-0-0 (committed)"],
	],
	[
		"unseen",
		withReads(rightHistory(), (reads) => reads.toSpliced(at(reads, 1, 3), 1)),
		["unseen: account-1-1, payment 1/3, attempt right-1-1 (committed)"],
	],
	[
		"poll-skip",
		{
			...withReads(rightHistory(), (reads) =>
				reads.filter(({ attempt }) => attempt !== "right-0-0"),
			),
			attempts: rightHistory().attempts.filter(({ id }) => id !== "right-0-0"),
		},
		[
			"poll-skip: account-0-0, payment 0/0 (committed)",
			"poll-skip: account-0-1, payment 0/1 (committed)",
		],
	],
	[
		"duplicate",
		withReads(rightHistory(), (reads) => [
			...reads,
			{ ...reads[at(reads, 0, 3)]!, place: { partition: 0, offset: 7 }, attempt: "again" },
		]),
		["duplicate: account-0-1, payment 0/3, result 0/7, attempt again (committed)"],
	],
	[
		"phantom",
		withReads(rightHistory(), (reads) => [
			...reads,
			{
				...reads[0]!,
				source: { partition: 0, offset: 4 },
				place: { partition: 0, offset: 7 },
				attempt: "made-up",
			},
		]),
		["phantom: account-0-0, payment 0/4, result 0/7, attempt made-up (committed)"],
	],
	[
		"aborted-read",
		{
			...rightHistory(),
			attempts: rightHistory().attempts.map((one) =>
				one.id === "right-1-1" ? { ...one, told: "aborted" } : one,
			),
		},
		[
			"aborted-read: account-1-0, payment 1/2, result 1/3, attempt right-1-1 (committed)",
			"aborted-read: account-1-1, payment 1/3, result 1/4, attempt right-1-1 (committed)",
		],
	],
	[
		"reordered",
		withReads(rightHistory(), (reads) => {
			const [first, second] = [reads[0]!, reads[1]!];
			return [
				{ ...second, place: first.place },
				{ ...first, place: second.place },
				...reads.slice(2),
			];
		}),
		["reordered: account-0-0, payment 0/0, result 0/1, attempt right-0-0 (committed)"],
	],
	[
		"wrong-balance",
		withReads(rightHistory(), (reads) =>
			reads.with(at(reads, 0, 2), { ...reads[at(reads, 0, 2)]!, balanceCents: 30 }),
		),
		["wrong-balance: account-0-0, payment 0/2, result 0/3, attempt right-0-1 (committed)"],
	],
	[
		"nonmonotonic-poll",
		{
			...rightHistory(),
			others: [
				{
					...rightHistory().others[0]!,
					reads: [...rightHistory().result.reads, rightHistory().result.reads[0]!],
				},
			],
		},
		["nonmonotonic-poll: account-0-0, payment 0/0, result 0/0, attempt right-0-0 (uncommitted)"],
	],
	[
		"inconsistent-offsets",
		{
			...rightHistory(),
			others: [
				{
					...rightHistory().others[0]!,
					reads: rightHistory().result.reads.map((read, i) =>
						i === 5 ? { ...read, attempt: "another" } : read,
					),
				},
			],
		},
		["inconsistent-offsets: account-1-1, payment 1/1, result 1/1, attempt another (uncommitted)"],
	],
];
for (const [anomaly, history, texts] of bad)
	t.test(`${anomaly}: ${known[anomaly]}`, (t) => {
		const found = anomaliesOf(history);
		const same = found.filter((one) => one.anomaly === anomaly);
		t.same(same.map(anomalyText), texts);
		// What a reader was given twice, or in the wrong order, is one thing to one who counts and another to one who adds up.
		const allowed: string[] = [anomaly, "inconsistent-offsets"];
		t.same(
			namesIn(found).filter((name) => !allowed.includes(name)),
			[],
			"and nothing else is wrong",
		);
		t.end();
	});

t.test(
	"a payment is right that has one result and a right one, whatever else is wrong with it",
	(t) => {
		const rights = bad.map(([anomaly, history]) => [
			anomaly,
			history.input.length - rightCount(history.input, anomaliesOf(history)),
		]);
		t.match(Object.fromEntries(rights), {
			"lost-write": 1,
			unseen: 1,
			"poll-skip": 2,
			duplicate: 1,
			"wrong-balance": 1,
			phantom: 0,
			reordered: 0,
			"aborted-read": 0,
		});
		const right = rightHistory();
		t.equal(rightCount(right.input, anomaliesOf(right)), right.input.length);
		t.end();
	},
);

t.test("every anomaly that there is was planted", (t) => {
	t.same(new Set(bad.map(([anomaly]) => anomaly)), new Set(Object.keys(known)));
	t.end();
});

t.test("a duplicate that adds up is a wrong balance as well, and all after it", (t) => {
	const twice = withReads(rightHistory(), (reads) => {
		const [first] = reads;
		const later = reads.slice(1).map((read) => ({
			...read,
			place: { ...read.place, offset: read.place.offset + 1 },
		}));
		const again: Read = { ...first!, place: { partition: 0, offset: 1 }, seq: 2, balanceCents: 20 };
		const added = later.map((read) =>
			read.account === first!.account
				? { ...read, seq: read.seq! + 1, balanceCents: read.balanceCents! + 10 }
				: read,
		);
		return [first!, again, ...added];
	});
	const found = anomaliesOf({ ...twice, others: [] });
	const count = (name: string) => found.filter(({ anomaly }) => anomaly === name).length;
	t.equal(count("duplicate"), 1);
	t.equal(count("wrong-balance"), 2, "the one that came again, and the account's next");
	t.end();
});

t.test("whatever is lost, doubled and moved, each is named once and no other is", (t) => {
	fc.assert(
		fc.property(
			fc.uniqueArray(fc.nat(19), { maxLength: 6 }),
			fc.uniqueArray(fc.nat(19), { maxLength: 6 }),
			(lost, doubled) => {
				const right = rightHistory(10);
				const kept = right.result.reads.filter((_, i) => !lost.includes(i));
				const again = right.result.reads
					.filter((_, i) => doubled.includes(i) && !lost.includes(i))
					.map((read, n) => ({ ...read, place: { ...read.place, offset: 1_000 + n } }));
				const history: History = {
					...right,
					result: { ...right.result, reads: [...kept, ...again] },
					others: [],
				};
				const found = anomaliesOf(history);
				const sources = (names: string[]) =>
					found
						.filter(({ anomaly }) => names.includes(anomaly))
						.map(({ source }) => `${source.partition}/${source.offset}`)
						.sort();
				const placesOf = (indices: number[]) =>
					indices.map((i) => `${right.input[i]!.partition}/${right.input[i]!.offset}`).sort();
				t.same(sources(["lost-write", "unseen"]), placesOf(lost));
				t.same(sources(["duplicate"]), placesOf(doubled.filter((i) => !lost.includes(i))));
				t.same(sources(["poll-skip", "phantom", "reordered", "aborted-read"]), []);
			},
		),
		{ numRuns: 100 },
	);
	t.end();
});
