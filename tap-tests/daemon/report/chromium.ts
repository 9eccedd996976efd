import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Test } from "tap";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a Chromium is on this machine; null where there is none. */
export function findChromium(): string | null {
	const folders = (process.env.PATH ?? "").split(":");
	const files = folders.flatMap((folder) => names.map((name) => join(folder, name)));
	return files.find((file) => existsSync(file)) ?? null;
}

interface Message {
	id?: number;
	method?: string;
	params?: Record<string, unknown>;
	result?: Record<string, unknown>;
	error?: { message: string };
}

export interface Page {
	/** Opens the address at this width, in this colour scheme, and waits until it is loaded. */
	open(url: string, widthPx: number, scheme?: "light" | "dark"): Promise<void>;
	/** The value of an expression in the page. */
	evaluate<T>(expression: string): Promise<T>;
	/** Every address that was asked for since it was opened. */
	requests(): string[];
	/** What the page complained of, such as what its own policy refused. */
	complaints(): string[];
	/** The whole page as PNG. */
	screenshot(): Promise<Buffer>;
}

/** A headless Chromium with one page, driven through its pipe; ended with the test. */
export async function chromiumPage(t: Pick<Test, "teardown">, file: string): Promise<Page> {
	const profile = mkdtempSync(join(tmpdir(), "faultline-chromium-"));
	const child = spawn(
		file,
		[
			"--headless=new",
			"--remote-debugging-pipe",
			"--no-sandbox",
			"--disable-gpu",
			"--disable-dev-shm-usage",
			"--no-first-run",
			"--disable-background-networking",
			`--user-data-dir=${profile}`,
			"about:blank",
		],
		{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
	);
	t.teardown(async () => {
		const exited = once(child, "exit");
		if (child.exitCode === null && child.signalCode === null) {
			child.kill("SIGKILL");
			await exited;
		}
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	});
	const requests: string[] = [];
	const complaints: string[] = [];
	const loaded: (() => void)[] = [];
	const call = caller(
		child.stdio[3] as Writable,
		child.stdio[4] as Readable,
		({ method, params }) => {
			if (method === "Network.requestWillBeSent")
				requests.push((params as { request: { url: string } }).request.url);
			if (method === "Log.entryAdded")
				complaints.push((params as { entry: { text: string } }).entry.text);
			if (method === "Page.loadEventFired") for (const done of loaded.splice(0)) done();
		},
	);
	const { targetInfos } = (await call("Target.getTargets")) as {
		targetInfos: { targetId: string; type: string }[];
	};
	const { targetId } = targetInfos.find(({ type }) => type === "page")!;
	const { sessionId } = (await call("Target.attachToTarget", { targetId, flatten: true })) as {
		sessionId: string;
	};
	const inPage = (method: string, params: object = {}) => call(method, params, sessionId);
	for (const domain of ["Page", "Network", "Log"]) await inPage(`${domain}.enable`);
	return {
		async open(url, widthPx, scheme = "light") {
			const features = [{ name: "prefers-color-scheme", value: scheme }];
			await inPage("Emulation.setEmulatedMedia", { features });
			// Not as a phone: that would widen its viewport to what is too wide, and nothing would look cut off.
			const size = { width: widthPx, height: 800, deviceScaleFactor: 1, mobile: false };
			await inPage("Emulation.setDeviceMetricsOverride", size);
			requests.length = 0;
			const done = new Promise<void>((resolve) => loaded.push(resolve));
			await inPage("Page.navigate", { url });
			await done;
		},
		async evaluate<T>(expression: string) {
			const { result } = (await inPage("Runtime.evaluate", {
				expression,
				returnByValue: true,
			})) as { result: { value: T } };
			return result.value;
		},
		requests: () => [...requests],
		complaints: () => [...complaints],
		async screenshot() {
			const { data } = (await inPage("Page.captureScreenshot", {
				captureBeyondViewport: true,
			})) as {
				data: string;
			};
			return Buffer.from(data, "base64");
		},
	};
}

/** Calls over the pipe: JSON with a zero byte after each. */
function caller(input: Writable, output: Readable, onEvent: (event: Message) => void) {
	const pending = new Map<number, (message: Message) => void>();
	let rest = "";
	output.setEncoding("utf8");
	output.on("data", (text: string) => {
		const parts = (rest + text).split("\0");
		rest = parts.pop() ?? "";
		for (const part of parts) {
			const message = JSON.parse(part) as Message;
			if (message.id === undefined) onEvent(message);
			else pending.get(message.id)?.(message);
		}
	});
	let nextId = 1;
	return (method: string, params: object = {}, sessionId?: string) => {
		const id = nextId++;
		return new Promise<Record<string, unknown>>((resolve, reject) => {
			pending.set(id, ({ result, error }) => {
				pending.delete(id);
				if (error === undefined) resolve(result ?? {});
				else reject(new Error(`${method}: ${error.message}`));
			});
			input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
		});
	};
}
