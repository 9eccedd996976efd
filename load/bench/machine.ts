import { cpus } from "node:os";

/** What committed figures were measured on: "2 × AMD EPYC, Node v24.0.0, linux". */
export const machineText = () =>
	`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${process.platform}`;
