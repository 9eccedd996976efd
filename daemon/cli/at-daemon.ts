import { ApiClient } from "../client/client.ts";
import { startDaemon } from "../daemon.ts";
import { ownerToken } from "../home/owner-token.ts";
import type { Settings } from "../settings.ts";
import type { ComponentId } from "../stack/service.ts";
import { findDaemon } from "./find-daemon.ts";
import { endOnSignals } from "./signals.ts";

interface AtDaemonOptions {
	settings: Settings;
	/** What a private daemon is called in the lock: "faultline run". */
	what: string;
	/** Services that a private daemon has to have. */
	needs(): Promise<readonly ComponentId[]>;
	say(line: string): void;
}

export interface AtDaemon {
	client: ApiClient;
	/** Is it ours alone, so that its log is told already? */
	isPrivate: boolean;
	/** What a signal does from now on; at once where one came already. */
	onSignal(stop: () => void): void;
	/** The exit code of the signal that came, or null. */
	readonly exitCode: number | null;
}

/** Acts with this home's daemon if one answers, else with a private one, which ends with the act. */
export async function atDaemon<T>(
	{ settings, what, needs, say }: AtDaemonOptions,
	act: (at: AtDaemon) => Promise<T>,
): Promise<T> {
	let stop = () => {};
	const ending = endOnSignals(
		() => stop(),
		() => say("already ending; faults are healed first"),
	);
	const own = await findDaemon(settings);
	const daemon =
		own === null
			? await startDaemon({
					settings,
					log: say,
					what,
					only: ["toxiproxy", ...(await needs())],
					signal: ending.signal,
				})
			: null;
	try {
		return await act({
			client: own ?? new ApiClient(daemon!.url, ownerToken(daemon!.home)),
			isPrivate: own === null,
			onSignal: (given) => {
				stop = given;
				if (ending.signal.aborted) stop();
			},
			get exitCode() {
				return ending.exitCode;
			},
		});
	} finally {
		await daemon?.close(`${what} is over`);
		ending.release();
	}
}
