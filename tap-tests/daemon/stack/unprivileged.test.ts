import {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t from "tap";
import { takeFolder } from "../../../daemon/stack/unprivileged.ts";

const self = process.geteuid?.() ?? 0;
const isRoot = self === 0;
const stranger = 65_534;
const options = { from: [self], to: null, mode: 0o711 };

t.test("a folder in a place that all share is made, or taken over where it is ours", async (t) => {
	const folder = join(t.testdir(), "own");
	for (const mode of [0o711, 0o700]) {
		takeFolder(folder, { ...options, mode });
		t.equal(statSync(folder).mode & 0o777, mode);
	}
});

t.test("a link or a file is refused, and what a link leads to stays as it is", async (t) => {
	const root = t.testdir({ file: "", victim: { kept: "" } });
	const victim = join(root, "victim");
	const before = statSync(victim);
	symlinkSync(victim, join(root, "link"));
	symlinkSync(join(root, "nowhere"), join(root, "loose"));
	const to = isRoot ? { uid: stranger, gid: stranger } : null;
	mkdirSync(join(root, "shared"));
	for (const mode of [0o777, 0o770, 0o720, 0o702]) {
		chmodSync(join(root, "shared"), mode);
		t.throws(() => takeFolder(join(root, "shared"), options), { message: /others can put files/ });
	}
	for (const name of ["link", "loose", "file"])
		t.throws(
			() => takeFolder(join(root, name), { ...options, to }),
			{ code: "FLT_COMPONENT_MISSING", message: /is a link or a file/, hint: /remove it/ },
			name,
		);
	const { uid, mode } = statSync(victim);
	t.same([uid, mode], [before.uid, before.mode]);
	t.ok(lstatSync(join(root, "link")).isSymbolicLink());
});

t.test("another user's folder is refused", { skip: !isRoot && "needs root" }, async (t) => {
	const folder = join(t.testdir(), "foreign");
	mkdirSync(folder);
	writeFileSync(join(folder, "trap"), "");
	chownSync(folder, stranger, stranger);
	t.throws(() => takeFolder(folder, options), { message: /another user \(uid 65534\)/ });
	t.equal(statSync(folder).uid, stranger);
	takeFolder(folder, { ...options, from: [self, stranger] });
	t.equal(statSync(folder).uid, self, "a service user's own is taken back from it");
	takeFolder(folder, { ...options, to: { uid: stranger, gid: stranger }, mode: 0o700 });
	t.same([statSync(folder).uid, statSync(folder).mode & 0o777], [stranger, 0o700]);
});
