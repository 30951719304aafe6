import { relay } from '../worker/relay.js';
export const answer = relay;
