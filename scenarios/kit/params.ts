import { type TInteger, type TNumber, type TString, type TUnsafe, Type } from "typebox";

// Parameters as experiments have them: a default, bounds, and a description that ends with its unit.

/** A whole number. */
export function count(
	byDefault: number,
	minimum: number,
	maximum: number,
	description: string,
): TInteger {
	return Type.Integer({ default: byDefault, minimum, maximum, description });
}

/** A time in whole milliseconds. */
export function ms(
	byDefault: number,
	minimum: number,
	maximum: number,
	description: string,
): TInteger {
	return count(byDefault, minimum, maximum, `${description}, ms`);
}

/** A number that need not be whole. */
export function number(
	byDefault: number,
	minimum: number,
	maximum: number,
	description: string,
): TNumber {
	return Type.Number({ default: byDefault, minimum, maximum, description });
}

/** A text, such as a URL. */
export function text(byDefault: string, description: string): TString {
	return Type.String({ default: byDefault, description });
}

/** One of these words. */
export function oneOf<const T extends string>(
	values: readonly T[],
	byDefault: T,
	description: string,
): TUnsafe<T> {
	return Type.Unsafe<T>({ type: "string", enum: [...values], default: byDefault, description });
}
