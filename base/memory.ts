/** Collects what a run has left: an idle daemon allocates nothing, so V8 would keep it for hours. */
export function giveMemoryBack(): void {
	globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
}
