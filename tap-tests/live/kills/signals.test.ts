import { existsSync, readFileSync } from "node:fs";
import t from "tap";
import { findMarked } from "../../../base/process.ts";
import { leftovers } from "../../../daemon/stack/leftovers.ts";
import { eventOf, type LiveDaemon, liveDaemon } from "../daemon.ts";

interface Way {
	name: string;
	command: string[];
	signal(daemon: LiveDaemon): void;
	code: number | string;
}

/** Who gets the signal, as it happens: npm alone, a terminal's whole foreground group, the daemon itself. */
const ways: Way[] = [
	{
		name: "SIGTERM to npm alone",
		command: ["npm", "start", "--"],
		signal: (daemon) => daemon.process.kill("SIGTERM"),
		code: 143,
	},
	{
		name: "SIGINT to the whole group, as Ctrl-C gives it",
		command: ["npm", "start", "--"],
		signal: (daemon) => process.kill(-daemon.process.pid!, "SIGINT"),
		code: 130,
	},
	{
		name: "SIGHUP to the daemon, as a closed terminal gives it",
		command: [process.execPath, "daemon/main.ts"],
		signal: (daemon) => process.kill(daemon.pid, "SIGHUP"),
		code: 129,
	},
	{
		name: "SIGTERM to a daemon whose output nobody reads any more",
		command: [process.execPath, "daemon/main.ts"],
		signal(daemon) {
			daemon.process.stdout!.destroy();
			daemon.process.stderr!.destroy();
			process.kill(daemon.pid, "SIGTERM");
		},
		code: 143,
	},
];

// Each has a home and a stack of its own, so they may as well start side by side.
t.jobs = ways.length;

for (const way of ways) {
	const title = `${way.name} ends the daemon, its faults and its services`;
	t.test(title, { buffered: true }, async (t) => {
		const daemon = await liveDaemon(t, {
			command: way.command,
			flags: ["--services", "postgres"],
		});
		const { runId } = await daemon.client.start("retry-storm", {
			size: "small",
			outageMs: "20000",
			inFlightMax: "9000",
		});
		await eventOf(
			daemon.client,
			runId,
			(event) => event.type === "fault" && event.fault.injectedMs !== null,
		);
		const marked = await findMarked(daemon.home.id, daemon.home.folder);
		t.not(marked.length, 0, "services and subject run");
		way.signal(daemon);
		t.equal(await daemon.exited, way.code);
		t.same(await leftovers(daemon.home, []), [], "no process of this home is left");
		const { logFile } = daemon.home;
		const said = daemon.output() + (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
		t.match(said, /nothing is left running/);
	});
}
