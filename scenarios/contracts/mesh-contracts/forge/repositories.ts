import { makeRepository } from "../../../subjects/forge/bare-repository.ts";
import { filesOf } from "../mesh/files.ts";
import { firstMesh } from "../mesh/first-mesh.ts";
import { type RepositoryName, repositoryNames } from "../mesh/mesh.ts";

/** The folder of a repository, in that of all of them. */
export function folderOf(repository: RepositoryName): string {
	return `${repository}.git`;
}

/** Makes the repositories of a seed with what they hold at first, where they are not there; each push to them is the gate's. */
export async function makeRepositories(folder: string, seed: number): Promise<void> {
	const mesh = firstMesh(seed);
	await Promise.all(
		repositoryNames.map((name) =>
			makeRepository(folder, {
				name: folderOf(name),
				text: `What ${name} has at first`,
				files: filesOf(mesh, name),
				hook: new URL("../../../subjects/gate/pre-receive.sh", import.meta.url),
			}),
		),
	);
}
