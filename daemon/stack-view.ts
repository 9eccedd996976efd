import { FaultlineError } from "../base/errors.ts";
import { processesOf } from "../base/services.ts";
import { ToxiproxyClient } from "../toxiproxy/client.ts";
import type { Home } from "./home/home.ts";
import { markedEnv } from "./stack/native.ts";
import type { ComponentId, ServiceState } from "./stack/service.ts";
import type { Stack } from "./stack/stack.ts";
import { urlOf } from "./stack/urls.ts";
import type { RunStack } from "./stage/stage.ts";

/** The stack as runs see it. */
export function runStackOf(stack: Stack, home: Home): RunStack {
	const states = () => stack.status() as Record<string, ServiceState | undefined>;
	const up = (id: string) => {
		const state = states()[id];
		return state?.state === "up" ? state : null;
	};
	return {
		home,
		env: markedEnv(home),
		get toxiproxy(): ToxiproxyClient {
			const toxiproxy = up("toxiproxy");
			if (toxiproxy === null) throw missingComponent(stack, "toxiproxy");
			return new ToxiproxyClient(urlOf(toxiproxy.endpoint));
		},
		endpoint: (id) => up(id)?.endpoint ?? null,
		proxied: (id) => up(id)?.proxied ?? null,
		root: (id) => up(id)?.root ?? null,
		isOurs: (id) => (up(id)?.root ?? null) !== null || states()[id]?.state === "off",
		lease: (needs, say, signal) => stack.lease(needs, say, signal),
		roots: () =>
			Object.keys(states()).flatMap((id) => {
				const root = up(id)?.root ?? null;
				return root === null ? [] : [root];
			}),
		restart: (id) => stack.restart(id),
		lost: (needs) => {
			// Of Kafka's brokers only those count that were asked for: the others have no state.
			for (const id of [...needs, "toxiproxy"]) {
				const state = states()[id];
				if (state?.state === "missing") return `${id}: ${state.tried}`;
				if (state?.state === "off") return `${id}: it has ended`;
			}
			return null;
		},
	};
}

/**
 * Why a component can't be used (`FLT_COMPONENT_MISSING`: which, what was tried, how to get it); null when it is up, or
 * can be started on demand.
 */
export function missingComponent(stack: Stack, id: string): FaultlineError | null {
	const states = stack.status() as Record<string, ServiceState | undefined>;
	for (const process of processesOf(id)) {
		const state = states[process];
		if (state?.state === "up" || (state === undefined && process !== id)) continue;
		const survey = state?.state === "off" ? stack.survey(id as ComponentId) : state;
		if (survey !== undefined && survey.state !== "missing") continue;
		return new FaultlineError(
			"FLT_COMPONENT_MISSING",
			`${process} is missing; tried: ${survey?.tried ?? "nothing"}`,
			survey?.fix ?? "faultline doctor says more",
		);
	}
	return null;
}
