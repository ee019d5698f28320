export { type OpenPast, openPast } from '../store/read-history.ts';
