import { copyFile, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./missing.ts";
import { NotThere, type TierStore } from "./store.ts";
import { type Tier, tiers } from "./tiers.ts";

/**
 * A folder with one folder for each tier. With `sync`, what it has answered survives a loss of power as well; without, a
 * kill of the process.
 */
export async function filesStore(root: string, { sync }: { sync: boolean }): Promise<TierStore> {
	for (const tier of tiers) await mkdir(join(root, tier), { recursive: true });
	const pathOf = (tier: Tier, name: string) => join(root, tier, name);
	const keep = async (tier: Tier, name: string | null) => {
		if (!sync) return;
		if (name !== null) await syncPath(pathOf(tier, name));
		await syncPath(join(root, tier)); // the name is in the folder, which is a file of its own
	};
	return {
		async put(tier, name, bytes) {
			const file = await open(pathOf(tier, name), "w");
			try {
				await file.writeFile(bytes);
			} finally {
				await file.close();
			}
			await keep(tier, name);
		},
		async copy(name, from, to) {
			await orNotThere(from, name, copyFile(pathOf(from, name), pathOf(to, name)));
			await keep(to, name);
		},
		get: (tier, name) => orNotThere(tier, name, readFile(pathOf(tier, name))),
		async remove(tier, name) {
			await rm(pathOf(tier, name), { force: true });
			await keep(tier, null);
		},
		list: (tier) => readdir(join(root, tier)),
	};
}

async function syncPath(path: string): Promise<void> {
	const file = await open(path, "r");
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}

async function orNotThere<V>(tier: Tier, name: string, doing: Promise<V>): Promise<V> {
	try {
		return await doing;
	} catch (error) {
		if (isMissing(error)) throw new NotThere(tier, name);
		throw error;
	}
}
