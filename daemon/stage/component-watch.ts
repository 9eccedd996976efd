import { messageOf } from "../../base/errors.ts";
import type { ServiceProcess } from "../../base/services.ts";
import type { RunStack } from "./stage.ts";

/** What a run's components must be, as it is now. */
export interface Needed {
	services: readonly ServiceProcess[];
	/** The run's own proxies: a Toxiproxy without them is another one than the run began with. */
	proxies: readonly string[];
}

const everyMsDefault = 500;
/** So many looks in a row without an answer: on a machine that is busy one waits for a processor, as the run does. */
const silentLooks = 3;

/**
 * Looks after a run's components while it goes on, and says once which one is lost: a service whose process has ended,
 * a Toxiproxy that does not answer for some looks, or that was restarted and has forgotten the run's proxies. Returns how to end it.
 */
export function watchComponents(
	stack: Pick<RunStack, "lost" | "toxiproxy">,
	needed: () => Needed,
	onLost: (what: string) => void,
	{ everyMs = everyMsDefault }: { everyMs?: number } = {},
): () => void {
	let over = false;
	let looking = false;
	let silent = 0;
	const proxiesLost = async () => {
		const seen = await proxiesSeen(stack, needed);
		silent = seen.answered ? 0 : silent + 1;
		return seen.answered || silent >= silentLooks ? seen.lost : null;
	};
	const look = async () => {
		const what = stack.lost(needed().services) ?? (await proxiesLost());
		if (what === null || over) return;
		stop();
		onLost(what);
	};
	const timer = setInterval(() => {
		if (looking) return;
		looking = true;
		void look().finally(() => {
			looking = false;
		});
	}, everyMs);
	const stop = () => {
		over = true;
		clearInterval(timer);
	};
	return stop;
}

/** What is lost of the proxies, or null; and whether the server has answered at all. */
async function proxiesSeen(
	stack: Pick<RunStack, "toxiproxy">,
	needed: () => Needed,
): Promise<{ answered: boolean; lost: string | null }> {
	if (needed().proxies.length === 0) return { answered: true, lost: null };
	try {
		const there = new Set((await stack.toxiproxy.listProxies()).map(({ name }) => name));
		// Asked again: a case may have ended, and its proxies with it, while the server answered.
		const gone = needed().proxies.filter((name) => !there.has(name));
		if (gone.length === 0) return { answered: true, lost: null };
		const lost = `toxiproxy has forgotten ${gone.join(", ")}: it was restarted, or somebody removed them`;
		return { answered: true, lost };
	} catch (error) {
		return { answered: false, lost: `toxiproxy does not answer: ${messageOf(error)}` };
	}
}
