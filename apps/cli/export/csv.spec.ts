import { csvLine } from './csv.js';

test('values are the cells of a line: nothing is empty, what has members is JSON, a quotation mark is doubled', () => {
  expect(csvLine(['fnd_1', 3, true, null, undefined])).toBe('fnd_1,3,true,,\r\n');
  expect(csvLine(['a,b', 'say "no"', 'one\ntwo', { grade: 'major' }, ['x', 'y']])).toBe(
    '"a,b","say ""no""","one\ntwo","{""grade"":""major""}","[""x"",""y""]"\r\n',
  );
});

test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(1)', '\tx', '\rx'])(
  'what a spreadsheet would take for a formula stands behind an apostrophe: %j',
  (text) => {
    expect(
      csvLine([text])
        .replace(/^"/, '')
        .startsWith(`'${text[0] ?? ''}`),
    ).toBe(true);
    expect(csvLine([`a${text}`])).not.toContain("'");
  },
);

test('a number is no formula', () => {
  expect(csvLine([-1, '2029-03-01'])).toBe('-1,2029-03-01\r\n');
});
