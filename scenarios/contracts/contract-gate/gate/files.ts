/** Where the gate writes what it has said, a line each, in the folder that it is started in. */
export const saidFile = "said.ndjson";
