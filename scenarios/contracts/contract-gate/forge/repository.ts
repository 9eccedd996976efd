import { makeRepository } from "../../../subjects/forge/bare-repository.ts";
import { filesOf } from "../shop/files.ts";
import { firstShop } from "../shop/shop.ts";

/** The name of the repository, in the folder that the forge is started in. */
export const repositoryName = "shop.git";

/** Makes the repository with what it holds at first, where it is not there; with the gate as its hook, or without any. */
export function makeShopRepository(
	folder: string,
	seed: number,
	isGuarded: boolean,
): Promise<void> {
	return makeRepository(folder, {
		name: repositoryName,
		text: "The shop as it is at first",
		files: filesOf(firstShop(seed)),
		hook: isGuarded ? new URL("../../../subjects/gate/pre-receive.sh", import.meta.url) : null,
	});
}
