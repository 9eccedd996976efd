import { join } from "node:path";
import { gzipSync } from "node:zlib";
import t from "tap";
import { requestOf } from "../../load/http-target.ts";
import type { IssuedOperation } from "../../load/operation.ts";
import { targetOf } from "../../load/target.ts";
import { HttpClient } from "../../load/wire/http-client.ts";
import type { Exchange } from "../../load/wire/http-connection.ts";
import { repeatRequest } from "../../load/wire/http-repeat.ts";

interface Flags {
	method?: string;
	header?: string[];
	body?: string;
}

/** The bytes that operation `n` on this target sends. */
function sent(url: string, flags: Flags = {}, n = 7): Buffer {
	const { endpoint, repeat } = targetOf(url, flags);
	if (endpoint.kind !== "http" || repeat.kind !== "http") throw new Error("no HTTP target");
	const client = new HttpClient(new URL(endpoint.url), 1);
	let request: string | Buffer = "";
	client.start = (exchange: Exchange) => {
		request = exchange.request;
	};
	repeatRequest(client, repeat, 1)({ n } as IssuedOperation);
	return typeof request === "string" ? Buffer.from(request, "latin1") : request;
}

const firstLine = (request: Buffer) => request.toString("latin1").split("\r\n", 1)[0];

t.test("path and query go out as they were given", async (t) => {
	const rows: [given: string, out: string][] = [
		["http://h/ok?filter=%7B%22id%22%3A1%7D", "/ok?filter=%7B%22id%22%3A1%7D"],
		["http://h/%7Bn%7D", "/%7Bn%7D"],
		['http://h/ok?filter={"id":1}', '/ok?filter={"id":1}'],
		["http://h/{n}/x?a={random(3, 3)}", "/7/x?a=3"],
		["http://h", "/"],
		["http://h?x=1", "/?x=1"],
		["http://h/a/../b//c", "/a/../b//c"],
		["http://h/é%20ü?q=a b", "/%C3%A9%20%C3%BC?q=a%20b"],
		["http://h/it's|^", "/it's|^"],
		["http://h/a\r\nX: y", "/a%0D%0AX:%20y"],
	];
	for (const [given, out] of rows) t.equal(firstLine(sent(given)), `GET ${out} HTTP/1.1`, given);
});

t.test("bodies are bytes: a file's own, unless it is text with a template in it", async (t) => {
	const gzip = gzipSync("twelve bytes and some more");
	const folder = t.testdir({
		"body.gz": gzip,
		"body.json": '{"id":{n}}\n',
		"plain.json": '{"id":1}\n',
		empty: "",
	});
	const bodyOf = (body: string) => {
		const request = sent("http://h/", { body });
		const head = request.indexOf("\r\n\r\n");
		const length = /Content-Length: (\d+)/.exec(request.toString("latin1", 0, head))?.[1];
		t.equal(Number(length), request.length - head - 4, body);
		return request.subarray(head + 4);
	};
	t.same(bodyOf(`@${join(folder, "body.gz")}`), gzip);
	t.equal(bodyOf(`@${join(folder, "body.json")}`).toString(), '{"id":7}\n');
	t.equal(bodyOf(`@${join(folder, "plain.json")}`).toString(), '{"id":1}\n');
	t.equal(bodyOf(`@${join(folder, "empty")}`).length, 0);
	t.equal(bodyOf("é{n}").toString(), "é7");
	for (const file of [folder, join(folder, "missing"), ""])
		t.throws(() => sent("http://h/", { body: `@${file}` }), {
			code: "FLT_USAGE",
			message: /--body/,
		});
});

t.test("each header is sent, in order, with its template filled in", async (t) => {
	const header = [
		"Accept: a",
		"X-Id: {n}",
		"accept: b",
		"Accept: c",
		"User-Agent: mine",
		"X-Empty:",
	];
	const [, ...lines] = sent("http://me:p%40ss@h:81/", { header }).toString("latin1").split("\r\n");
	t.same(lines, [
		"Host: h:81",
		`Authorization: Basic ${Buffer.from("me:p@ss").toString("base64")}`,
		"Accept: a",
		"X-Id: 7",
		"accept: b",
		"Accept: c",
		"User-Agent: mine",
		"X-Empty: ",
		"",
		"",
	]);
	const own = sent("http://me:x@h/", { header: ["Host: other", "Authorization: Bearer t"] });
	t.equal(own.toString("latin1").match(/^host:/gim)?.length, 1);
	const agent = sent("http://h/", { header: ["user-agent: mine"] }).toString("latin1");
	t.same(agent.match(/^user-agent:.*$/gim), ["user-agent: mine"], "however it is written");
	t.equal(own.toString("latin1").match(/^authorization:/gim)?.length, 1);
});

t.test("what can't be sent as it is meant is refused, and the part is named", async (t) => {
	const file = join(t.testdir({ "body.json": '{"id":{random(1,}}' }), "body.json");
	const rows: [url: string, flags: Flags, said: RegExp][] = [
		["http://h/", { method: "G T" }, /--method "G T"/],
		["http://h/", { method: "" }, /--method ""/],
		["http://h/", { method: "connect" }, /--method CONNECT/],
		["http://h/", { header: ["no colon"] }, /--header "no colon".*no name/],
		["http://h/", { header: [": x"] }, /no name/],
		["http://h/", { header: ["X Y: z"] }, /--header "X Y: z": the name "X Y"/],
		["http://h/", { header: ["X: a\nb"] }, /the value of X has a control character/],
		["http://h/", { header: ["X: 漢"] }, /the value of X/],
		["http://h/", { header: ["Content-Length: 3"], body: "x" }, /Content-Length is set by/],
		["http://h/", { header: ["X: {rnadom(1,2)}"] }, /--header X has/],
		["http://h/", { body: "{random(1,}" }, /--body has/],
		["http://h/", { body: `@${file}` }, /--body @.*body\.json has "\{random\(1,\}"/],
		["http://h/{random(1,}", {}, /the target's path has/],
		["http://user:50%off@h/", {}, /the password .* has a %/],
		["http://100%:x@h/", {}, /the user name .* has a %/],
		["http://h/50%off", {}, /the target's path has "%of"/],
		["http://h/a#b", {}, /fragment, "#b"/],
		["http://user:p/w@h/", {}, /is no URL/],
	];
	for (const [url, flags, said] of rows)
		t.throws(() => targetOf(url, flags), { code: "FLT_USAGE", message: said }, `${url} ${said}`);
	t.doesNotThrow(() => requestOf(new URL("http://h/"), "http://h/", { method: "purge" }));
});
