/** What a subject imports, as `from "faultline/subject"`: small, for it is loaded whenever one starts. */
export { monotonicMs, pause } from "../../base/clock.ts";
export { postgresConfigs } from "../../base/postgres-config.ts";
export { pick, type Stream, shuffled, stream } from "../../base/random.ts";
export { S3Client } from "../../base/s3-client.ts";
export { type SubjectClock, subjectClock } from "./clock.ts";
export { LatencyCounts, type LatencyEntries } from "./latency-counts.ts";
export { type SubjectPace, subjectPace } from "./pace.ts";
export { connectPostgres } from "./postgres.ts";
export { type Routes, type Served, type ServedRequest, serve } from "./serve.ts";
export { type SubjectSteps, subjectSteps } from "./steps.ts";
export { numberVariable, variable } from "./variables.ts";
