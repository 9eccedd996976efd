import type { FastifyInstance } from "fastify";
import { kindNames, loadKind } from "../../../chaos/kinds.ts";
import type { ApiContext } from "../server.ts";
import { present, table } from "../text.ts";

/** The faults that are in force, and the kinds there are. */
export function faultRoutes(app: FastifyInstance, { activeFaults }: ApiContext): void {
	app.get("/faults", { schema: { summary: "Faults in force" } }, (request, reply) =>
		present(request, reply, { faults: activeFaults() }, ({ faults }) =>
			table([
				["fault", "kind", "on", "state", "until ms"],
				...faults.map((fault) => [fault.id, fault.kind, fault.on, fault.state, fault.plannedToMs]),
			]),
		),
	);

	app.get(
		"/faults/kinds",
		{ schema: { summary: "Kinds of faults: what the victim sees, parameters" } },
		async () => ({
			kinds: await Promise.all(
				kindNames().map(async (kind) => {
					const { victim, acts, heals, params } = await loadKind(kind);
					return { kind, victim, acts, heals, params };
				}),
			),
		}),
	);
}
