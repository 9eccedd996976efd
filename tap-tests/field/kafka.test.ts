import { execFile } from "node:child_process";
import kafkajs from "kafkajs";
import t from "tap";
import { pause } from "../../base/clock.ts";
import { makeTopic } from "../../chaos/kafka/make-topic.ts";
import type { StackDocument } from "../../daemon/api/views.ts";
import type { LoadResult } from "../../load/result.ts";
import { liveDaemon } from "../live/daemon.ts";
import { everyFault } from "../live/faults/every-fault.ts";
import { password, startBroker, user } from "./kafka-broker.ts";

const broker = await startBroker({
	"authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
	"super.users": "User:ANONYMOUS",
	"allow.everyone.if.no.acl.found": true,
});
t.teardown(() => broker.stop());
const kafka = new kafkajs.Kafka({ brokers: [broker.plain], logLevel: kafkajs.logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
t.teardown(() => admin.disconnect());

const drivers = ["kafka-wire", "kafka"] as const;
const secret = encodeURIComponent(password);
const as = `${user}:${secret}`;

async function create(topic: string, settings: Record<string, string> = {}, partitions = 1) {
	const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
	const wanted = { topic, numPartitions: partitions, configEntries };
	await makeTopic(admin, wanted);
}

interface Ended {
	code: number;
	result: LoadResult | null;
	said: string;
}

function load(target: string, ...flags: string[]): Promise<Ended> {
	const usual = { "--duration": "1s", "--rate": "300", "--deadline": "3s" };
	const left = Object.entries(usual).filter(([flag]) => !flags.includes(flag));
	const args = ["daemon/cli/main.ts", "load", target, "--json", "--quiet"];
	const all = [...args, ...left.flat(), ...flags];
	return new Promise((resolve) => {
		execFile(process.execPath, all, (error, stdout, stderr) => {
			const code = typeof error?.code === "number" ? error.code : 0;
			const result = stdout === "" ? null : (JSON.parse(stdout) as LoadResult);
			resolve({ code, result, said: stderr });
		});
	});
}

t.test("topics are read whatever their batches are compressed by", async (t) => {
	for (const codec of ["gzip", "snappy", "lz4", "zstd"]) {
		await create(codec, { "compression.type": codec });
		for (const driver of drivers) {
			const { result } = await load(
				`kafka://${broker.plain}/${codec}`,
				"--consume",
				"--driver",
				driver,
			);
			t.match(result, { ok_count: 300, unknown_count: 0 }, `${codec} by ${driver}`);
		}
	}
});

t.test("a topic that takes small batches alone is produced to, up to its limit", async (t) => {
	await create("small", { "max.message.bytes": "10000" });
	for (const driver of drivers) {
		const flags = ["--driver", driver, "--rate", "5000"];
		const { result } = await load(`kafka://${broker.plain}/small`, ...flags);
		t.match(result, { ok_count: 5_000 }, driver);
		const large = await load(
			`kafka://${broker.plain}/small`,
			"--driver",
			driver,
			"--message-bytes",
			"20000",
		);
		t.match(large.result, {
			verdict: "failed",
			unknown_count: 0,
			error_samples: { MESSAGE_TOO_LARGE: /"small" takes.*max\.message\.bytes is 10000/ },
		});
	}
});

t.test("each way to say who is there is taken, by both drivers, IPv6 too", async (t) => {
	await create("secured");
	const tls = `tls=true&ca=${broker.ca}`;
	const ways = [
		`kafka://${broker.plain6}/secured`,
		`kafka://${as}@${broker.sasl}/secured?sasl=plain`,
		`kafka://${as}@${broker.sasl}/secured?sasl=scram-sha-256`,
		`kafka://${as}@${broker.saslTls}/secured?sasl=scram-sha-512&${tls}`,
		`kafka://${broker.mutualTls}/secured?${tls}&cert=${broker.cert}&key=${broker.key}`,
	];
	for (const way of ways)
		for (const driver of drivers) {
			const { result, said } = await load(way, "--consume", "--driver", driver);
			t.match(result, { ok_count: 300 }, `${way} by ${driver} ${said}`);
			t.notMatch(JSON.stringify(result), secret);
		}
});

t.test("who is not let in is told why, before anything is measured", async (t) => {
	for (const [target, why] of [
		[`kafka://${broker.sasl}/secured`, /at once: does it want SASL or TLS\?/],
		[`kafka://${broker.tls}/secured`, /speaks TLS: add \?tls=true/],
		[`kafka://${broker.tls}/secured?tls=true`, /ca=FILE names whom to trust/],
		[`kafka://${broker.plain}/secured?tls=true`, /is it a listener that speaks TLS\?/],
		[`kafka://${broker.mutualTls}/secured?ca=${broker.ca}`, /a certificate of yours/],
		[`kafka://${user}:guess@${broker.sasl}/secured`, /SASL_AUTHENTICATION_FAILED/],
		[`kafka://${as}@${broker.plain}/secured`, /ILLEGAL_SASL_STATE/],
		["kafka://nohost.invalid/secured", /ENOTFOUND nohost\.invalid/],
	] as const) {
		const { code, said, result } = await load(target);
		t.match({ code, said }, { code: 13, said: why }, target);
		t.equal(result, null);
		t.notMatch(said, secret);
	}
});

t.test("a topic that is deleted and created while it is read is read on, and noted", async (t) => {
	for (const driver of drivers) {
		const topic = `anew-${driver}`;
		await create(topic, {}, 2);
		const loading = load(
			`kafka://${broker.plain}/${topic}`,
			...["--consume", "--driver", driver, "--duration", "6s"],
		);
		let ended: Ended | null = null;
		void loading.then((end) => {
			ended = end;
		});
		for (;;) {
			const offsets = await admin.fetchTopicOffsets(topic);
			if (offsets.some(({ high }) => Number(high) > 100) || ended !== null) break;
			await pause(20);
		}
		t.equal(ended, null, "it reads");
		await admin.deleteTopics({ topics: [topic] });
		while ((await admin.listTopics()).includes(topic)) await pause(20);
		await create(topic, {}, 2);
		const { result } = await loading;
		t.match(result?.notes, [/^reading began anew at the log's start/], driver);
		t.ok(result!.ok_count > 900, `${result!.ok_count} of 1800 were read`);
	}
});

t.test("what a user may not write or read fails by its name", async (t) => {
	await create("theirs");
	const { AclResourceTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs;
	const { ALLOW, DENY } = AclPermissionTypes;
	const rule = (permissionType: kafkajs.AclPermissionTypes, operation: kafkajs.AclOperationTypes) =>
		admin.createAcls({
			acl: [
				{
					resourceType: AclResourceTypes.TOPIC,
					resourceName: "theirs",
					resourcePatternType: ResourcePatternTypes.LITERAL,
					principal: `User:${user}`,
					host: "*",
					operation,
					permissionType,
				},
			],
		});
	const target = `kafka://${as}@${broker.sasl}/theirs`;
	await rule(ALLOW, kafkajs.AclOperationTypes.ALL);
	await rule(DENY, kafkajs.AclOperationTypes.READ);
	for (const driver of drivers) {
		const { result } = await load(target, "--consume", "--driver", driver, "--duration", "3s");
		t.match(result, { verdict: "failed", errors: { TOPIC_AUTHORIZATION_FAILED: Number } }, driver);
	}
	await rule(DENY, kafkajs.AclOperationTypes.WRITE);
	for (const driver of drivers) {
		const { result } = await load(target, "--driver", driver);
		t.match(result, {
			ok_count: 0,
			unknown_count: 0,
			fail_count: 300,
			error_samples: { TOPIC_AUTHORIZATION_FAILED: /"theirs"/ },
		});
	}
});

t.test(
	"a path to a cluster that wants SASL and TLS carries load and faults, for nobody",
	async (t) => {
		const brokers = `kafka://${as}@${broker.saslTls}?sasl=scram-sha-512&tls=true&ca=${broker.ca}`;
		const daemon = await liveDaemon(t, {
			flags: ["--services", "kafka", "--kafka-brokers", brokers],
		});
		const { components } = await daemon.client.get<StackDocument>("/stack");
		const { how, direct, proxied } = components.find(({ name }) => name === "kafka")!;
		t.equal(how, "external");
		for (const driver of drivers)
			for (const at of [direct, proxied]) {
				const { result } = await load(`${at}/secured`, "--consume", "--driver", driver);
				t.match(result, { ok_count: 300 }, `${driver} at ${at}`);
			}
		t.notMatch(daemon.output() + JSON.stringify(components), secret);
		await everyFault(t, daemon, "kinds-kafka");
	},
);
