// Amounts as both formats have them: a whole number in two's complement, the highest byte first, and as few bytes as hold it.

export function bytesOfWhole(whole: bigint): Buffer {
	let byteCount = 1;
	while (BigInt.asIntN(8 * byteCount, whole) !== whole) byteCount++;
	const digits = BigInt.asUintN(8 * byteCount, whole).toString(16);
	return Buffer.from(digits.padStart(2 * byteCount, "0"), "hex");
}

export function wholeOfBytes(bytes: Uint8Array): bigint {
	if (bytes.length === 0) return 0n;
	return BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
}
