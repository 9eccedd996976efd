import fc from "fast-check";

/** Unit of a string: every character there is. The `binary` of fast-check draws the same, out of a table of all of them that it makes anew each time. */
export const anyCharacter = fc
	.integer({ min: 0, max: 0x10ffff - 0x800 })
	// Halves of a pair are none.
	.map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
