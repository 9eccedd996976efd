import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import t from "tap";
import { S3Client, textsOf } from "../../base/s3-client.ts";

t.test("a request is signed over all that it says, and names its payload's hash", async (t) => {
	const asked: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		asked.push(request.resume());
		response.writeHead(request.method === "PUT" ? 412 : 200).end("<Code>PreconditionFailed</Code>");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.teardown(() => server.close());
	const { port } = server.address() as AddressInfo;
	const client = new S3Client(`http://me:pa%2Fss@127.0.0.1:${port}`);
	t.teardown(() => client.close());
	const answer = await client.request({
		method: "PUT",
		bucket: "b",
		key: "a/ü (1).txt",
		headers: { "If-None-Match": "*" },
		body: "hello",
	});
	t.equal(answer.status, 412, "any answer is one");
	t.same(textsOf(answer.body, "Code"), ["PreconditionFailed"]);
	const { url, headers } = asked[0]!;
	t.equal(url, "/b/a/%C3%BC%20%281%29.txt");
	t.match(
		headers.authorization,
		/^AWS4-HMAC-SHA256 Credential=me\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=host;if-none-match;x-amz-content-sha256;x-amz-date, Signature=[\da-f]{64}$/,
	);
	t.equal(
		headers["x-amz-content-sha256"],
		"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
	);
	t.notMatch(JSON.stringify(headers), "pa/ss");
	await client.request({ method: "GET", bucket: "b", query: { versions: "", prefix: "a b" } });
	t.equal(asked[1]!.url, "/b?prefix=a%20b&versions=");
});

t.test("names come out of an answer as they are", async (t) => {
	const xml = "<Key>a&amp;b</Key><Key>&lt;&#x41;&#66;&gt;</Key><Keys>no</Keys>";
	t.same(textsOf(xml, "Key"), ["a&b", "<AB>"]);
});

t.test("TLS is not spoken", async (t) => {
	t.throws(() => new S3Client("https://s3.example"), { code: "FLT_USAGE", message: /https:/ });
});
