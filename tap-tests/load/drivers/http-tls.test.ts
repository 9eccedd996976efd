import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import tls, { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import http from "../../../load/drivers/http.ts";
import { errorText } from "../../../load/error-text.ts";
import { outcomeOf } from "../../../load/outcome.ts";
import type { LoadResult } from "../../../load/result.ts";
import { untapped } from "../../untapped.ts";

// Signed by itself, for the name localhost alone, from 2020 to 2120; its key guards nothing.
const certFile = fileURLToPath(new URL("../fixtures/localhost-cert.pem", import.meta.url));
const cert = readFileSync(certFile, "utf8");
const key = readFileSync(new URL("../fixtures/localhost-key.pem", import.meta.url), "utf8");

async function startServer(t: Test) {
	const server = createServer({ key, cert }, ({ url, socket }, response) => {
		seen.requests++;
		response.end(`${url} over ${(socket as tls.TLSSocket).alpnProtocol}`);
	});
	const sockets = new Set<Socket>();
	server.on("connection", (socket: Socket) => sockets.add(socket));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	const seen = { port: (server.address() as AddressInfo).port, requests: 0 };
	return seen;
}

/** As if the process had been started with the certificate in NODE_EXTRA_CA_CERTS. */
function trustCertificate(t: Test): void {
	const known = tls.getCACertificates("default");
	tls.setDefaultCACertificates([...known, cert]);
	t.teardown(() => tls.setDefaultCACertificates(known));
}

function open(url: string) {
	return http.open({ kind: "http", url }, { connections: 2, signal: new AbortController().signal });
}

t.test("an https server whose certificate is trusted is spoken to as any other", async (t) => {
	const server = await startServer(t);
	trustCertificate(t);
	const client = await open(`https://localhost:${server.port}`);
	t.teardown(() => http.close(client));
	const answers = await Promise.all(["/a", "/b", "/c"].map((path) => client.request({ path })));
	t.match(
		answers,
		["/a", "/b", "/c"].map((path) => ({ status: 200, body: `${path} over http/1.1` })),
	);
	t.equal(server.requests, 3);
	t.same(http.counters(client), { attempts: 3 });
});

t.test("a certificate that nobody vouches for is refused, before any request", async (t) => {
	const server = await startServer(t);
	await t.rejects(open(`https://localhost:${server.port}`), {
		code: "FLT_COMPONENT_MISSING",
		message: /2 connections to https:\/\/localhost:\d+ can't be made: self-signed certificate/,
	});
	t.equal(server.requests, 0);
});

t.test("so is a trusted one that was made for another name", async (t) => {
	const server = await startServer(t);
	trustCertificate(t);
	await t.rejects(open(`https://127.0.0.1:${server.port}`), {
		code: "FLT_COMPONENT_MISSING",
		message: /IP: 127\.0\.0\.1 is not in the cert's list/,
	});
	t.equal(server.requests, 0);
});

t.test("what a server does not take from a client without a certificate is a fail", async (t) => {
	const server = createTlsServer({
		key,
		cert,
		ca: cert,
		requestCert: true,
		rejectUnauthorized: true,
	});
	server.on("tlsClientError", () => {});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	t.teardown(() => void server.close());
	const { port } = server.address() as AddressInfo;
	const at = { kind: "http", url: `https://localhost:${port}` } as const;
	const client = await http.open(
		{ ...at, tls: { ca: certFile, cert: null, key: null } },
		{ connections: 1, signal: AbortSignal.timeout(10_000) },
	);
	t.teardown(() => http.close(client));
	const error: unknown = await client.request({ path: "/" }).catch((error) => error);
	t.match(outcomeOf(error, [http]), { kind: "fail", code: /ALERT_CERTIFICATE_REQUIRED$/ });
	t.match(
		errorText(error),
		/^TLS: tlsv13 alert certificate required \(before the server took the request; --cert/,
	);
});

t.test("faultline load trusts what NODE_EXTRA_CA_CERTS holds, and no more", async (t) => {
	const server = await startServer(t);
	const load = async (trusted: string) => {
		const target = `https://localhost:${server.port}/`;
		const flags = ["--rate", "200", "--duration", "500ms", "--json", "--quiet"];
		const child = spawn(
			...untapped(process.execPath, "daemon/cli/main.ts", "load", target, ...flags),
			{ stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted } },
		);
		t.teardown(() => child.kill("SIGKILL"));
		const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
		if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
		return { code: child.exitCode, out, err };
	};
	const trusting = await load(certFile);
	const result = JSON.parse(trusting.out) as LoadResult;
	t.match(result, { ok_count: 100, fail_count: 0, unknown_count: 0 }, trusting.err);
	t.equal(server.requests, 100);
	t.match(await load(""), { code: 13, out: "", err: /self-signed certificate/ });
	t.equal(server.requests, 100);
});
