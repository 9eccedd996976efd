import type { FastifyInstance } from "fastify";
import { redactUrl } from "../../settings.ts";
import type { ServiceState } from "../../stack/service.ts";
import type { ApiContext } from "../server.ts";
import { present, table } from "../text.ts";

/** The components and whether the daemon is there and ready. */
export function stackRoutes(app: FastifyInstance, context: ApiContext): void {
	app.get(
		"/stack",
		{ schema: { summary: "Components: up or missing, and where" } },
		(request, reply) => {
			const components = Object.entries(context.stack()).map(([name, state]) =>
				componentView(name, state),
			);
			return present(request, reply, { components }, (document) =>
				table([
					["component", "state", "how", "version", "direct", "proxied"],
					...document.components.map((row) => [
						row.name,
						row.state,
						row.how ?? row.tried,
						row.version,
						row.direct,
						row.proxied,
					]),
				]),
			);
		},
	);

	app.get("/healthz", { schema: { summary: "200 while the daemon lives" } }, () => ({ ok: true }));

	app.get(
		"/readyz",
		{
			schema: {
				summary: "200 once faults are healed and each component is up or reported missing",
			},
		},
		(_request, reply) => reply.status(context.ready() ? 200 : 503).send({ ready: context.ready() }),
	);
}

function componentView(name: string, state: ServiceState) {
	const none = { how: null, version: null, direct: null, proxied: null, tried: null, fix: null };
	if (state.state === "missing") {
		return { ...none, name, state: state.state, tried: state.tried, fix: state.fix };
	}
	const address = (endpoint: typeof state.endpoint | null) =>
		endpoint === null
			? null
			: redactUrl(
					endpoint.kind === "kafka" ? `kafka://${endpoint.brokers.join(",")}` : endpoint.url,
				);
	return {
		...none,
		name,
		state: state.state,
		how: state.how,
		version: state.version,
		direct: address(state.endpoint),
		proxied: address(state.proxied),
	};
}
