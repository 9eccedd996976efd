import { appendFileSync, statSync } from "node:fs";
import {
	numberVariable,
	pause,
	type Served,
	serve,
	subjectSteps,
	variable,
} from "faultline/subject";
import { contentOf, objectId } from "./content.ts";
import { type Action, CopyBroken, Mover, type MoveStep, type ObjectMover } from "./mover.ts";
import { NaiveMover } from "./naive-mover.ts";
import { openStorage } from "./open-storage.ts";
import { Lost, Unknown } from "./read-object.ts";
import { Restores } from "./restores.ts";
import type { Tier } from "./tiers.ts";

// Keeps objects in tiers, over HTTP: takes puts and moves, and gives objects back, from cold only after a restore. What
// it has taken survives a kill at any moment. `node tier-service.ts` starts it without the testbed, in the folder that it
// is started in; SEED and OBJECTS give it something to begin with, KILLS says how often it is going to be killed.

/** Time between two steps of a move, so that there is room for an interruption between any two. */
let stepMs = numberVariable("STEP_MS", 0);
let serving = false;
const steps = subjectSteps();
const restores = new Restores(numberVariable("RESTORE_MS", 0));
const kills = numberVariable("KILLS", 0);
/** While it starts there is no room, and nothing to strike at. */
const between = async (step: MoveStep) => {
	if (!serving) return;
	if (stepMs > 0) await pause(stepMs);
	await steps.reach(step);
};

/** A byte for each time that it was started in this folder. */
appendFileSync("starts", ".");
const startsCount = statSync("starts").size;

const { store, table } = await openStorage(process.env);
const mover: ObjectMover =
	variable("GUARD", "on") === "off"
		? new NaiveMover(store, table, between)
		: await Mover.open(store, table, between);
await beginWith(numberVariable("SEED", 0), numberVariable("OBJECTS", 0));
serving = true;

/** The first version of each object, in hot; those that are there already stay as they are. */
async function beginWith(seed: number, objects: number): Promise<void> {
	for (let object = 0; object < objects; object++) {
		const bytes = contentOf(seed, object, 1);
		await mover.act(objectId(object), { kind: "put", seq: 1, day: 0, version: 1, bytes });
	}
}

/** An action as it is sent. */
type Sent = { seq: number; day: number } & (
	| { kind: "put"; version: number; base64: string }
	| { kind: "move"; to: Tier }
);

function received(sent: Sent): Action {
	switch (sent.kind) {
		case "put": {
			const { base64, ...put } = sent;
			return { ...put, bytes: Buffer.from(base64, "base64") };
		}
		case "move":
			return sent;
		default:
			return sent satisfies never;
	}
}

const failures = { lost: 410, unknown: 404, copy_broken: 503 } as const;

/** What went wrong with an object, with a status that says which of all it was. */
async function told(work: () => Promise<Served>): Promise<Served> {
	try {
		return await work();
	} catch (error) {
		for (const [kind, code] of [
			[Lost, "lost"],
			[Unknown, "unknown"],
			[CopyBroken, "copy_broken"],
		] as const)
			if (error instanceof kind) return { status: failures[code], body: { error: String(error) } };
		throw error;
	}
}

async function give(id: string): Promise<Served> {
	if (table.get(id)?.at?.tier === "cold") {
		const readyInMs = restores.readyInMs(id);
		if (readyInMs === null) return { status: 409, body: { error: `restore ${id} first` } };
		if (readyInMs > 0) return { status: 425, body: { readyInMs } };
	}
	const { at, bytes } = await mover.read(id);
	return { version: at.version, tier: at.tier, base64: bytes.toString("base64") };
}

await serve({
	"POST /objects/:id/actions": ({ params, json }) =>
		told(async () => {
			const answer = await mover.act(params.id!, received(await json<Sent>()));
			return { status: answer === "early" ? 425 : 200, body: { answer } };
		}),
	"POST /objects/:id/restore": ({ params }) => ({
		status: 202,
		body: { readyInMs: restores.ask(params.id!) },
	}),
	"GET /objects/:id": ({ params }) => told(() => give(params.id!)),
	"GET /stats": () => ({ ...mover.recovered }),
	/** No more room between steps, once no kill is to come: what is left to be done is done at once. */
	"POST /hurry": () => {
		if (startsCount > kills) stepMs = 0;
		return { stepMs };
	},
});
