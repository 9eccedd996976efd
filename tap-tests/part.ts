import t from "tap";

// One part of the suite, as TAP: `node tap-tests/part.ts JOBS FILE…`, each file in a bare Node of its own, and files
// joined by commas in one. The tap program would put its two loaders into each, which takes longer than most files do.

const fileLimitS = Number(process.env.FILE_LIMIT_S ?? 240);
// Tap's own limit for each file, which it takes from here.
const env = { ...process.env, TAP_TIMEOUT: `${fileLimitS}` };
const [jobs, ...groups] = process.argv.slice(2);
t.jobs = Number(jobs);
t.setTimeout(0);
for (const group of groups) {
	const files = group.split(",");
	const [args, name] =
		files.length === 1
			? [files, group]
			: [["tap-tests/together.ts", ...files], `${files.length} files from ${files[0]}`];
	t.spawn(process.execPath, args, { buffered: true, timeout: fileLimitS * 1000, env }, name);
}
