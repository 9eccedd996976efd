/** Is it the path of a scenario or suite file, or a name? */
export function isFile(named: string): boolean {
	return named.includes("/") || /\.(scenario|suite)\.[tj]s$/.test(named);
}

export function isSuiteFile(path: string): boolean {
	return /\.suite\.[tj]s$/.test(path);
}
