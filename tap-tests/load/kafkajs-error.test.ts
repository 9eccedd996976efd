import kafkajs from "kafkajs";
import t from "tap";
import kafka from "../../load/drivers/kafka.ts";
import { kafkajsError } from "../../load/kafkajs-error.ts";
import { outcomeOf } from "../../load/outcome.ts";

const outcome = (thrown: unknown) =>
	outcomeOf(kafkajsError(thrown, "the broker refuses messages to orders"), [kafka]);
const named = (name: string, code?: string) =>
	Object.assign(new kafkajs.KafkaJSError(name), { name, ...(code === undefined ? {} : { code }) });

t.test("what kafkajs could not even begin is a fail", (t) => {
	for (const name of ["KafkaJSBrokerNotFound", "KafkaJSNoBrokerAvailableError"])
		t.same(outcome(named(name)), { kind: "fail", code: name });
	for (const code of ["ENOTFOUND", "ECONNREFUSED"])
		t.same(outcome(named("KafkaJSConnectionError", code)), { kind: "fail", code });
	t.end();
});

t.test("what broke off on the way may have happened", (t) => {
	t.same(outcome(named("KafkaJSConnectionClosedError", "ECONNRESET")), {
		kind: "unknown",
		code: "ECONNRESET",
	});
	t.same(outcome(named("KafkaJSRequestTimeoutError")), {
		kind: "unknown",
		code: "KafkaJSRequestTimeoutError",
	});
	t.end();
});

t.test("a broker's answer is told by its name, however often it was wrapped", (t) => {
	const said = (type: string) =>
		new kafkajs.KafkaJSProtocolError(Object.assign(new Error("no"), { type, code: 1 }));
	const wrapped = new kafkajs.KafkaJSNumberOfRetriesExceeded(said("TOPIC_AUTHORIZATION_FAILED"), {
		retryCount: 0,
		retryTime: 0,
	});
	Object.assign(wrapped, { cause: said("TOPIC_AUTHORIZATION_FAILED") });
	t.same(outcome(wrapped), { kind: "fail", code: "TOPIC_AUTHORIZATION_FAILED" });
	t.same(outcome(said("REQUEST_TIMED_OUT")), { kind: "unknown", code: "REQUEST_TIMED_OUT" });
	const other = new RangeError("of somebody else");
	t.equal(kafkajsError(other, "it"), other);
	t.end();
});
