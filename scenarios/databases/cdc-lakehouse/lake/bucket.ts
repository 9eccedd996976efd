/** The bucket of a key: FNV-1a, 32 bits, so that every program finds the same one. */
export function bucketOf(key: string, buckets: number): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
	// Its low bits alone are poor for keys that are numbers.
	hash ^= hash >>> 15;
	return (hash >>> 0) % buckets;
}
