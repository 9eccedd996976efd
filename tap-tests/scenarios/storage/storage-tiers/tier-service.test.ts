import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import t from "tap";
import { pause } from "../../../../base/clock.ts";
import { TransportError } from "../../../../load/outcome.ts";
import { actionsOf, realReads } from "../../../../scenarios/storage/storage-tiers/actions.ts";
import { auditOf } from "../../../../scenarios/storage/storage-tiers/audit.ts";
import { contentOf, objectId } from "../../../../scenarios/storage/storage-tiers/content.ts";
import { readPointers } from "../../../../scenarios/storage/storage-tiers/pointer-log.ts";
import { placedBy } from "../../../../scenarios/storage/storage-tiers/policies.ts";
import { readPrices } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import { Restores } from "../../../../scenarios/storage/storage-tiers/restores.ts";
import { checksumOf } from "../../../../scenarios/storage/storage-tiers/store.ts";
import {
	type Api,
	actThrough,
	readThrough,
} from "../../../../scenarios/storage/storage-tiers/tier-client.ts";
import { traceOf } from "../../../../scenarios/storage/storage-tiers/trace.ts";
import { lastingFolder } from "../../../lasting-folder.ts";

const program = fileURLToPath(
	new URL("../../../../scenarios/storage/storage-tiers/tier-service.ts", import.meta.url),
);
// Made once: each time that it is asked for it is emptied.
const base = lastingFolder(t);
const [seed, objects] = [5, 12];
const trace = traceOf({ seed, objects, days: 150 });
const placement = placedBy("size-aware", trace, readPrices());
const actions = actionsOf(trace, placement, objects);

interface Service {
	process: ChildProcess;
	base: string;
}

async function start(root: string, port: number, env: Record<string, string>): Promise<Service> {
	const child = spawn(process.execPath, [program], {
		cwd: root,
		env: {
			PATH: process.env.PATH,
			SEED: String(seed),
			OBJECTS: String(objects),
			FLT_PORT: String(port),
			SYNC: "off",
			...env,
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	for await (const line of createInterface(child.stdout!)) {
		const ready = /^FLT_READY (.*)$/.exec(line);
		if (ready === null) continue;
		const said = JSON.parse(ready[1]!) as { port: number };
		return { process: child, base: `http://127.0.0.1:${said.port}` };
	}
	throw new Error("the service ended before it was ready");
}

async function kill({ process: child }: Service): Promise<void> {
	const gone = once(child, "exit");
	child.kill("SIGKILL");
	await gone;
}

/** A client as the load's, but by `fetch`, to whatever service there is now. */
function apiOf(current: () => Service): Api {
	return {
		async request({ method, path, body }) {
			try {
				const answer = await fetch(current().base + path, {
					method: method ?? "GET",
					...(method === "POST" ? { body: String(body) } : {}),
				});
				return { status: answer.status, headers: {}, body: await answer.text() };
			} catch (cause) {
				throw new TransportError("reset", true, cause);
			}
		},
	};
}

/** Resolves when a move is under way: a kill in between would interrupt nothing. */
async function untilHalfDone(path: string): Promise<void> {
	for (;;) {
		const pointers = [...readPointers(path).values()];
		if (pointers.some(({ doing }) => doing.kind !== "nothing")) return;
		await pause(1);
	}
}

function heldIn(root: string) {
	const wanted = new Map(
		trace.lives.map(({ object, version }) => [
			objectId(object),
			{ version, sha256: checksumOf(contentOf(seed, object, version)) },
		]),
	);
	const pointers = readPointers(join(root, "pointers.ndjson"));
	const held = [...pointers.values()].map(({ at }) => {
		const { tier, name } = at!;
		return { tier, name, sha256: checksumOf(readFileSync(join(root, tier, name))) };
	});
	return { pointers, audit: auditOf(pointers, held, wanted) };
}

t.test("killed again and again in the middle of moves, it does all of them once", async (t) => {
	const root = mkdtempSync(join(base, "service-"));
	let service = await start(root, 0, { STEP_MS: "3" });
	t.teardown(() => kill(service));
	const port = Number(new URL(service.base).port);
	const api = apiOf(() => service);
	const { signal } = new AbortController();
	const all = Promise.all(
		[...Map.groupBy(actions, ({ object }) => object).values()].map(async (ofOne) => {
			for (const action of ofOne) await actThrough(api, seed, action, signal);
		}),
	);
	let recovered = 0;
	for (let kills = 0; kills < 3; kills++) {
		await untilHalfDone(join(root, "pointers.ndjson"));
		await kill(service);
		service = await start(root, port, { STEP_MS: kills === 2 ? "0" : "3" });
		const stats = (await (await fetch(`${service.base}/stats`)).json()) as Record<string, number>;
		recovered += stats.finished! + stats.takenBack!;
	}
	await all;
	const { pointers, audit } = heldIn(root);
	t.same(Object.values(audit).flat(), []);
	t.ok(recovered >= 3, `${recovered} were found half done`);
	const stays = [...pointers.values()].flatMap(({ id, at, past }) =>
		[...past, { ...at!, fromDay: at!.sinceDay, toDay: null }].map(
			({ version, tier, fromDay }) => `${id} ${version} ${tier} ${fromDay}`,
		),
	);
	const planned = trace.lives.flatMap(({ object, version }, i) =>
		placement[i]!.map(({ tier, fromDay }) => `${objectId(object)} ${version} ${tier} ${fromDay}`),
	);
	t.same(stays.sort(), planned.sort(), "the stays that are billed are the policy's");
});

t.test(
	"room between steps stays until the last kill has come, whoever hurries before",
	async (t) => {
		const root = mkdtempSync(join(base, "service-"));
		const env = { STEP_MS: "40", KILLS: "1" };
		let service = await start(root, 0, env);
		t.teardown(() => kill(service));
		const hurried = async () =>
			(await fetch(`${service.base}/hurry`, { method: "POST", body: "" })).json();
		t.same(await hurried(), { stepMs: 40 });
		await kill(service);
		service = await start(root, 0, env);
		t.same(await hurried(), { stepMs: 0 });
	},
);

t.test(
	"what is in cold is given after a restore, by the path to cold; what is lost is said to be",
	async (t) => {
		const root = mkdtempSync(join(base, "service-"));
		const service = await start(root, 0, { RESTORE_MS: "40" });
		t.teardown(() => kill(service));
		const api = apiOf(() => service);
		const asked: string[] = [];
		const cold: Api = {
			request(request) {
				asked.push(`${request.method} ${request.path}`);
				return api.request(request);
			},
		};
		const { signal } = new AbortController();
		const hot = await readThrough({ api, cold }, 3, signal);
		t.same({ ...hot, base64: "" }, { version: 1, tier: "hot", base64: "", interrupted: 0 });
		t.same(Buffer.from(hot.base64, "base64"), contentOf(seed, 3, 1));
		t.same(asked, []);
		await actThrough(api, seed, { kind: "move", object: 3, seq: 2, day: 4, to: "cold" }, signal);
		const given = await readThrough({ api, cold }, 3, signal);
		t.equal(given.tier, "cold");
		t.same(asked.slice(0, 2), ["POST /objects/object-3/restore", "GET /objects/object-3"]);
		await actThrough(api, seed, { kind: "put", object: 3, seq: 3, day: 6, version: 2 }, signal);
		t.same(await readThrough({ api, cold }, 3, signal), {
			version: 2,
			tier: "hot",
			base64: contentOf(seed, 3, 2).toString("base64"),
			interrupted: 0,
		});
		await t.rejects(readThrough({ api, cold }, 99, signal), { code: "http_404" });
		const early = await fetch(`${service.base}/objects/object-3/actions`, {
			method: "POST",
			body: JSON.stringify({ kind: "move", seq: 9, day: 9, to: "warm" }),
		});
		t.equal(early.status, 425);
	},
);

t.test("a restore takes its time, is one however often it is asked for, and is read once", (t) => {
	let nowMs = 0;
	const restores = new Restores(100, () => nowMs);
	t.equal(restores.readyInMs("a"), null);
	t.equal(restores.ask("a"), 100);
	nowMs = 60;
	t.equal(restores.ask("a"), 40, "the same one");
	t.equal(restores.readyInMs("a"), 40);
	nowMs = 120;
	t.equal(restores.readyInMs("a"), 0);
	t.equal(restores.readyInMs("a"), null, "it was read");
	t.end();
});

t.test(
	"the actions of a placement are its moves and new versions, numbered for each object without a gap",
	(t) => {
		const moves = placement.reduce((sum, stays) => sum + stays.length - 1, 0);
		t.equal(actions.length, moves + trace.lives.length - objects);
		const seqs = new Map<number, number>();
		let day = 0;
		for (const { object, seq, day: on } of actions) {
			if (seq !== (seqs.get(object) ?? 1) + 1 || on < day) t.fail(`object ${object}, ${seq}`);
			seqs.set(object, seq);
			day = on;
		}
		t.equal(
			actionsOf(trace, placement, 3).some(({ object }) => object >= 3),
			false,
		);
		const { warmer, cold } = realReads(trace, placement, objects);
		const inCold = new Set(
			trace.lives.flatMap(({ object }, i) =>
				placement[i]!.some(({ tier }) => tier === "cold") ? [object] : [],
			),
		);
		t.ok(warmer.length > 0);
		t.notOk(warmer.some((object) => inCold.has(object)));
		const stayIn = (object: number) =>
			placement[trace.lives.findLastIndex((life) => life.object === object)]!.at(-1)!;
		t.ok(cold.length > 0);
		t.ok(
			cold.every((object) => stayIn(object).tier === "cold"),
			"what is read in cold is there",
		);
		const days = cold.map((object) => stayIn(object).fromDay);
		t.same(
			days,
			days.toSorted((a, b) => a - b),
			"those that go there first, first",
		);
		t.end();
	},
);
