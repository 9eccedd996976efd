import { copyFile, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./missing.ts";
import { NotThere, type Place, type TierStore } from "./store.ts";
import { tiers } from "./tiers.ts";

/**
 * A folder with one folder for each tier. With `sync`, what it has answered survives a loss of power as well; without, a
 * kill of the process.
 */
export async function filesStore(root: string, { sync }: { sync: boolean }): Promise<TierStore> {
	for (const tier of tiers) await mkdir(join(root, tier), { recursive: true });
	const pathOf = ({ tier, name }: Place) => join(root, tier, name);
	const keepName = async ({ tier }: Place) => {
		if (sync) await syncPath(join(root, tier)); // a name is in the folder, which is a file of its own
	};
	const keep = async (at: Place) => {
		if (sync) await syncPath(pathOf(at));
		await keepName(at);
	};
	return {
		async put(at, bytes) {
			const file = await open(pathOf(at), "w");
			try {
				await file.writeFile(bytes);
			} finally {
				await file.close();
			}
			await keep(at);
		},
		async copy(from, to) {
			await orNotThere(from, copyFile(pathOf(from), pathOf(to)));
			await keep(to);
		},
		get: (at) => orNotThere(at, readFile(pathOf(at))),
		async remove(at) {
			await rm(pathOf(at), { force: true });
			await keepName(at);
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

async function orNotThere<V>(at: Place, doing: Promise<V>): Promise<V> {
	try {
		return await doing;
	} catch (error) {
		if (isMissing(error)) throw new NotThere(at);
		throw error;
	}
}
