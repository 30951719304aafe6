import { connect } from 'node:net';
export const audit = connect;
