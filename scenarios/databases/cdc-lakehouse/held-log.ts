/** How much of its log the source kept for the consumer's slot. */
export type HeldLog = {
	maxBytes: number;
	/** When it was first seen to be more than there is room for, in milliseconds of the run; null where it never was. */
	fullAtMs: number | null;
};

export interface HeldReading {
	atMs: number;
	bytes: number;
}

export const mebibyte = 1_024 * 1_024;

/** The share of the room at which somebody is told: there is time for three times as much before the disk is full. */
export const toldAt = 1 / 4;

export function heldLogOf(readings: readonly HeldReading[], roomBytes: number): HeldLog {
	return {
		maxBytes: readings.reduce((max, { bytes }) => Math.max(max, bytes), 0),
		fullAtMs: readings.find(({ bytes }) => bytes > roomBytes)?.atMs ?? null,
	};
}
