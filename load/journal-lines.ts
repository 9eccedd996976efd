const firstBytes = 64 * 1_024;
/** Room for what a line has beside its texts: four numbers and some marks. */
const numbersMax = 128;
const intMax = 2 ** 31;
const zero = 0x30;

/**
 * Lines of JSON, put down as bytes as they come: a string for each number and each line would cost more than all else
 * that is done for an operation. Whoever writes a line says how long it can get first.
 */
export class JournalLines {
	#bytes = Buffer.allocUnsafe(firstBytes);
	#length = 0;

	get isEmpty(): boolean {
		return this.#length === 0;
	}

	/** `[n,"kind",receipt,intendedMs,startedMs,endedMs]`, the times rounded to whole milliseconds. */
	add(
		n: number,
		kind: string,
		receipt: string | undefined,
		intendedMs: number,
		startedMs: number,
		endedMs: number,
	): void {
		const textMax = receipt === undefined ? 0 : 6 * receipt.length; // as JSON may escape each character
		this.#reserve(kind.length + textMax + numbersMax);
		this.#byte(0x5b);
		this.#number(n);
		this.#byte(0x2c);
		this.#text(kind);
		this.#byte(0x2c);
		if (receipt === undefined) this.#ascii("null");
		else this.#text(receipt);
		this.#byte(0x2c);
		this.#number(Math.round(intendedMs));
		this.#byte(0x2c);
		this.#number(Math.round(startedMs));
		this.#byte(0x2c);
		this.#number(Math.round(endedMs));
		this.#byte(0x5d);
		this.#byte(0x0a);
	}

	/** What was added since the last time; it is good until the next line is. */
	take(): Buffer {
		const taken = this.#bytes.subarray(0, this.#length);
		this.#length = 0;
		return taken;
	}

	#reserve(bytes: number): void {
		if (this.#length + bytes <= this.#bytes.length) return;
		const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + bytes));
		this.#bytes.copy(larger, 0, 0, this.#length);
		this.#bytes = larger;
	}

	#byte(byte: number): void {
		this.#bytes[this.#length++] = byte;
	}

	#number(value: number): void {
		if (!(value >= 0 && value < intMax)) {
			this.#ascii(String(value));
			return;
		}
		let rest = value | 0;
		let digits = 1;
		for (let power = 10; power <= rest; power *= 10) digits++;
		const end = this.#length + digits;
		for (let at = end - 1; at >= this.#length; at--) {
			const tenth = (rest / 10) | 0;
			this.#bytes[at] = zero + rest - tenth * 10;
			rest = tenth;
		}
		this.#length = end;
	}

	/** A text in quotes: most are plain, and are put down as they are. */
	#text(text: string): void {
		const begin = this.#length;
		this.#byte(0x22);
		for (let i = 0; i < text.length; i++) {
			const code = text.charCodeAt(i);
			if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) {
				this.#length = begin + this.#bytes.write(JSON.stringify(text), begin);
				return;
			}
			this.#byte(code);
		}
		this.#byte(0x22);
	}

	#ascii(text: string): void {
		this.#length += this.#bytes.write(text, this.#length, "latin1");
	}
}
