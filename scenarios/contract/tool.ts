/** A need for a tool, as `tool` makes it. */
export interface ToolNeed {
	tool: string;
}

/**
 * Names a tool among a scenario's needs: `needs: ["postgres", tool("dbt")]`. It is fetched before the run, and jobs find
 * its programs first on their PATH; what there is, `faultline doctor` lists.
 */
export function tool(id: string): ToolNeed {
	return { tool: id };
}
