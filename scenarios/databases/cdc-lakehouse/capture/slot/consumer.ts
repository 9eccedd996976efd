import { startCapture } from "../capture.ts";
import { startNaive } from "../naive.ts";
import { isGuarded, optionsOf } from "../options.ts";
import { serveCapture } from "../serve-capture.ts";
import { naiveSlotFeed } from "./naive-slot-feed.ts";
import { slotFeed } from "./slot-feed.ts";

// Captures the tables of a publication, straight from a slot, into Delta tables in the folder that it is started in; GET /
// says how far it is.
//
//   FLT_PATH_REPLICATION=postgres://… SLOT=lake PUBLICATION=lake node consumer.ts

const options = optionsOf();
await serveCapture(
	isGuarded()
		? startCapture(options, slotFeed(options))
		: startNaive(options, naiveSlotFeed(options)),
);
