/** What can run the processors. Adding one is a file in `engines/`, its name here and its line in `engines.ts`. */
export const engineNames = ["node", "flink", "spark"] as const;
export type EngineName = (typeof engineNames)[number];
