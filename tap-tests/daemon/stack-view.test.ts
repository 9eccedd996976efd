import t from "tap";
import { kafkaNodes } from "../../base/services.ts";
import type { Home } from "../../daemon/home/home.ts";
import type { ServiceState } from "../../daemon/stack/service.ts";
import type { Stack } from "../../daemon/stack/stack.ts";
import { missingComponent, runStackOf } from "../../daemon/stack-view.ts";

const up = { state: "up", how: "native", root: null, version: "1", proxied: null } as const;
const kafkaAt = (...brokers: string[]): ServiceState => ({
	...up,
	endpoint: { kind: "kafka", brokers },
});
const ended: ServiceState = { state: "missing", tried: "its process 7 has ended", fix: "start it" };
const one = { toxiproxy: kafkaAt(), kafka: kafkaAt("a:1") };
const three = { ...one, "kafka-2": kafkaAt("a:2"), "kafka-3": kafkaAt("a:3") };

const stackOf = (states: Record<string, ServiceState>) =>
	({ status: () => states }) as unknown as Stack;
const lost = (states: Record<string, ServiceState>) =>
	runStackOf(stackOf(states), { id: "ab" } as Home).lost(kafkaNodes);

t.test("of Kafka's brokers each that was asked for must be there, and no other", async (t) => {
	t.equal(missingComponent(stackOf(one), "kafka"), null);
	t.equal(missingComponent(stackOf(three), "kafka"), null);
	t.match(missingComponent(stackOf({ ...three, "kafka-3": ended }), "kafka"), {
		code: "FLT_COMPONENT_MISSING",
		message: "kafka-3 is missing; tried: its process 7 has ended",
		hint: "start it",
	});
	t.match(missingComponent(stackOf({}), "kafka"), { message: /^kafka is missing/ });
});

t.test("the broker that is lost is named, whichever it is", async (t) => {
	t.equal(lost(one), null);
	t.equal(lost(three), null);
	t.equal(lost({ ...three, "kafka-2": ended }), "kafka-2: its process 7 has ended");
	t.equal(lost({ ...three, kafka: ended }), "kafka: its process 7 has ended");
});
