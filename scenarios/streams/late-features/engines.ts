import type { Engine } from "./engine.ts";
import type { EngineName } from "./engine-names.ts";
import { flink } from "./engines/flink.ts";
import { node } from "./engines/node.ts";
import { spark } from "./engines/spark.ts";

export const engines: Record<EngineName, Engine> = { node, flink, spark };
