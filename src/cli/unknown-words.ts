/** Of a host or VM about which nothing is decided for now. */
export const unknownWords = (doubt: string): string => (doubt === '' ? 'unknown' : `unknown: ${doubt}`);
