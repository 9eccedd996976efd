import { type HostPort, hostPortText } from "../../base/host-port.ts";
import { int16, int32, text } from "../../base/kafka-protocol.ts";

/** Where clients are to find the broker of this address; null where they are to find none there. */
export type PlaceOf = (broker: string) => HostPort | null;

const [produce, fetch, metadata, findCoordinator, apiVersions] = [0, 1, 3, 10, 18];

/**
 * The last versions that are rewritten, or that hold no addresses at all: later ones of Produce and Fetch may name a new
 * leader's. Clients are offered no others.
 */
const lastVersions = new Map([
	[produce, 9],
	[fetch, 15],
	[metadata, 13],
	[findCoordinator, 6],
]);
/** DescribeCluster, for which clients ask Metadata instead, and what shares are fetched and acknowledged by. */
const hidden = [60, 78, 79];

/** How a coordinator is written that there is not. */
const nowhere = ":-1";

/** Whether answers to this request hold addresses of brokers. */
export function holdsAddresses(api: number): boolean {
	return api === metadata || api === findCoordinator || api === apiVersions;
}

/** An answer, size and correlation id before it, with the brokers where clients are to find them. */
export function rewritten(api: number, version: number, answer: Buffer, placeOf: PlaceOf): Buffer {
	const body = new Editor(answer);
	switch (api) {
		case metadata:
			editMetadata(body, version, placeOf);
			break;
		case findCoordinator:
			editCoordinator(body, version, placeOf);
			break;
		case apiVersions:
			editVersions(body, version);
			break;
	}
	return body.edited();
}

function editMetadata(body: Editor, version: number, placeOf: PlaceOf): void {
	const flexible = version >= 9;
	if (flexible) body.keepTags();
	if (version >= 3) body.keep(4); // throttle time
	body.replaceList(flexible, () => {
		const id = body.take(4);
		const place = placeOf(body.takeAddress(flexible));
		const rack = body.takeText(version < 1 ? "none" : flexible);
		const tags = flexible ? body.takeTags() : Buffer.alloc(0);
		return place === null ? null : [id, addressOf(place, flexible), rack, tags];
	});
}

function editCoordinator(body: Editor, version: number, placeOf: PlaceOf): void {
	const flexible = version >= 3;
	if (flexible) body.keepTags();
	if (version >= 1) body.keep(4); // throttle time
	const replace = () => {
		const was = body.position;
		const address = body.takeAddress(flexible);
		const place = placeOf(address);
		// Where there is no coordinator, there is no address either; where it is a broker that came later, we can't lead there.
		if (place === null && address !== nowhere)
			throw new Error(`the coordinator is at ${address}, which is no broker that has a proxy`);
		body.put(place === null ? body.since(was) : addressOf(place, flexible));
	};
	if (version < 4) {
		body.keep(2); // error
		if (version >= 1) body.keepText(flexible); // why
		body.keep(4); // node
		replace();
		return;
	}
	for (let left = body.keepCount(); left > 0; left--) {
		body.keepText(true); // key
		body.keep(4); // node
		replace();
		body.keep(2); // error
		body.keepText(true); // why
		body.keepTags();
	}
}

/** Its answer's head is never flexible: whoever asks does not know yet what the broker speaks. */
function editVersions(body: Editor, version: number): void {
	const error = body.take(2);
	body.put(error);
	// In a version that it does not know, the broker answers in the first.
	if (error.readInt16BE() !== 0) return;
	const flexible = version >= 3;
	body.replaceList(flexible, () => {
		const [api, least, most] = [body.take(2), body.take(2), body.take(2)];
		const tags = flexible ? body.takeTags() : Buffer.alloc(0);
		const key = api.readInt16BE();
		if (hidden.includes(key)) return null;
		const last = lastVersions.get(key) ?? Number.POSITIVE_INFINITY;
		return [api, least, int16(Math.min(most.readInt16BE(), last)), tags];
	});
}

function addressOf({ host, port }: HostPort, flexible: boolean): Buffer {
	const name = Buffer.from(host);
	return Buffer.concat([
		flexible ? Buffer.concat([unsignedVarint(name.length + 1), name]) : text(host),
		int32(port),
	]);
}

function unsignedVarint(value: number): Buffer {
	const bytes: number[] = [];
	let left = value;
	for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
	return Buffer.from([...bytes, left]);
}

/** Size and correlation id. */
const headBytes = 8;

/** Goes through an answer once, and keeps, takes out or puts in what it comes to. */
class Editor {
	readonly #bytes: Buffer;
	readonly #parts: Buffer[] = [];
	#at = headBytes;

	constructor(answer: Buffer) {
		this.#bytes = answer;
	}

	get position(): number {
		return this.#at;
	}

	since(position: number): Buffer {
		return this.#bytes.subarray(position, this.#at);
	}

	take(length: number): Buffer {
		if (this.#at + length > this.#bytes.length) throw new Error("the answer is not whole");
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}

	put(...bytes: Buffer[]): void {
		this.#parts.push(...bytes);
	}

	keep(length: number): void {
		this.put(this.take(length));
	}

	/** A text or null with its length; of none there is nothing. */
	takeText(flexible: boolean | "none"): Buffer {
		if (flexible === "none") return this.take(0);
		const from = this.#at;
		const length = flexible ? this.#varint() - 1 : this.take(2).readInt16BE();
		this.take(Math.max(0, length));
		return this.since(from);
	}

	keepText(flexible: boolean): void {
		this.put(this.takeText(flexible));
	}

	/** A host and port, as one text. */
	takeAddress(flexible: boolean): string {
		const written = this.takeText(flexible);
		let lengthBytes = 2;
		if (flexible) {
			lengthBytes = 1;
			while (written[lengthBytes - 1]! >= 0x80) lengthBytes++;
		}
		const host = written.subarray(lengthBytes).toString();
		return hostPortText({ host, port: this.take(4).readInt32BE() });
	}

	takeTags(): Buffer {
		const from = this.#at;
		for (let left = this.#varint(); left > 0; left--) {
			this.#varint(); // which
			this.take(this.#varint());
		}
		return this.since(from);
	}

	keepTags(): void {
		this.put(this.takeTags());
	}

	/** Of a flexible list. */
	keepCount(): number {
		const from = this.#at;
		const count = this.#varint() - 1;
		this.put(this.since(from));
		return count;
	}

	/** Puts in what becomes of each item of a list; null leaves it out. */
	replaceList(flexible: boolean, item: () => Buffer[] | null): void {
		const count = flexible ? this.#varint() - 1 : this.take(4).readInt32BE();
		const items = Array.from({ length: Math.max(0, count) }, item).filter((one) => one !== null);
		this.put(flexible ? unsignedVarint(items.length + 1) : int32(items.length), ...items.flat());
	}

	/** The whole answer, what follows the last that was edited as it was. */
	edited(): Buffer {
		const body = Buffer.concat([...this.#parts, this.#bytes.subarray(this.#at)]);
		return Buffer.concat([int32(4 + body.length), this.#bytes.subarray(4, headBytes), body]);
	}

	#varint(): number {
		let [value, shift, byte] = [0, 0, 0];
		do {
			byte = this.take(1)[0]!;
			value |= (byte & 0x7f) << shift;
			shift += 7;
		} while (byte >= 0x80);
		return value >>> 0;
	}
}
