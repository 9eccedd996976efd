import { messageOf } from "../../base/errors.ts";
import { ApiClient } from "../client/client.ts";
import { compose } from "./compose.ts";
import { type Dashboard, hear, newDashboard, type Role } from "./dashboard.ts";
import type { Effect } from "./effects.ts";
import { Feed } from "./feed.ts";
import { press, pressUnseen } from "./keys.ts";
import { layout } from "./layout.ts";
import { orphaned } from "./orphan.ts";
import { Redraw } from "./redraw.ts";
import { TerminalScreen } from "./screen.ts";
import { tokenVariable } from "./token.ts";

const pollMs = 1_000;
const redrawLeastMs = 250;

/** The dashboard: `main.ts URL owner|guest`. Ends with 0, or with `quitCode` where its owner ends the daemon. */
function main(url: string, role: Role): void {
	const parentPid = process.ppid;
	const screen = new TerminalScreen();
	const leave = (exitCode: number): never => {
		screen.close();
		process.exit(exitCode);
	};
	const crash = (error: unknown) => {
		screen.close();
		console.error(
			`the dashboard failed: ${error instanceof Error ? error.stack : messageOf(error)}`,
		);
		process.exit(1);
	};
	process.on("uncaughtException", crash);
	process.on("unhandledRejection", crash);
	for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) process.on(signal, () => leave(0));

	let state: Dashboard = newDashboard(role, url, Date.now());
	const redraw = new Redraw(() => screen.draw(compose(state, screen.size)), redrawLeastMs);
	const feed = new Feed({
		api: new ApiClient(url, process.env[tokenVariable] ?? null),
		nowMs: Date.now,
		hear: (input) => {
			state = hear(state, input);
			redraw.request();
		},
	});
	const perform = (effect: Effect) => {
		if (effect.do === "leave") leave(effect.exitCode);
		else if (effect.do === "suspend") screen.suspend();
		else void feed.perform(effect);
	};
	screen.onResize(() => redraw.now());
	screen.onKey((key) => {
		const pressed = layout(screen.size) === null ? pressUnseen(state, key) : press(state, key);
		state = pressed.state;
		for (const effect of pressed.effects) perform(effect);
		redraw.now();
	});
	const look = async () => {
		if (orphaned(state, process.ppid !== parentPid)) leave(0);
		await feed.poll();
		state = hear(state, { kind: "tick", nowMs: Date.now() });
		feed.follow(state.followed?.runId ?? null);
		redraw.request();
	};
	redraw.now();
	void look();
	setInterval(() => void look(), pollMs);
}

const [url, role] = process.argv.slice(2);
if (url === undefined || (role !== "owner" && role !== "guest")) {
	console.error("usage: main.ts URL owner|guest");
	process.exit(2);
}
if (!process.stdout.isTTY || !process.stdin.isTTY) {
	console.error("the dashboard needs a terminal");
	process.exit(2);
}
main(url, role);
