import t from "tap";
import { apiRig, host, ownerToken } from "../daemon/api/rig.ts";

// Every way in which a browser asks, from every place a page can come from, against every call that starts something:
// none of it may start anything unless a page of ours, a program or a token stands behind it.

const starts = ["/scenarios/retry-storm/start", "/suites/storms/start"] as const;
const hosts = [host, "localhost:7070", "lab:7070", "evil.example:7070"] as const;
const sites = [null, "none", "same-origin", "same-site", "cross-site"] as const;
const modes = [null, "navigate", "cors", "no-cors"] as const;
const origins = [null, "null", "own", "http://evil.example", "port", "https"] as const;
const agents = [null, "Mozilla/5.0 (X11; Linux x86_64) Any/1.0"] as const;
const proofs = [null, "header", "token", "wrong token"] as const;

t.test("no request that a foreign page or a link can cause starts anything", async (t) => {
	const { ask } = await apiRig(t, { guards: { allowedHosts: ["lab"] } });
	let count = 0;
	const mistakes: string[] = [];
	for (const host of hosts)
		for (const method of ["GET", "POST"] as const)
			for (const site of sites)
				for (const mode of modes)
					for (const from of origins)
						for (const agent of agents)
							for (const proof of proofs) {
								const origin = originOf(from, host);
								const headers = {
									host,
									...(site !== null && { "sec-fetch-site": site }),
									...(mode !== null && { "sec-fetch-mode": mode }),
									...(origin !== null && { origin }),
									...(agent !== null && { "user-agent": agent }),
									...proofHeaders(proof),
								};
								const url = starts[count++ % starts.length]!;
								const { status } = await ask(method, url, { headers });
								// So many suites may be under way: one more has passed the guards all the same.
								const started = status === 202 || status === 429;
								const may = mayStart({ host, method, site, mode, from, agent, proof });
								if (started === may) continue;
								mistakes.push(
									`${started ? "started" : `refused (${status})`}: ${method} ${JSON.stringify(headers)}`,
								);
							}
	t.same(mistakes.slice(0, 10), [], `${mistakes.length} of ${count} vectors`);
	t.ok(count > 7_000);
});

function originOf(from: (typeof origins)[number], host: string): string | null {
	switch (from) {
		case "own":
			return `http://${host}`;
		case "port":
			return `http://${host.replace("7070", "9999")}`;
		case "https":
			return `https://${host.replace(":7070", "")}`;
		default:
			return from;
	}
}

function proofHeaders(proof: (typeof proofs)[number]): Record<string, string> {
	switch (proof) {
		case "header":
			return { "x-faultline": "1" };
		case "token":
			return { authorization: `Bearer ${ownerToken}` };
		case "wrong token":
			return { authorization: "Bearer wrong" };
		case null:
			return {};
		default:
			return proof satisfies never;
	}
}

interface Vector {
	host: (typeof hosts)[number];
	method: "GET" | "POST";
	site: (typeof sites)[number];
	mode: (typeof modes)[number];
	from: (typeof origins)[number];
	agent: (typeof agents)[number];
	proof: (typeof proofs)[number];
}

/** In other words than the guards say it. */
function mayStart({ host, method, site, mode, from, agent, proof }: Vector): boolean {
	if (host === "evil.example:7070") return false;
	// What a browser says of a page is never overruled, and no page of ours has another origin.
	if (site === "cross-site" || site === "same-site") return false;
	if (from !== null && from !== "own") return false;
	// No page can know a token, or send a header of ours without asking.
	if (proof === "token" || proof === "header") return true;
	if (site === "none") return false;
	if (mode === "navigate" && method === "GET") return false;
	if (site === "same-origin" || from === "own") return true;
	// Nothing tells where it comes from: a program, if browsers would tell at this name and this is none.
	return host !== "lab:7070" && agent === null;
}
