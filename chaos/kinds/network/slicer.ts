import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";
import { askFor, carriedWays } from "../../network/toxic-look.ts";

export interface SlicerParams extends ToxicParams {
	averageBytes: number;
	variationBytes?: number;
	delayUs: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		slicer: SlicerParams;
	}
}

/** A round trip with delays of this length altogether is big enough to tell it from a clean one. */
const worthUs = 100_000;

/** What passes comes in slices of about `averageBytes`, with `delayUs` between them. */
export default toxicFault<SlicerParams>({
	victim: "messages come in small pieces with pauses between: half headers, half rows",
	params: {
		type: "object",
		properties: {
			averageBytes: {
				type: "integer",
				minimum: 1,
				// Toxiproxy reads 32 KB at most, and the proof needs a hundred slices.
				maximum: 4_096,
				examples: [100],
				description: "size of a slice, bytes",
			},
			variationBytes: {
				type: "integer",
				minimum: 0,
				// Above it Toxiproxy may cut outside of what it has, and would end of it.
				exclusiveMaximum: { $data: "1/averageBytes" },
				description: "give or take, bytes",
			},
			delayUs: {
				type: "integer",
				minimum: 500,
				maximum: 1_000_000,
				examples: [10_000],
				description: "pause after each slice, µs: 1,000 are 1 ms",
			},
		},
		required: ["averageBytes", "delayUs"],
		additionalProperties: false,
	},
	direction: "downstream",
	toxic: ({ averageBytes, variationBytes = 0, delayUs }) => ({
		type: "slicer",
		attributes: { average_size: averageBytes, size_variation: variationBytes, delay: delayUs },
	}),
	look({ averageBytes, variationBytes = 0, delayUs }, direction) {
		const sliceBytes = averageBytes + variationBytes;
		const pauses = Math.ceil(worthUs / delayUs);
		return {
			at: "round trip",
			ask: askFor((pauses + 1) * sliceBytes, direction),
			limitMs: 4_000,
			shows(trip) {
				const seen = carriedWays(trip, direction)
					.map((bytes) => Math.max(0, Math.floor(bytes / sliceBytes) - 1))
					.reduce((sum, way) => sum + way);
				return (
					trip.kind === "silent" ||
					(trip.kind === "answered" && seen > 0 && trip.ms >= (seen * delayUs) / 1_000)
				);
			},
			wanted: `${delayUs} µs for each ${sliceBytes} bytes expected`,
		};
	},
});
