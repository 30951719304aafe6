import { collector } from '../../libs/platform/collector-tracing.js';

export const traced = collector;
