import Sequencer from '@jest/test-sequencer';

/** Where processes live through years on real servers a short file takes minutes: these begin first, so that none is left alone at the end. */
export default class LongFirst extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => path.includes('/test/workflows/');
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((one) => !isLong(one))];
  }
}
