import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { identifySelf } from "../../../base/process.ts";
import { type Cache, cached, fetchOnce } from "../../../daemon/tools/cache.ts";

const parcel = {
	name: "thing-1.0",
	what: "Thing 1.0",
	why: "a test wants it",
	from: "nowhere",
	sizeMb: 1,
	typicalSeconds: 2,
};

function cacheIn(t: Test): Cache & { lines: string[] } {
	const lines: string[] = [];
	return {
		folder: join(t.testdir(), "cache"),
		progress: (line) => lines.push(line),
		env: process.env,
		signal: new AbortController().signal,
		lines,
	};
}

const build = async (folder: string) => writeFileSync(join(folder, "part"), "whole");

t.test("a fetch tells what, why, how big and how long, and happens once", async (t) => {
	const cache = cacheIn(t);
	t.equal(cached(cache, parcel), null);
	const folder = await fetchOnce(cache, parcel, build);
	t.equal(readFileSync(join(folder, "part"), "utf8"), "whole");
	t.match(
		cache.lines[0],
		/fetching Thing 1.0 \(a test wants it\) from nowhere: about 1 MB and 2 s/,
	);
	t.match(cache.lines[1], /fetched Thing 1.0 in/);
	await fetchOnce(cache, parcel, async () => {
		t.fail("built twice");
	});
	t.equal(cache.lines.length, 2);
	t.equal(cached(cache, parcel), folder);
});

t.test("a fetch that fails leaves nothing half-done, and the next one begins anew", async (t) => {
	const cache = cacheIn(t);
	const half = async (folder: string) => {
		await build(folder);
		throw new Error("the line is cut");
	};
	await t.rejects(fetchOnce(cache, parcel, half), /the line is cut/);
	t.same(readdirSync(cache.folder), []);
	t.ok(existsSync(await fetchOnce(cache, parcel, build)));
});

t.test("of two that fetch at once one builds, and the other waits for it", async (t) => {
	const cache = cacheIn(t);
	let built = 0;
	const others: Promise<string>[] = [];
	const slowly = async (folder: string) => {
		built++;
		others.push(fetchOnce(cache, parcel, slowly));
		while (!cache.lines.some((line) => /waiting for process \d+, which fetches Thing/.test(line)))
			await new Promise(setImmediate);
		await build(folder);
	};
	const folder = await fetchOnce(cache, parcel, slowly);
	t.same(await Promise.all(others), [folder]);
	t.equal(built, 1);
	t.same(readdirSync(cache.folder), ["thing-1.0"]);
});

t.test("who waits for another that fails, or is killed, builds it himself", async (t) => {
	const cache = cacheIn(t);
	const others: Promise<string>[] = [];
	const fails = async () => {
		others.push(fetchOnce(cache, parcel, build));
		while (!cache.lines.some((line) => /waiting/.test(line))) await new Promise(setImmediate);
		throw new Error("the line is cut");
	};
	await t.rejects(fetchOnce(cache, parcel, fails), /the line is cut/);
	t.ok(existsSync(join((await others[0])!, "part")));

	const [killed] = [{ ...parcel, name: "thing-2.0" }];
	const dead = { ...identifySelf(), startTime: 1, what: "a fetch", since: "" };
	writeFileSync(join(cache.folder, ".fetching-thing-2.0"), JSON.stringify(dead));
	await fetchOnce(cache, killed!, build);
	t.same(readdirSync(cache.folder), ["thing-1.0", "thing-2.0"]);
});

t.test("who waits stops when it is not wanted any more", async (t) => {
	const stop = new AbortController();
	const cache = { ...cacheIn(t), signal: stop.signal };
	await fetchOnce(cache, parcel, async (folder) => {
		const waiting = fetchOnce(cache, parcel, build);
		stop.abort(new Error("closing"));
		await t.rejects(waiting, /closing/);
		await build(folder);
	});
});

t.test("what was downloaded is kept for the next try, and gone once it is whole", async (t) => {
	const cache = cacheIn(t);
	const tries: string[][] = [];
	const inParts = async (folder: string, downloads: string) => {
		tries.push(readdirSync(downloads));
		writeFileSync(join(downloads, `part-${tries.length}`), "");
		if (tries.length < 3) throw new Error("the line is cut");
		await build(folder);
	};
	await t.rejects(fetchOnce(cache, parcel, inParts), /cut/);
	await t.rejects(fetchOnce(cache, parcel, inParts), /cut/);
	await fetchOnce(cache, parcel, inParts);
	t.same(tries, [[], ["part-1"], ["part-1", "part-2"]]);
	t.same(readdirSync(cache.folder), ["thing-1.0"]);
});

t.test("a disk without room is told before anything is fetched", async (t) => {
	const cache = cacheIn(t);
	const huge = { ...parcel, sizeMb: 1e12 };
	await t.rejects(
		fetchOnce(cache, huge, async () => {
			t.fail("nothing is fetched");
		}),
		{
			code: "FLT_COMPONENT_MISSING",
			message: /Thing 1\.0 needs about 1000000000000 MB, and \d+ MB are free in/,
			hint: /FAULTLINE_CACHE/,
		},
	);
	t.same(readdirSync(cache.folder), []);
});

t.test("what a killed fetch left is swept away, what a living one builds is not", async (t) => {
	const cache = cacheIn(t);
	const { pid, startTime } = identifySelf();
	mkdirSync(join(cache.folder, `.building-${pid}-${startTime + 1}-dead`), { recursive: true });
	mkdirSync(join(cache.folder, `.building-${pid}-${startTime}-alive`));
	await fetchOnce(cache, parcel, build);
	t.same(readdirSync(cache.folder), [`.building-${pid}-${startTime}-alive`, "thing-1.0"]);
});
