import t from "tap";
import { CopyBroken, Mover } from "../../../../scenarios/storage/storage-tiers/mover.ts";
import { NaiveMover } from "../../../../scenarios/storage/storage-tiers/naive-mover.ts";
import {
	Lost,
	readObject,
	Unknown,
} from "../../../../scenarios/storage/storage-tiers/read-object.ts";
import { checksumOf, type TierStore } from "../../../../scenarios/storage/storage-tiers/store.ts";
import {
	type Cut,
	Failed,
	Fuse,
	runScript,
	type Start,
	script,
	started,
	World,
	wantedAfter,
} from "./world.ts";

const guarded: Start = (world, fuse) => Mover.open(world.store(fuse), world.table(fuse));
const naive: Start = async (world, fuse) => new NaiveMover(world.store(fuse), world.table(fuse));

/** Before a step is after the one before it. */
const hows: Cut["how"][] = ["within", "after"];
const places = (operations: number): Cut[] =>
	Array.from({ length: operations }, (_, i) => hows.map((how) => ({ at: i + 1, how }))).flat();

async function operationsOf(start: Start): Promise<number> {
	const fuse = new Fuse();
	await runScript(await start(new World(), fuse), 0);
	return fuse.operations;
}

/** Of two versions while one is being written, either; of all else the last that was acknowledged. */
function allowed(world: World, step: number): string[] {
	const { id, action } = script[step] ?? script[0]!;
	const [before, after] = [wantedAfter(step), wantedAfter(step + 1)];
	const at = world.pointers.get(id)?.at;
	const begun = action.kind === "put" && at?.version === action.version;
	return world.problems(begun ? after : before);
}

const noEnd = (problems: string[]) => problems.filter((line) => !line.startsWith("unfinished"));
const unlost = (problems: string[]) =>
	problems.filter((line) => line.startsWith("lost") || line.startsWith("wrong"));

t.test(
	"undisturbed, every step of the script ends with one copy of each object where it should be",
	async (t) => {
		const world = new World();
		const mover = await guarded(world, new Fuse());
		for (const [step, { id, action }] of script.entries()) {
			t.equal(await mover.act(id, action), "done");
			t.equal(await mover.act(id, action), "already", "a try again");
			t.same(world.problems(wantedAfter(step + 1)), [], `after step ${step}`);
			t.equal((await mover.read(id)).at.version, world.pointers.get(id)!.at!.version);
		}
		t.same(
			world.pointers
				.get("a")!
				.past.map(({ tier, fromDay, toDay }) => `${tier} ${fromDay}-${toDay}`),
			["hot 0-3", "warm 3-9", "cold 9-15", "hot 15-30"],
			"and with its stays, to be billed",
		);
	},
);

t.test(
	"interrupted at every step of every move, and again at every step of what mends that",
	async (t) => {
		const operations = await operationsOf(guarded);
		let interruptions = 0;
		const found = new Set<string>();
		for (const first of places(operations)) {
			for (let second = 0; ; second++) {
				const world = new World();
				const mover = await guarded(world, new Fuse(first));
				const step = await runScript(mover, 0);
				interruptions += 1;
				const again = second === 0 ? null : places(100)[second - 1]!;
				const healer = await started(guarded, world, new Fuse(again));
				const whole = await guarded(world, new Fuse());
				for (const problem of allowed(world, step))
					found.add(`${JSON.stringify({ first, again })} ${problem}`);
				// The client was told nothing, and tries again from there.
				await runScript(whole, step);
				for (const problem of world.problems(wantedAfter(script.length)))
					found.add(`${JSON.stringify({ first, again })} at the end ${problem}`);
				if (second > 0 && healer !== null) break;
			}
		}
		t.same([...found].slice(0, 5), []);
		t.ok(interruptions > 500, `${interruptions} interruptions`);
	},
);

t.test(
	"whatever the moment, also before anything mends it, no object is lost and readers find the right one",
	async (t) => {
		const found = new Set<string>();
		for (const cut of places(await operationsOf(guarded))) {
			const world = new World();
			const step = await runScript(await guarded(world, new Fuse(cut)), 0);
			for (const problem of unlost(allowed(world, step)))
				found.add(`${JSON.stringify(cut)} ${problem}`);
		}
		t.same([...found], []);
	},
);

t.test(
	"a store or a table that fails once, while the process goes on: the next try makes it whole",
	async (t) => {
		const found = new Set<string>();
		for (const cut of places(await operationsOf(guarded))) {
			const world = new World();
			const fails: Cut = { ...cut, once: true };
			const mover = await guarded(world, new Fuse(fails));
			for (const { id, action } of script)
				for (let tries = 0; tries < 3; tries++)
					try {
						await mover.act(id, action);
						break;
					} catch (error) {
						if (!(error instanceof Failed)) throw error;
					}
			for (const problem of world.problems(wantedAfter(script.length)))
				found.add(`${JSON.stringify(fails)} ${problem}`);
		}
		t.same([...found], []);
	},
);

t.test("interrupted or not, the same days are billed in the same tiers", async (t) => {
	const stays = (world: World) =>
		JSON.stringify(
			[...world.pointers.values()].map(({ id, at, past, seq }) => ({
				id,
				// Names are never used twice, and so tell of every interruption.
				at: { ...at, name: "" },
				past,
				seq,
			})),
		);
	const undisturbed = new World();
	await runScript(await guarded(undisturbed, new Fuse()), 0);
	const others = new Set<string>();
	for (const cut of places(await operationsOf(guarded))) {
		const world = new World();
		const step = await runScript(await guarded(world, new Fuse(cut)), 0);
		await runScript(await guarded(world, new Fuse()), step);
		others.add(stays(world));
	}
	t.same([...others], [stays(undisturbed)]);
});

t.test(
	"whoever reads at any moment gets one whole version: none before the last, and none that is not finished",
	async (t) => {
		const world = new World();
		let step = 0;
		const wrong: string[] = [];
		const look = async () => {
			const [before, after] = [wantedAfter(step), wantedAfter(step + 1)];
			for (const [id, { version }] of before) {
				const { at, bytes } = await readObject(
					id,
					world.store(new Fuse()),
					world.table(new Fuse()),
				);
				const fits = [before, after].some(
					(wanted) =>
						wanted.get(id)!.version === at.version && wanted.get(id)!.sha256 === checksumOf(bytes),
				);
				if (!fits) wrong.push(`step ${step}: ${id} is ${at.version}, wanted ${version}`);
			}
		};
		const mover = await guarded(world, new Fuse(null, look));
		for (; step < script.length; step++) await mover.act(script[step]!.id, script[step]!.action);
		t.same(wrong, []);
	},
);

t.test("a reader that looked up where an object is, and comes late, still gets it", async (t) => {
	const operations = await operationsOf(guarded);
	const failed: string[] = [];
	for (let begin = 5; begin < operations; begin++)
		for (const late of [1, 2, 3, 4, 5, 6, 8, 12]) {
			const world = new World();
			let reading: Promise<unknown> | null = null;
			let go = () => {};
			const gate = new Promise<void>((resolve) => {
				go = resolve;
			});
			const raw = world.store(new Fuse());
			const slow: TierStore = {
				...raw,
				async get(at) {
					await gate;
					return raw.get(at);
				},
			};
			const onOperation = async (operation: number) => {
				if (operation === begin && world.pointers.get("a")?.at)
					reading = readObject("a", slow, world.table(new Fuse())).catch((error) =>
						failed.push(`${begin}+${late}: ${error}`),
					);
				if (operation === begin + late) {
					go();
					await reading;
				}
			};
			await runScript(await guarded(world, new Fuse(null, onOperation)), 0);
			go();
			await reading;
		}
	t.same(failed, []);
});

t.test(
	"a copy that was cut short is found before anything is deleted, and made again",
	async (t) => {
		const world = new World();
		world.brokenCopies.add(1).add(2);
		const mover = await guarded(world, new Fuse());
		await runScript(mover, 0);
		t.same(world.problems(wantedAfter(script.length)), []);
	},
);

t.test("where every copy is cut short the object stays where it is, and is told to", async (t) => {
	const world = new World();
	for (let n = 1; n <= 3; n++) world.brokenCopies.add(n);
	const mover = await guarded(world, new Fuse());
	await mover.act("a", script[0]!.action);
	await t.rejects(mover.act("a", script[2]!.action), CopyBroken);
	t.same(world.problems(wantedAfter(1)), []);
	t.equal((await mover.read("a")).at.tier, "hot");
	t.equal(await mover.act("a", script[2]!.action), "done", "the next try finds a better day");
});

t.test(
	"what comes too early changes nothing, and so does a move of what is not there",
	async (t) => {
		const world = new World();
		const mover = await guarded(world, new Fuse());
		t.equal(await mover.act("a", script[2]!.action), "early");
		t.equal(world.pointers.size, 0);
		await t.rejects(mover.act("a", { ...script[2]!.action, seq: 1 }), Unknown);
		await t.rejects(mover.read("a"), Unknown);
	},
);

t.test(
	"two who work on one object at once: who has not seen the other's writing is refused",
	async (t) => {
		const world = new World();
		const mover = await guarded(world, new Fuse());
		await mover.act("a", script[0]!.action);
		const seen = world.pointers.get("a")!;
		await mover.act("a", script[2]!.action);
		await t.rejects(world.table(new Fuse()).write({ ...seen, revision: seen.revision + 1 }), {
			name: "Overtaken",
		});
	},
);

t.test("actions of one object that come at once are done one after another", async (t) => {
	const world = new World();
	const mover = await guarded(world, new Fuse());
	const ofA = script.filter(({ id }) => id === "a");
	const answers = await Promise.all(ofA.map(({ action }) => mover.act("a", action)));
	t.same(
		answers,
		ofA.map(() => "done"),
	);
	t.same(noEnd(world.problems(wantedAfter(0))), []);
	t.equal(world.pointers.get("a")!.at!.version, 2);
});

t.test(
	"the naive order loses objects: by an interruption, and by a copy that was cut short",
	async (t) => {
		const lost: Cut[] = [];
		const cuts = places(await operationsOf(naive));
		for (const cut of cuts) {
			const world = new World();
			const step = await runScript(await naive(world, new Fuse(cut)), 0);
			await runScript(await naive(world, new Fuse()), step).catch(() => {});
			if (unlost(world.problems(wantedAfter(step))).length > 0) lost.push(cut);
		}
		t.ok(
			lost.length > cuts.length / 4,
			`${lost.length} of ${cuts.length} interruptions lose something`,
		);
		const world = new World();
		world.brokenCopies.add(1);
		await t.rejects(runScript(await naive(world, new Fuse()), 0), Lost);
		t.match(world.problems(wantedAfter(2)).join(), /lost: a/);
	},
);
