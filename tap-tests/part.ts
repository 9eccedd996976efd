import t from "tap";

// One part of the suite, as TAP: `node tap-tests/part.ts JOBS FILE…`, each file in a bare Node of its own. The tap
// program would put its two loaders into each, which takes longer than most files do.

const fileLimitS = Number(process.env.FILE_LIMIT_S ?? 240);
// Tap's own limit for each file, which it takes from here.
const env = { ...process.env, TAP_TIMEOUT: `${fileLimitS}` };
const [jobs, ...files] = process.argv.slice(2);
t.jobs = Number(jobs);
t.setTimeout(0);
for (const file of files) {
	t.spawn(process.execPath, [file], { buffered: true, timeout: fileLimitS * 1000, env }, file);
}
