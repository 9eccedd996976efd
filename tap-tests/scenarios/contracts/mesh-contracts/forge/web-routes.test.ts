import t from "tap";
import { makeRepositories } from "../../../../../scenarios/contracts/mesh-contracts/forge/repositories.ts";
import { webRoutes } from "../../../../../scenarios/contracts/mesh-contracts/forge/web-routes.ts";
import { folderSource } from "../../../../../scenarios/contracts/mesh-contracts/gate/folder-source.ts";
import { filesOf } from "../../../../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import { repositoryNames } from "../../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";

t.test("mains and what they hold are read as git has them", async (t) => {
	const folder = t.testdir();
	await makeRepositories(folder, 2);
	await makeRepositories(folder, 3);
	const routes = webRoutes(folder, repositoryNames);
	const ask = async (route: string, params: Record<string, string> = {}) =>
		(await routes[route]!({ params } as never)) as {
			status: number;
			body: Record<string, string>;
		};
	const mains = (await ask("GET /mains")) as unknown as Record<string, string>;
	const source = folderSource(folder);
	for (const name of repositoryNames) {
		const commit = await source.commit(name);
		t.equal(mains[name], commit);
		t.match(await ask("GET /repositories/:name/main", { name }), { status: 200, body: { commit } });
		const route = "GET /repositories/:name/commits/:commit";
		const { body } = await ask(route, { name, commit });
		t.same(body, filesOf(firstMesh(2), name), "what was there at first stays");
		t.same(await ask(route, { name, commit: "../x" }), { status: 404 });
		t.same(await ask(route, { name: "other", commit }), { status: 404 });
	}
	t.same(await ask("GET /repositories/:name/main", { name: "other" }), { status: 404 });
	t.same(await ask("GET /folder"), { folder });
});
