import { startCapture } from "../capture.ts";
import { startNaive } from "../naive.ts";
import { isGuarded, optionsOf } from "../options.ts";
import { serveCapture } from "../serve-capture.ts";
import { debeziumFeed } from "./debezium-feed.ts";
import { naiveDebeziumFeed } from "./naive-debezium-feed.ts";
import { debeziumOptions } from "./options.ts";

// Captures the tables of a publication, by Debezium on a Kafka Connect that is there, into Delta tables in the folder that it
// is started in; it makes topic and connector. GET / says how far it is.
//
//   FLT_PATH_REPLICATION=postgres://… FLT_PATH_LOG=127.0.0.1:9092 FLT_PATH_CONNECTORS=http://USER:PASSWORD@127.0.0.1:8083 \
//     SLOT=lake PUBLICATION=lake node consumer.ts

const options = optionsOf();
const debezium = debeziumOptions(options);
await serveCapture(
	isGuarded()
		? startCapture(options, debeziumFeed(debezium))
		: startNaive(options, naiveDebeziumFeed(debezium)),
);
