/** Time that stands still until a test advances it. */
export { VirtualClock } from '../../src/wiring/virtual/virtual-clock.ts';
