import t from "tap";
import {
	type MainSource,
	Mains,
	webSource,
} from "../../../../../scenarios/contracts/mesh-contracts/gate/mains.ts";

const names = ["sales", "crm", "finance"];
const main = "refs/heads/main";

function source(commits: Record<string, string | Error>): MainSource & { read: string[] } {
	const made = {
		read: [] as string[],
		async commit(name: string) {
			const commit = commits[name]!;
			if (commit instanceof Error) throw commit;
			return commit;
		},
		async files(name: string, commit: string) {
			made.read.push(`${name} ${commit}`);
			return { "README.md": commit };
		},
	};
	return made;
}

t.test("the mains of all others are read, and what a commit holds is read once", async (t) => {
	const commits = { sales: "s1", crm: "c1", finance: "f1" };
	const given = source(commits);
	const mains = new Mains(given, names);
	t.same([...(await mains.but("sales")).keys()], ["crm", "finance"]);
	commits.crm = "c2";
	t.equal((await mains.but("sales")).get("crm")!.files["README.md"], "c2");
	t.same(given.read, ["crm c1", "finance f1", "crm c2"]);
});

t.test("a repository that can't be read is no verdict, and named", async (t) => {
	const mains = new Mains(
		source({ sales: "s", crm: "c", finance: new Error("it is away") }),
		names,
	);
	await t.rejects(mains.but("sales"), {
		name: "NoVerdict",
		message: "the repository of finance can't be read: it is away",
	});
	await t.rejects(new Mains(webSource("http://127.0.0.1:1", 500), names).but("sales"), {
		name: "NoVerdict",
		message: /^the repository of (?:crm|finance) can't be read: /,
	});
});

t.test("a main that was let go on is waited for, until it is where it was let go", async (t) => {
	const commits = { sales: "s1", crm: "c1", finance: "f1" };
	const mains = new Mains(source(commits), names);
	mains.letPass("crm", [{ ref: main, before: "c1", after: "c2" }]);
	mains.letPass("finance", [{ ref: "refs/heads/changes/1", before: "f1", after: "f2" }]);
	let isThere = false;
	const reading = mains.but("sales").then((read) => {
		isThere = true;
		return read;
	});
	await new Promise((done) => setImmediate(done));
	t.notOk(isThere, "it is not answered with what is about to be otherwise");
	commits.crm = "c2";
	t.equal((await reading).get("crm")!.commit, "c2");
});

t.test("one that never gets there holds nobody up for longer than that takes", async (t) => {
	const mains = new Mains(source({ sales: "s1", crm: "c1", finance: "f1" }), names, 20);
	mains.letPass("crm", [{ ref: main, before: "c1", after: "c2" }]);
	t.equal((await mains.but("sales")).get("crm")!.commit, "c1");
});
