/** A service's program on this machine. */
export interface Component {
	version: string;
	/** Where it came from, in words. */
	source: string;
	/** The program itself, or the folder that holds its parts. */
	path: string;
}

export type Survey =
	| { state: "found" | "fetchable"; version: string; source: string }
	| { state: "missing"; tried: string; fix: string };

export type Say = (line: string) => void;
