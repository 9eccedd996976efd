/** Whether a file is not there, by what opening it failed with. */
export function isMissing(error: unknown): boolean {
	return (error as NodeJS.ErrnoException | null)?.code === "ENOENT";
}
