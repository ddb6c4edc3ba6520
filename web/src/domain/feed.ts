// The check sum of the feed: whether the phone holds what it should hold. Pure: the digests are arguments.

/** What is digested for one live entry of the feed. */
export function entryName(kind: string, id: string, rev: number): string {
  return `${kind}:${id}:${rev}`;
}

/** XOR over the first 8 bytes (big endian) of each entry's SHA-256, as 16 hex digits; "0000000000000000" for none. */
export function feedSum(digests: readonly Uint8Array[]): string {
  const sum = new Uint8Array(8);
  for (const digest of digests) for (let at = 0; at < 8; at++) sum[at]! ^= digest[at]!;
  return [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
