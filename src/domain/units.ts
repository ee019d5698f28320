/** Sizes and spans by name, so that no formula carries a bare number. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** Bytes per second of a link that is sold as so many gigabits. */
export const GBIT_PER_S = 125_000_000;
