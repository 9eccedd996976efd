import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import {
	mountSmall,
	smallFileSystemUnavailable,
} from "../../../chaos/postgres/small-file-system.ts";
import { companionsOf, endCompanions } from "../../../chaos/process/companions.ts";

const root = process.getuid?.() === 0;
const owner = root
	? { uid: 65_534, gid: 65_534 }
	: { uid: process.getuid!(), gid: process.getgid!() };
const why = await smallFileSystemUnavailable();

/** A PATH on which `unshare` is this script. */
function withUnshare(t: Test, script: string): string {
	const folder = t.testdir({ unshare: `#!/bin/sh\n${script}\n` });
	// The one that tries may be another user.
	for (const path of [folder, join(folder, "unshare")]) chmodSync(path, 0o755);
	return `${folder}:${process.env.PATH}`;
}

t.test(
	"it holds so many bytes and no more, is seen by its owner alone, and goes with its holder",
	{ skip: why ?? false },
	async (t) => {
		const faultId = `small-${process.pid}`;
		t.teardown(() => endCompanions(faultId));
		const folder = await mountSmall({ env: { PATH: process.env.PATH } }, faultId, owner, 8_192);
		const asOwner = (script: string) =>
			spawnSync("sh", ["-c", script, "sh", folder], { encoding: "utf8", ...(root && owner) });
		t.match(asOwner('head -c 8192 /dev/zero > "$1/fits"'), { status: 0, stderr: "" });
		t.match(asOwner('head -c 1 /dev/zero > "$1/more"').stderr, /No space left on device/);
		t.notOk(existsSync(`/tmp/${faultId}`), "it is on no path of ours");
		t.equal((await companionsOf(faultId)).length, 1);
		await endCompanions(faultId);
		t.notOk(existsSync(folder));
	},
);

t.test("a machine that refuses says what was tried, in its own words", async (t) => {
	const refusal = "unshare: unshare failed: Operation not permitted";
	const PATH = withUnshare(t, `echo "${refusal}" >&2; exit 1`);
	t.intercept(process, "env", { value: { ...process.env, PATH } });
	t.match(await smallFileSystemUnavailable(), `(unshare --user --mount: ${refusal})`);
	await t.rejects(mountSmall({ env: { PATH } }, "refused", owner, 8_192), {
		message: `a small file system can't be mounted: ${refusal}`,
	});
	t.same(await companionsOf("refused"), []);
});

t.test("a machine without the program says so", async (t) => {
	const PATH = t.testdir();
	t.intercept(process, "env", { value: { ...process.env, PATH } });
	t.match(await smallFileSystemUnavailable(), /unshare ENOENT.*it takes util-linux/);
	await t.rejects(mountSmall({ env: { PATH } }, "none", owner, 8_192), { code: "ENOENT" });
});
