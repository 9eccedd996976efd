/** Who can capture. Adding one is a file in `engines/`, its name here and its line in `engines.ts`. */
export const engineNames = ["node", "debezium"] as const;
export type EngineName = (typeof engineNames)[number];
