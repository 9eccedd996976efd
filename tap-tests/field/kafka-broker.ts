import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const libs = join(
	process.env.FAULTLINE_CACHE ?? join(homedir(), ".cache", "faultline"),
	"kafka-4.3.1/libs/*",
);
export const user = "alice";
export const password = "al:ice@secret";

/** A real broker with a listener of each kind, all on loopback. */
export interface FieldBroker {
	/** host:port by listener. */
	plain: string;
	plain6: string;
	/** PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
	sasl: string;
	tls: string;
	/** Wants a certificate of the client. */
	mutualTls: string;
	saslTls: string;
	/** PEM files: the authority of the broker's certificate, and a client's certificate and key of the same. */
	ca: string;
	cert: string;
	key: string;
	folder: string;
	/** What one of Kafka's own command-line classes prints. */
	tool(mainClass: string, args: readonly string[], input?: string): string;
	stop(): Promise<void>;
}

const names = ["plain", "plain6", "sasl", "tls", "mutualTls", "saslTls", "controller"] as const;

/** Starts one, formatted anew, with these properties beside the usual ones. */
export async function startBroker(
	properties: Readonly<Record<string, string | number | boolean>> = {},
): Promise<FieldBroker> {
	const folder = mkdtempSync(join(process.env.FIELD_FOLDER ?? tmpdir(), "field-kafka-"));
	const files = certificates(folder);
	const ports = await freePorts(names.length);
	const at = Object.fromEntries(
		names.map((name, i) => [name, `${name === "plain6" ? "[::1]" : "127.0.0.1"}:${ports[i]}`]),
	) as Record<(typeof names)[number], string>;
	const protocols = {
		plain: "PLAINTEXT",
		plain6: "PLAINTEXT",
		sasl: "SASL_PLAINTEXT",
		tls: "SSL",
		mutualTls: "SSL",
		saslTls: "SASL_SSL",
		controller: "PLAINTEXT",
	};
	const clients = names.filter((name) => name !== "controller");
	const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${password}";`;
	const scramLogin = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
	const logins = Object.fromEntries(
		["sasl", "sasltls"].flatMap((name) => [
			[`listener.name.${name}.plain.sasl.jaas.config`, plainLogin],
			[`listener.name.${name}.scram-sha-256.sasl.jaas.config`, scramLogin],
			[`listener.name.${name}.scram-sha-512.sasl.jaas.config`, scramLogin],
		]),
	);
	const all = {
		"process.roles": "broker,controller",
		"node.id": 1,
		"controller.quorum.voters": `1@${at.controller}`,
		listeners: names.map((name) => `${name.toUpperCase()}://${at[name]}`).join(),
		"advertised.listeners": clients.map((name) => `${name.toUpperCase()}://${at[name]}`).join(),
		"listener.security.protocol.map": names
			.map((name) => `${name.toUpperCase()}:${protocols[name]}`)
			.join(),
		"inter.broker.listener.name": "PLAIN",
		"controller.listener.names": "CONTROLLER",
		"sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
		...logins,
		"ssl.keystore.type": "PEM",
		"ssl.keystore.location": files.broker,
		"ssl.truststore.type": "PEM",
		"ssl.truststore.location": files.ca,
		"listener.name.mutualtls.ssl.client.auth": "required",
		"log.dirs": "log",
		"auto.create.topics.enable": false,
		"offsets.topic.replication.factor": 1,
		"offsets.topic.num.partitions": 1,
		"group.initial.rebalance.delay.ms": 0,
		"group.min.session.timeout.ms": 1_000,
		"log.retention.check.interval.ms": 500,
		"log.initial.task.delay.ms": 500,
		"log.segment.delete.delay.ms": 500,
		"log.cleaner.dedupe.buffer.size": 16_777_216,
		"num.network.threads": 1,
		...properties,
	};
	const text = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
	writeFileSync(join(folder, "server.properties"), text.join(""));
	const java = ["-Xmx384m", "-XX:TieredStopAtLevel=1", "-cp", libs];
	const tool: FieldBroker["tool"] = (mainClass, args, input = "") =>
		execFileSync("java", [...java, mainClass, ...args], {
			cwd: folder,
			input,
			encoding: "utf8",
			stdio: ["pipe", "pipe", "pipe"],
		});
	const scram = [256, 512].flatMap((bits) => [
		"--add-scram",
		`SCRAM-SHA-${bits}=[name=${user},password=${password}]`,
	]);
	const format = ["format", "-t", "AAAAAAAAQACAAAAAAAAAAQ", "-c", "server.properties", ...scram];
	tool("kafka.tools.StorageTool", format);
	const broker = spawn("java", [...java, "kafka.Kafka", "server.properties"], {
		cwd: folder,
		stdio: ["ignore", "ignore", "pipe"],
	});
	let said = "";
	broker.stderr.on("data", (bytes: Buffer) => {
		said = (said + bytes.toString()).slice(-4_000);
	});
	const ended = new Promise<void>((resolve) => broker.once("exit", () => resolve()));
	await answering(at.plain, () => {
		if (broker.exitCode !== null) throw new Error(`the broker ended: ${said}`);
	});
	return {
		plain: at.plain,
		plain6: at.plain6,
		sasl: at.sasl,
		tls: at.tls,
		saslTls: at.saslTls,
		mutualTls: at.mutualTls,
		ca: files.ca,
		cert: files.cert,
		key: files.key,
		folder,
		tool,
		async stop() {
			broker.kill("SIGKILL");
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function certificates(folder: string) {
	const at = (name: string) => join(folder, name);
	const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
	const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
	mkdirSync(folder, { recursive: true });
	const ca = ["-x509", "-days", "3650", "-subj", "/CN=field authority"];
	openssl("req", ...ca, ...newKey, "-keyout", at("ca.key"), "-out", at("ca.pem"));
	for (const name of ["broker", "client"]) {
		const [key, request, cert] = [at(`${name}.key`), at(`${name}.csr`), at(`${name}.pem`)];
		openssl("req", "-new", ...newKey, "-subj", `/CN=${name}`, "-keyout", key, "-out", request);
		const names = at(`${name}.ext`);
		writeFileSync(names, "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n");
		const authority = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"];
		const x509 = ["x509", "-req", "-days", "3650", "-extfile", names];
		openssl(...x509, "-in", request, ...authority, "-out", cert);
	}
	const broker = at("broker-all.pem");
	writeFileSync(
		broker,
		readFileSync(at("broker.key"), "utf8") + readFileSync(at("broker.pem"), "utf8"),
	);
	return { ca: at("ca.pem"), broker, cert: at("client.pem"), key: at("client.key") };
}

async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => net.createServer());
	const ports = await Promise.all(
		servers.map(
			(server) =>
				new Promise<number>((resolve) =>
					server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port)),
				),
		),
	);
	for (const server of servers) server.close();
	return ports;
}

async function answering(address: string, check: () => void): Promise<void> {
	const { hostname, port } = new URL(`tcp://${address}`);
	for (;;) {
		check();
		const open = await new Promise<boolean>((resolve) => {
			const socket = net.connect(Number(port), hostname, () => resolve(true));
			socket.once("error", () => resolve(false));
			socket.once("connect", () => socket.destroy());
		});
		if (open) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
