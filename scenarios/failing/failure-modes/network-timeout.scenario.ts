import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Network timeout: the way to the sink is a black hole",
	question: "Does a write whose answer never comes end up in the sink once?",
	twinFails: ["rows-exactly-once"],
	faults: ({ faultMs }) => [{ kind: "timeout", on: "sink", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: {
		growth:
			"`faultline run network-timeout -p ratePerSec=10` (then 20, 40; default size, seed 1): 1.040, 1.027 and 1.016 tries per step, ~ rate^-0.02. The tries that a black hole costs are those that were under way and one each 200 ms, whatever the rate.",
		breaksFirst:
			"The connections: each try that waits for nothing holds one for the whole timeout, so a pool of ten is full at 10 ÷ 0.25 s = 40 tries a second, and healthy work behind it waits too.",
		replacement:
			"A limit of tries in flight per server (bulkhead) below the size of the pool, timeouts that follow the measured p99 instead of a constant, and deadlines that are handed on to the server (`statement_timeout`).",
	},
});
