import t from "tap";
import { int16, int32, text } from "../../../base/kafka-protocol.ts";
import { rewritten } from "../../../daemon/stack/kafka-rewrite.ts";

const [metadata, findCoordinator, apiVersions] = [3, 10, 18];
const places = new Map([
	["kafka-a:9092", { host: "127.0.0.1", port: 20_001 }],
	["[fd00::1]:9092", { host: "::1", port: 20_002 }],
]);
const placeOf = (broker: string) => places.get(broker) ?? null;

function answer(...body: Buffer[]): Buffer {
	const all = Buffer.concat([int32(7), ...body]);
	return Buffer.concat([int32(all.length), all]);
}

/** A text as flexible versions write it. */
function compact(value: string): Buffer {
	return Buffer.concat([Buffer.of(value.length + 1), Buffer.from(value)]);
}

const none = Buffer.of(0);
const rest = Buffer.from("what comes after the brokers");

t.test("Metadata names each broker where clients are to find it, in all versions", async (t) => {
	const plain = (...brokers: (readonly [id: number, host: string, port: number])[]) =>
		Buffer.concat([
			int32(brokers.length),
			...brokers.map(([id, host, port]) =>
				Buffer.concat([int32(id), text(host), int32(port), int16(-1)]),
			),
		]);
	const flexible = (...brokers: (readonly [id: number, host: string, port: number])[]) =>
		Buffer.concat([
			Buffer.of(brokers.length + 1),
			...brokers.map(([id, host, port]) =>
				Buffer.concat([int32(id), compact(host), int32(port), compact("rack"), none]),
			),
		]);
	const was = [[1, "kafka-a", 9092] as const, [2, "fd00::1", 9092] as const] as const;
	const is = [[1, "127.0.0.1", 20_001] as const, [2, "::1", 20_002] as const] as const;
	for (const version of [1, 2])
		t.same(
			rewritten(metadata, version, answer(plain(...was), rest), placeOf),
			answer(plain(...is), rest),
			`v${version}`,
		);
	for (const version of [3, 8])
		t.same(
			rewritten(metadata, version, answer(int32(0), plain(...was), rest), placeOf),
			answer(int32(0), plain(...is), rest),
			`v${version}`,
		);
	for (const version of [9, 13])
		t.same(
			rewritten(metadata, version, answer(none, int32(0), flexible(...was), rest), placeOf),
			answer(none, int32(0), flexible(...is), rest),
			`v${version}`,
		);
	t.same(
		rewritten(metadata, 1, answer(plain([3, "later", 1], ...was), rest), placeOf),
		answer(plain(...is), rest),
		"one without a place is left out: it would lead past the proxies",
	);
});

t.test("a coordinator is named where clients are to find it, in all versions", async (t) => {
	const v1 = (host: string, port: number) =>
		answer(int32(0), int16(0), int16(-1), int32(1), text(host), int32(port));
	const v3 = (host: string, port: number) =>
		answer(none, int32(0), int16(0), none, int32(1), compact(host), int32(port), none);
	const v4 = (host: string, port: number) =>
		answer(
			...[none, int32(0), Buffer.of(2), compact("group"), int32(1), compact(host), int32(port)],
			...[int16(0), none, none, none],
		);
	for (const [version, of] of [
		[1, v1],
		[2, v1],
		[3, v3],
		[4, v4],
		[6, v4],
	] as const) {
		const made = rewritten(findCoordinator, version, of("kafka-a", 9092), placeOf);
		t.same(made, of("127.0.0.1", 20_001), `v${version}`);
		t.same(
			rewritten(findCoordinator, version, of("", -1), placeOf),
			of("", -1),
			"where there is none",
		);
		t.throws(() => rewritten(findCoordinator, version, of("later", 1), placeOf), {
			message: /later:1, which is no broker that has a proxy/,
		});
	}
	const several = (...all: (readonly [host: string, port: number])[]) =>
		answer(
			...[none, int32(0), Buffer.of(all.length + 1)],
			...all.flatMap(([host, port]) => [
				compact("group"),
				int32(1),
				compact(host),
				int32(port),
				int16(0),
				compact("why"),
				Buffer.of(1, 5, 2, 8, 9),
			]),
			none,
		);
	t.same(
		rewritten(findCoordinator, 4, several(["kafka-a", 9092], ["", -1], ["fd00::1", 9092]), placeOf),
		several(["127.0.0.1", 20_001], ["", -1], ["::1", 20_002]),
		"of several groups, with tags that nobody knows",
	);
});

t.test("a host is read however long its name is", async (t) => {
	const host = `${"kafka.".repeat(40)}example`;
	const long = Buffer.concat([Buffer.of(0x80 | ((host.length + 1) & 0x7f), 1), Buffer.from(host)]);
	const of = (name: Buffer, port: number) =>
		answer(none, int32(0), int16(0), none, int32(1), name, int32(port), none);
	const made = rewritten(findCoordinator, 3, of(long, 9092), (broker) =>
		broker === `${host}:9092` ? { host: "::1", port: 3 } : null,
	);
	t.same(made, of(compact("::1"), 3));
});

t.test("clients are offered no version whose answers would lead past the proxies", async (t) => {
	const row = (api: number, most: number) => Buffer.concat([int16(api), int16(0), int16(most)]);
	t.same(
		rewritten(
			apiVersions,
			0,
			answer(int16(0), int32(4), row(0, 13), row(1, 18), row(60, 2), row(19, 7)),
			placeOf,
		),
		answer(int16(0), int32(3), row(0, 9), row(1, 15), row(19, 7)),
	);
	const tagged = (api: number, most: number) => Buffer.concat([row(api, most), none]);
	t.same(
		rewritten(
			apiVersions,
			3,
			answer(int16(0), Buffer.of(4), tagged(3, 20), tagged(78, 2), tagged(19, 7), int32(0), none),
			placeOf,
		),
		answer(int16(0), Buffer.of(3), tagged(3, 13), tagged(19, 7), int32(0), none),
	);
	const unsupported = answer(int16(35), int32(1), row(18, 4));
	t.same(rewritten(apiVersions, 9, unsupported, placeOf), unsupported);
});

t.test("an answer that ends too early is no answer", async (t) => {
	t.throws(() => rewritten(metadata, 1, answer(int32(1), int32(1)), placeOf), {
		message: /not whole/,
	});
});
