/** A field that a column can't be, or be read as: where, by which rule, and why. */
export class Unfit extends Error {
	constructor(place: readonly string[], rule: string, why: string) {
		super(`${place.join(".")} (${rule}): ${why}`);
		this.name = "Unfit";
	}
}
