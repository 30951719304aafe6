import { store } from '../../libs/database/stores/stream.store.js';
export const findings = store;
