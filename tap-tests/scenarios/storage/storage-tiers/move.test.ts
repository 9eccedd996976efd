import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { type MoveOptions, moveUntil } from "../../../../scenarios/storage/storage-tiers/move.ts";
import { sampleFiles } from "../../../../scenarios/storage/storage-tiers/sample.ts";

const folder = new URL("../../../../scenarios/storage/storage-tiers/", import.meta.url);
const options = (root: string, given: Partial<MoveOptions> = {}): MoveOptions => ({
	root,
	store: "files",
	objects: new URL("sample/objects.csv", folder),
	accesses: new URL("sample/accesses.csv", folder),
	prices: new URL("prices.json", folder),
	day: 180,
	policy: "size-aware",
	dryRun: false,
	...given,
});
// Made once: each time that it is asked for it is emptied.
const base = t.testdir();
const newRoot = () => mkdtempSync(join(base, "tiers-"));
const moves = (said: string[]) => said.filter((line) => line.startsWith("day "));

t.test("the committed sample is the one that its script makes", (t) => {
	for (const [name, content] of Object.entries(sampleFiles()))
		t.equal(readFileSync(new URL(`sample/${name}`, folder), "utf8"), content, "run node sample.ts");
	t.end();
});

t.test("it moves the sample day by day, or all days at once, to the same places", async (t) => {
	const [daily, once] = [newRoot(), newRoot()];
	const said: string[] = [];
	for (const day of [1, 40, 41, 100, 180])
		said.push(...moves(await moveUntil(options(daily, { day }))));
	const atOnce = await moveUntil(options(once));
	t.same(said.sort(), moves(atOnce).sort());
	t.ok(said.length > 20, `${said.length} moves`);
	for (const tier of ["hot", "warm", "cold"]) {
		const names = (root: string) => readdirSync(join(root, tier)).map((name) => name.split(".")[0]);
		t.same(names(daily).sort(), names(once).sort(), tier);
		t.ok(names(once).length > 0, `${tier} is used`);
	}
	t.match(atOnce.at(-1), /^24 objects are whole: \d+ in hot, \d+ in warm, \d+ in cold$/);
	t.same(moves(await moveUntil(options(once))), [], "a second time there is nothing to do");
});

t.test("a dry run says what it would do, and does nothing", async (t) => {
	const root = newRoot();
	const said = await moveUntil(options(root, { dryRun: true }));
	t.same(readdirSync(join(root, "hot")), []);
	t.same(said.sort(), moves(await moveUntil(options(root))).sort());
});

t.test("it holds what lies there against what it was given, and says what is wrong", async (t) => {
	const root = newRoot();
	await moveUntil(options(root));
	const [spoiled, gone] = readdirSync(join(root, "warm"));
	writeFileSync(join(root, "warm", spoiled!), "something else");
	rmSync(join(root, "warm", gone!));
	writeFileSync(join(root, "hot", "stranger.1"), "");
	const said = await moveUntil(options(root));
	t.same(said.sort(), [
		"doubled: hot/stranger.1",
		`lost: ${gone!.split(".")[0]}`,
		`wrong: ${spoiled!.split(".")[0]}`,
	]);
});

t.test("other prices make other moves", async (t) => {
	const prices = join(newRoot(), "dear.json");
	const dear = JSON.parse(readFileSync(new URL("prices.json", folder), "utf8"));
	dear.tiers.cold.usdPerGbMonth.value = 1;
	writeFileSync(prices, JSON.stringify(dear));
	const root = newRoot();
	await moveUntil(options(root, { prices }));
	t.same(readdirSync(join(root, "cold")), [], "nothing goes where it costs more");
});
