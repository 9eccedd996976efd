import fc from "fast-check";
import t from "tap";
import { HttpResponse } from "../../../load/wire/http-response.ts";
import { anyCharacter } from "../../any-character.ts";

interface Read {
	status: number;
	headers: Record<string, string | string[]>;
	body: string;
	keepAlive: boolean;
	/** Bytes that were not read. */
	left: number;
	done: boolean;
}

/** Reads the pieces as they would come in, one buffer used again for each. */
function read(pieces: Buffer[], { noBody = false, close = false } = {}): Read {
	const response = new HttpResponse();
	response.expect({ noBody, keep: true });
	const shared = Buffer.alloc(1 << 16, "x");
	let left = 0;
	for (const piece of pieces) {
		piece.copy(shared);
		left += piece.length - response.read(shared, 0, piece.length);
	}
	if (close) response.closed();
	const { status, headers, body, keepAlive, done } = response;
	return { status, headers, body, keepAlive, left, done };
}

const text = (value: string) => [Buffer.from(value, "latin1")];

/** A text cut at any places. */
const cut = (whole: Buffer, cuts: number[]): Buffer[] => {
	const places = [0, ...cuts.map((at) => at % (whole.length + 1)), whole.length];
	places.sort((a, b) => a - b);
	return places.slice(1).map((end, place) => whole.subarray(places[place], end));
};

const token = fc.stringMatching(/^[a-z]{1,8}$/);
const body = fc.string({ unit: anyCharacter, maxLength: 300 });
const framing = fc.oneof(
	fc.constant({ kind: "length" as const }),
	fc.record({ kind: fc.constant("close" as const) }),
	fc.record({
		kind: fc.constant("chunked" as const),
		sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
		trailer: fc.boolean(),
		upper: fc.boolean(),
	}),
);

t.test(
	"whatever the framing and wherever it is cut, status, headers and body come out",
	async () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
				fc.dictionary(
					token.map((name) => `x-${name}`),
					token,
					{ maxKeys: 4 },
				),
				body,
				framing,
				fc.integer({ min: 0, max: 2 }),
				fc.constantFrom("\r\n", "\n"),
				fc.array(fc.nat(2000), { maxLength: 6 }),
				(status, headers, body, framing, interims, eol, cuts) => {
					const bytes = Buffer.from(body);
					const head = [`HTTP/1.1 ${status} Some Words`];
					for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`);
					const payload: Buffer[] = [];
					if (framing.kind === "length") head.push(`Content-LENGTH:  ${bytes.length} `);
					if (framing.kind === "chunked") {
						head.push("Transfer-Encoding: chunked");
						let at = 0;
						for (let chunk = 0; at < bytes.length; chunk++) {
							const size = Math.min(
								framing.sizes[chunk % framing.sizes.length]!,
								bytes.length - at,
							);
							const hex = size.toString(16);
							payload.push(Buffer.from(`${framing.upper ? hex.toUpperCase() : hex};a=b\r\n`));
							payload.push(bytes.subarray(at, at + size), Buffer.from("\r\n"));
							at += size;
						}
						payload.push(Buffer.from(`0\r\n${framing.trailer ? "X-Late: 1\r\n" : ""}\r\n`));
					} else payload.push(bytes);
					const interim = `HTTP/1.1 103 Early Hints${eol}Link: </a>${eol}${eol}`;
					const whole = Buffer.concat([
						Buffer.from(interim.repeat(interims) + head.join(eol) + eol + eol),
						...payload,
					]);
					const seen = read(cut(whole, cuts), { close: framing.kind === "close" });
					const same =
						seen.done &&
						seen.status === status &&
						seen.body === bytes.toString() &&
						seen.left === 0 &&
						seen.keepAlive === (framing.kind !== "close") &&
						Object.entries(headers).every(([name, value]) => seen.headers[name] === value);
					if (!same) throw new Error(JSON.stringify(seen));
				},
			),
			{ numRuns: 400 },
		);
	},
);

t.test("what comes after a complete response is left, and says so", async (t) => {
	const one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	t.match(read(text(one + one)), { body: "ok", left: one.length, done: true });
	t.match(read(text(`${one}\r\n`)), { left: 2 }, "stray bytes too");
});

t.test("responses without a body end with their head", async (t) => {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
	t.match(read(text(head), { noBody: true }), { done: true, left: 0 }, "to HEAD");
	t.match(read(text("HTTP/1.1 204 No Content\r\n\r\n")), { done: true });
	t.match(read(text("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n")), { done: true });
	t.match(read(text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")), { done: true, body: "" });
});

t.test("a connection goes on where the response says so", async (t) => {
	const keepAlive = (head: string) => read(text(`${head}\r\nContent-Length: 0\r\n\r\n`)).keepAlive;
	t.equal(keepAlive("HTTP/1.1 200 OK"), true);
	t.equal(keepAlive("HTTP/1.1 200 OK\r\nConnection: Close"), false);
	t.equal(keepAlive("HTTP/1.0 200 OK"), false);
	t.equal(keepAlive("HTTP/1.0 200 OK\r\nconnection: keep-alive"), true);
});

t.test("an incomplete body is no answer when the connection closes", async (t) => {
	const short = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok";
	t.match(read(text(short), { close: true }), { done: false });
	const chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok";
	t.match(read(text(chunk), { close: true }), { done: false });
	t.match(read(text("HTTP/1.1 200"), { close: true }), { done: false });
});

const bad: Record<string, string> = {
	"no HTTP": "SSH-2.0-OpenSSH_9\r\n\r\n",
	"a status of two digits": "HTTP/1.1 20 OK\r\n\r\n",
	"another major version": "HTTP/2.0 200 OK\r\n\r\n",
	"two lengths": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
	"a negative length": "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
	"a length with a sign": "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
	"another protocol": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
	"a chunk without a size": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
	"a chunk's size in words": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n",
	"a chunk longer than its size": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc",
	"an endless line": `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(5000)}`,
};
for (const [what, bytes] of Object.entries(bad))
	t.test(`refused: ${what}`, async (t) => {
		t.throws(() => read(text(bytes)), { code: "bad_response" });
	});

t.test("refused: an endless head, in pieces", async (t) => {
	const line = Buffer.from(`X: ${"y".repeat(1000)}\r\n`);
	const pieces = [Buffer.from("HTTP/1.1 200 OK\r\n"), ...Array.from({ length: 100 }, () => line)];
	t.throws(() => read(pieces), { code: "bad_response", message: /longer than/ });
});

t.test("what the server wrote beside an error is known, of a head seen before too", async (t) => {
	const response = new HttpResponse();
	const reasonOf = (statusLine: string) => {
		response.expect({ noBody: false, keep: false });
		const [answer] = text(`HTTP/1.1 ${statusLine}\r\ncontent-length: 0\r\n\r\n`) as [Buffer];
		response.read(answer, 0, answer.length);
		return response.reason;
	};
	t.equal(reasonOf("401 Not You"), "Not You");
	t.equal(reasonOf("401 Not You"), "Not You", "the same head again");
	t.equal(reasonOf("200 OK"), "", "no error has none");
	t.equal(reasonOf("503 "), "");
	t.equal(reasonOf("503"), "");
});
