import t, { type Test } from "tap";
import { findMarked, isAlive } from "../../../base/process.ts";
import { S3Client, textsOf } from "../../../base/s3-client.ts";
import { foldersOf } from "../../../daemon/home/home.ts";
import { takeDown } from "../../../daemon/stack/detached.ts";
import { loadServices } from "../../../daemon/stack/load-services.ts";
import { urlOf } from "../../../daemon/stack/urls.ts";
import { runNames } from "../../../scenarios/contract/names.ts";
import { temporaryHome, until } from "../daemon.ts";
import { fetchedServices } from "../fetched.ts";
import { opened, up } from "./stack-helper.ts";

t.setTimeout(60_000);

const services = await loadServices();
const isHere = (await fetchedServices()).has("s3");
const skip = isHere ? false : "s3 is not in the cache: npm run test:components fetches it";

const signal = new AbortController().signal;
const only = ["toxiproxy"] as const;

async function client(t: Test, url: string): Promise<S3Client> {
	const client = new S3Client(url);
	t.teardown(() => client.close());
	return client;
}

t.test("S3 comes when it is needed, and goes when it is not", { skip }, async (t) => {
	const home = temporaryHome(t);
	const { stack, lines } = await opened(t, home, { only, flags: { serviceIdleS: 0 } });
	t.match(stack.status().s3, { state: "off" });
	const said: string[] = [];
	const release = await stack.lease(["s3"], (line) => said.push(line), signal);
	const { endpoint, root } = up(stack, "s3");
	const s3 = await client(t, urlOf(endpoint));
	t.equal((await s3.request({ method: "PUT", bucket: "things" })).status, 200);
	process.kill(root!.pid, "SIGKILL");
	await until(() => !isAlive(root!));
	await stack.restart("s3");
	const { body } = await s3.request({ method: "GET" });
	t.same(textsOf(body, "Name"), ["things"], "what is in it outlives its process");
	process.kill(up(stack, "s3").root!.pid, "SIGKILL");
	await until(() => stack.ended().includes("s3"));
	const leases = [stack.lease(["s3"], () => {}, signal), stack.restart("s3")] as const;
	const [releaseAgain] = await Promise.all(leases);
	t.equal((await s3.request({ method: "GET" })).status, 200, "two who start it get the same one");
	releaseAgain();
	release();
	await until(() => lines.includes("s3 is stopped: nobody needs it"));
	t.match(stack.status().s3, { state: "off" });
	t.equal((await findMarked(home.id, ...foldersOf(home))).length, 1, "Toxiproxy alone is left");
});

t.test("only whoever has the keys gets in, and of many at once one wins", { skip }, async (t) => {
	const { stack } = await opened(t, temporaryHome(t), { only });
	await stack.lease(["s3"], () => {}, signal);
	const url = new URL(urlOf(up(stack, "s3").endpoint));
	const s3 = await client(t, url.href);
	const bucket = "things";
	await s3.request({ method: "PUT", bucket });
	for (const part of ["password", "username"] as const) {
		const strange = new URL(url);
		strange[part] = "guess";
		const stranger = await client(t, strange.href);
		for (const asked of [{ method: "GET" }, { method: "PUT", bucket, key: "stranger" }] as const) {
			const { status } = await stranger.request(asked);
			t.ok([403, 404].includes(status), `another ${part}: ${status}`);
		}
	}
	t.equal((await fetch(`http://${url.host}/${bucket}`)).status, 403, "nor who has none");
	t.equal((await s3.request({ method: "HEAD", bucket, key: "stranger" })).status, 404);

	const headers = { "if-none-match": "*" };
	const puts = Array.from({ length: 32 }, (_, i) =>
		s3.request({ method: "PUT", bucket, key: "k", headers, body: `${i}` }),
	);
	const statuses = (await Promise.all(puts)).map(({ status }) => status);
	t.equal(statuses.filter((status) => status === 200).length, 1);
	t.equal(statuses.filter((status) => status === 412).length, 31);
});

t.test("a run's buckets go with all that is in them, another's stay", { skip }, async (t) => {
	const { stack } = await opened(t, temporaryHome(t), { only });
	await stack.lease(["s3"], () => {}, signal);
	const { endpoint } = up(stack, "s3");
	const s3 = await client(t, urlOf(endpoint));
	const [own, part, other] = [runNames("r-1"), runNames("r-1", "a"), runNames("r-12")];
	const buckets = [own, part, other].map(({ bucketPrefix }) => `${bucketPrefix}hot`);
	const versioning =
		'<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';
	for (const bucket of buckets) {
		await s3.request({ method: "PUT", bucket });
		await s3.request({ method: "PUT", bucket, query: { versioning: "" }, body: versioning });
		for (const body of ["one", "two"])
			await s3.request({ method: "PUT", bucket, key: "a/ü (1).txt", body });
		await s3.request({ method: "DELETE", bucket, key: "a/ü (1).txt" });
		await s3.request({ method: "PUT", bucket, key: "b", body: "three" });
		await s3.request({ method: "POST", bucket, key: "c", query: { uploads: "" } });
	}
	const { cleanRun } = services.get("s3")!;
	for (const _ of ["once", "and again"]) {
		await cleanRun!(endpoint, own);
		const { body } = await s3.request({ method: "GET" });
		t.same(textsOf(body, "Name"), [buckets[2]]);
	}
	t.equal((await s3.request({ method: "GET", bucket: buckets[2]!, key: "b" })).status, 200);
});

t.test(
	"what a killed daemon left of it is taken over, rests, and is stopped",
	{ skip },
	async (t) => {
		const home = temporaryHome(t);
		const first = await opened(t, home, { only });
		await first.stack.lease(["s3"], () => {}, signal);
		const { root } = up(first.stack, "s3");
		// As after a kill: the process lives, its record says so, and nobody looks after it.
		const second = await opened(t, home, { only, flags: { serviceIdleS: 0 } });
		await until(() => !isAlive(root!));
		t.match(second.lines.join("\n"), /s3 1\.8\.0 is up \(adopted\)/);
		await until(() => second.stack.status().s3.state === "off");
	},
);

t.test("what was started to stay up stays, whoever needs it", { skip }, async (t) => {
	const home = temporaryHome(t);
	const first = await opened(t, home, { only: ["toxiproxy", "s3"] });
	t.teardown(() => takeDown(home));
	const { root } = up(first.stack, "s3");
	first.stack.keepUp();
	await first.stack.close();
	t.ok(isAlive(root!));
	const second = await opened(t, home, { only, flags: { serviceIdleS: 0 } });
	(await second.stack.lease(["s3"], () => {}, signal))();
	await second.stack.close();
	t.ok(isAlive(root!));
	t.same((await takeDown(home)).sort(), ["s3", "toxiproxy"]);
});
