import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { untapped } from "../../untapped.ts";
import { recorded, runId, summary } from "./recorded.ts";

// The dashboard in a terminal of its own, which `script` of Linux makes.

const skip = !isThere("script", "--version") || !isThere("bash", "--version");

function isThere(program: string, ...args: string[]): boolean {
	try {
		return /util-linux|GNU bash/.test(execFileSync(program, args, { encoding: "utf8" }));
	} catch {
		return false;
	}
}

/** A daemon that has one scenario and shows one run; the paths that it was sent a POST to. */
async function daemon(t: Test) {
	const posted: string[] = [];
	const answers: Record<string, object> = {
		"/runs": { runs: [summary({ runId, state: "steady" })] },
		"/faults": { faults: [], blocked: false },
		"/stack": { components: [] },
		[`/runs/${runId}/accepted`]: { runId: null, loads: [] },
		"/scenarios": {
			scenarios: [
				{ name: "only", title: "T", question: "Q", guarded: false, needs: [], lastVerdict: null },
			],
		},
	};
	const server = createServer((request, response) => {
		const path = request.url!.split("?")[0]!;
		if (request.method === "POST") posted.push(path);
		if (path.endsWith("/events")) {
			response.writeHead(200, { "content-type": "text/event-stream" });
			for (const event of recorded("on").filter(({ type }) => type !== "end"))
				response.write(`data: ${JSON.stringify(event)}\n\n`);
		} else
			response.end(JSON.stringify(answers[path] ?? { runId: "r", state: "queued", links: {} }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	/** Resolves when this has been asked for once more. */
	const asked = async (path: string) => {
		for (;;) {
			const [{ url }] = (await once(server, "request")) as [IncomingMessage];
			if (url!.startsWith(path)) return;
		}
	};
	return { url, posted, asked };
}

interface Terminal {
	child: ChildProcess;
	/** Resolves when what was written since the last call matches. */
	shows(pattern: RegExp): Promise<string>;
	type(keys: string): void;
}

/** What a terminal is told before and after a screen of its own. */
const [ownScreen, shellsScreen] = ["\u001b[?1049h", "\u001b[?1049l"];

/** Runs this in a terminal; `%` stands for the dashboard. */
function terminal(
	t: Test,
	url: string,
	{ rows = 40, columns = 120, env = {}, command = "exec %" } = {},
): Terminal {
	const dashboard = `"${process.execPath}" --no-warnings daemon/tui/main.ts ${url} guest`;
	const line = `stty rows ${rows} cols ${columns}; ${command.replace("%", dashboard)}`;
	const child = spawn(...untapped("script", "-qefc", `bash -mc '${line}'`, "/dev/null"), {
		stdio: ["pipe", "pipe", "ignore"],
		env: { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", ...env },
	});
	// With it its terminal goes, and with that what runs there.
	t.teardown(() => child.kill("SIGKILL"));
	let written = "";
	child.stdout!.setEncoding("utf8").on("data", (text: string) => (written += text));
	return {
		child,
		async shows(pattern) {
			while (!pattern.test(written)) await once(child.stdout!, "data");
			const seen = written;
			written = "";
			return seen;
		},
		type: (keys) => void child.stdin!.write(keys),
	};
}

t.test("where it is too small no key starts anything, and q leaves", { skip }, async (t) => {
	const { url, posted, asked } = await daemon(t);
	const small = terminal(t, url, { rows: 10, columns: 40 });
	await asked("/stack");
	await asked("/faults"); // it knows by then what it could start
	await small.shows(/too small/);
	small.type("s\r");
	await asked("/faults");
	await asked("/faults"); // a start would have been sent before
	t.same(posted, []);
	small.type("q");
	t.same(await once(small.child, "exit"), [0, null]);
	const { shows, type, child } = terminal(t, url);
	await shows(/only/);
	type("s");
	await shows(/started r/);
	t.same(posted, ["/scenarios/only/start"], "the same key, seen");
	type("q");
	t.same(await once(child, "exit"), [0, null]);
});

t.test(
	"suspended, it gives the terminal to the shell, and comes back whole",
	{ skip },
	async (t) => {
		const { url } = await daemon(t);
		const command = "%; echo IN THE SHELL; read -r; fg > /dev/null";
		const { shows, type, child } = terminal(t, url, { command });
		await shows(/only/);
		type("\u001a");
		const left = await shows(/IN THE SHELL/);
		t.ok(left.includes(shellsScreen), "the screen that was there before");
		type("\r");
		const back = await shows(/only/);
		t.ok(back.includes(ownScreen));
		type("q");
		t.same(await once(child, "exit"), [0, null], "and hears its keys again");
	},
);

t.test("without UTF-8 it draws in ASCII, charts too", { skip }, async (t) => {
	const { url } = await daemon(t);
	for (const [locale, isAscii] of [
		["C.UTF-8", false],
		["C", true],
	] as const) {
		const { shows, type, child } = terminal(t, url, { env: { LC_ALL: locale } });
		// By then all that was heard of the run is drawn.
		const drawn = await shows(/recovers-in-time/);
		type("q");
		await once(child, "exit");
		const strange = [...drawn].filter((letter) => letter > "~");
		t.equal(strange.length === 0, isAscii, locale);
		// What such a terminal could not show would be written as question marks.
		t.notMatch(drawn, /\?\?/, `lines and charts in ${locale}`);
	}
});
