import fc from "fast-check";
import t from "tap";
import { stream } from "../../../../base/random.ts";
import {
	changeText,
	meshAfter,
	migrationName,
	truthOf,
} from "../../../../scenarios/contracts/mesh-contracts/changes/change.ts";
import {
	Changes,
	changeOf,
	kindNames,
	type Planned,
	simplerChanges,
} from "../../../../scenarios/contracts/mesh-contracts/changes/changes.ts";
import { filesOf } from "../../../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import {
	consumerNames,
	type Mesh,
	repositoryNames,
} from "../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";
import {
	brokenOf,
	publishedOf,
} from "../../../../scenarios/contracts/mesh-contracts/oracle/broken.ts";
import { reachOf } from "../../../../scenarios/contracts/mesh-contracts/oracle/reach.ts";

/** The mesh as it would be if all of the change were merged, right or wrong. */
function merged(change: Planned): Mesh {
	return change.proposals.reduce(
		(mesh, proposal) => meshAfter(mesh, proposal, migrationName(change)),
		change.before,
	);
}

const brokenIn = (mesh: Mesh) => brokenOf(mesh, publishedOf(mesh));
const textsOf = (mesh: Mesh) => repositoryNames.map((name) => filesOf(mesh, name));
const isConsumer = (name: string) => (consumerNames as readonly string[]).includes(name);

t.test("what a change is said to be is what the oracle finds of it, over any seed", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
			const changes = new Changes(seed);
			for (let n = 0; n < 60; n++) {
				const change = changes.at(n);
				const { truth, kind } = change;
				const broken = brokenIn(merged(change));
				const found = broken.map((one) => `${one.consumer}.${one.query} ${one.rule}`);
				if (truth.kind !== "violating") {
					if (broken.length > 0) throw new Error(`${n} ${kind}: ${found}`);
					continue;
				}
				const [consumer, query] = truth.place;
				// What a publisher's own tests find is of no consumer's.
				if (!isConsumer(consumer!)) continue;
				if (!found.includes(`${consumer}.${query} ${truth.rule}`))
					throw new Error(`${n} ${kind}: ${consumer}.${query} ${truth.rule}, found ${found}`);
			}
		}),
		{ numRuns: 4 },
	);
	t.end();
});

t.test("of two proposals each breaks nothing alone, over any seed", (t) => {
	let met = 0;
	for (let seed = 1; seed <= 4; seed++) {
		const changes = new Changes(seed);
		for (let n = 0; n < 60; n++) {
			const change = changes.at(n);
			if (change.proposals.length === 1) continue;
			met++;
			for (const proposal of change.proposals)
				t.same(
					brokenIn(meshAfter(change.before, proposal, migrationName(change))),
					[],
					change.kind,
				);
		}
	}
	t.ok(met > 10, `${met} pairs`);
	t.end();
});

t.test("whoever is broken by a publisher is reached by it", (t) => {
	let broken = 0;
	const changes = new Changes(4);
	for (let n = 0; n < 120; n++) {
		const change = changes.at(n);
		const [{ repository }] = change.proposals;
		if (change.proposals.length > 1 || isConsumer(repository)) continue;
		const after = merged(change);
		const reached = reachOf(change.before, after);
		for (const { consumer, query } of brokenIn(after)) {
			broken++;
			t.ok(reached.includes(`${consumer}.${query}`), `${n} ${change.kind}: ${query}`);
		}
	}
	t.ok(broken > 20, `${broken} broken queries`);
	t.end();
});

t.test(
	"every kind can be made, of many meshes, and none changes the mesh that it is made of",
	(t) => {
		const made = new Set<string>();
		for (let seed = 1; seed <= 2; seed++) {
			const draw = stream(seed, "test");
			let mesh = firstMesh(seed);
			for (const [n, kind] of [...kindNames, ...kindNames, ...kindNames].entries()) {
				const before = JSON.stringify(mesh);
				const change = changeOf(kind, draw, mesh, n);
				if (change === null) continue;
				made.add(kind);
				t.equal(JSON.stringify(mesh), before, kind);
				t.ok(changeText(change).length > 0);
				mesh = change.after;
			}
		}
		t.same(
			kindNames.filter((kind) => !made.has(kind)),
			[],
		);
		t.ok(kindNames.length >= 55, `${kindNames.length} kinds`);
		t.end();
	},
);

t.test("the same seed is the same changes, in whatever steps they are asked for", (t) => {
	const texts = (changes: Changes, order: number[]) => {
		for (const n of order) merged(changes.at(n));
		return Array.from({ length: 30 }, (_, n) =>
			JSON.stringify([changeText(changes.at(n)), textsOf(changes.at(n).after)]),
		);
	};
	t.same(texts(new Changes(7), [29]), texts(new Changes(7), [...Array(30).keys()]));
	t.notSame(texts(new Changes(7), []), texts(new Changes(8), []));
	t.end();
});

t.test("half of the changes do harm, and each truth is among the first", (t) => {
	const changes = new Changes(11);
	const truths = Array.from({ length: 102 }, (_, n) => changes.at(n).truth.kind);
	t.same(truths.slice(0, 2), ["violating", "harmless"]);
	const count = (kind: string) => truths.slice(2).filter((truth) => truth === kind).length;
	t.same([count("violating"), count("harmless"), count("outside")], [40, 50, 10]);
	t.end();
});

t.test("smaller forms of a change are smaller, and break the same", (t) => {
	const changes = new Changes(5);
	let met = 0;
	for (let n = 0; n < 80; n++) {
		const change = changes.at(n);
		if (change.proposals.length > 1 || change.truth.kind !== "violating") continue;
		for (const smaller of simplerChanges(change)) {
			met++;
			t.same(truthOf(smaller), change.truth);
			t.ok(changeText(smaller).length <= changeText(change).length);
		}
	}
	t.ok(met > 10, `${met} smaller forms`);
	t.end();
});
