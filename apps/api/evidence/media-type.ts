const signatures: readonly (readonly [string, Buffer])[] = [
  ['application/pdf', Buffer.from('%PDF-')],
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['application/zip', Buffer.from([0x50, 0x4b, 0x03, 0x04])],
];

/** What a file is, by its first bytes and never by its name. */
export function mediaTypeOf(head: Buffer): string {
  const [known] = signatures.find(([, mark]) => head.subarray(0, mark.length).equals(mark)) ?? [];
  if (known !== undefined) return known;
  return isText(head) ? 'text/plain' : 'application/octet-stream';
}

const isText = (head: Buffer): boolean =>
  !head.includes(0) && !head.toString('utf8').slice(0, -1).includes('\ufffd');

const texts = ['text/plain', 'text/csv', 'application/json'];

/** The type to record: what was said, when the content can be that; nothing when it cannot. */
export function agreedType(said: string | undefined, found: string): string | undefined {
  if (said === undefined || said === 'application/octet-stream' || said === found) return found;
  return texts.includes(said) && found === 'text/plain' ? said : undefined;
}
